"""How similar some films are to each other, as a symmetric matrix and as a heat map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.display.charts import Chart, heat, label
from matinee.errors import InputError
from matinee.models import Model

__all__ = ["similarity_chart", "similarity_map"]

_MOST = 30
_CELL = 26
"""Pixels per film."""


def similarity_map(model: Model, rows: NDArray[np.integer]) -> NDArray[np.float32]:
    """`float32[m, m]`, symmetric, with 1, its maximum, on the diagonal.

    Models compute similarities on scales of their own, and some in one direction: from a film to
    its neighbours. Every row is divided by the film's similarity to itself, the highest of its row,
    and both directions are averaged.

    Raises:
        InputError: fewer than two films or more than 30, one of them twice, or the model computes
            no similarities.
    """
    if not 2 <= len(rows) <= _MOST:
        raise InputError(f"a map needs 2 to {_MOST} films, not {len(rows):,}")
    if len(np.unique(rows)) < len(rows):
        raise InputError("a film is named twice in the map; name each once")
    similar = model.similar(rows)[:, rows].astype(np.float32)
    own = np.diag(similar)[:, None]
    scaled = np.divide(similar, own, out=np.zeros_like(similar), where=own > 0)
    both = (scaled + scaled.T) / 2
    np.fill_diagonal(both, 1.0)  # also of a film that nobody rated
    return both.astype(np.float32)


def similarity_chart(similar: NDArray[np.float32], labels: Sequence[str], model: str) -> Chart:
    """The matrix as a heat map; `labels` are those of its films."""
    names = [label(each) for each in labels]
    return Chart(
        "similarity",
        f"Similar films by {model}",
        "A film and itself are 1; the similarities of the model are scaled to that, and both "
        "directions are averaged. Colours end at the most similar two films.",
        heat(names, similar.round(3).tolist()),
        height=200 + _CELL * len(names),
    )
