"""Oddities in a model's answers, which are no errors but matter to a reader of the results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import rows_of
from matinee.data.splits import Split
from matinee.experiments.measuring.scoring import checked_scores
from matinee.models import Model

__all__ = ["oddities", "suspicion"]

Mask = NDArray[np.bool_]

_MOST_VIEWERS = 256
"""Evenly spaced viewers, enough to find what concerns many."""
_TOO_GOOD = 0.95
_FEWEST_FOR_SUSPICION = 20
_SHORTEST_HISTORY = 3
"""One or two seen films can come first by chance."""


def oddities(model: Model, split: Split) -> tuple[str, ...]:
    """Sentences about odd scores of a ranking model, which scores some viewers twice.

    Scores can differ between calls or depend on the row of a viewer, all scores can be equal, and
    all films of the history can come first, which gains nothing since they are not ranked.
    """
    n = len(split.users)
    rows = np.unique(np.linspace(0, n - 1, min(n, _MOST_VIEWERS)).astype(np.int64))
    some = split.take(rows)
    once = np.array(checked_scores(model, some.histories, some.seen))
    reverse = some.take(np.arange(len(rows))[::-1])
    again = checked_scores(model, reverse.histories, reverse.seen)[::-1]
    notes = []
    changed = np.any(~np.isclose(once, again, rtol=1e-4, atol=1e-6), axis=1)
    if changed.any():
        notes.append(
            f"scores of a second call in another order differ: {_of(changed)}; the result cannot "
            "be repeated"
        )
    lowest, highest = _extremes(once, some.unranked())
    equal = (highest == lowest) & (some.n_ranked > 1)
    if equal.any():
        notes.append(f"all scores equal: {_of(equal)}; ties count against the model")
    seen_first = _seen_first(once, some)
    if 2 * seen_first.sum() > len(rows):
        notes.append(
            f"scores every seen film above all others: {_of(seen_first)}; seen films are never "
            "ranked, so nothing is gained"
        )
    return tuple(notes)


def suspicion(means: Mapping[str, float], label: str, viewers: int) -> tuple[str, ...]:
    """A sentence about a mean of the deciding metric that no knowledge of tastes allows.

    The ranking of a handful of viewers can be perfect by chance and is no reason for suspicion.
    """
    if viewers < _FEWEST_FOR_SUSPICION or not means[label] >= _TOO_GOOD:
        return ()
    value = f"{label} = {means[label]:.3f}"
    return (f"suspiciously perfect: {value}; look for the test's ratings in training, or --audit",)


def _extremes(
    scores: NDArray[np.float32], left_out: sp.csr_array
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest score of each viewer's films without those in `left_out`."""
    others = scores.copy()
    at = rows_of(left_out), left_out.indices
    others[at] = np.inf
    lowest: NDArray[np.float32] = others.min(axis=1)
    others[at] = -np.inf
    highest: NDArray[np.float32] = others.max(axis=1)
    return lowest, highest


def _seen_first(scores: NDArray[np.float32], split: Split) -> Mask:
    """`bool[n]`: viewers whose history comes before all other films."""
    histories = split.histories
    lowest = np.full(len(scores), np.inf, dtype=np.float32)
    np.minimum.at(lowest, histories.rows, scores[histories.rows, histories.items])
    long = histories.lengths >= _SHORTEST_HISTORY
    return long & (lowest > _extremes(scores, split.seen)[1])


def _of(viewers: Mask) -> str:
    return f"{np.count_nonzero(viewers):,} of {len(viewers):,} viewers in a sample"
