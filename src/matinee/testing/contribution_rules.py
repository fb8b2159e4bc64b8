"""The rule of the contract of models about contributions: they sum to the score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, Query
from matinee.models import DislikesConfig, Model
from matinee.testing.planted import N_FILMS
from matinee.testing.subject import (
    ContractError,
    NotApplicableError,
    Subject,
    require,
    require_close,
    require_scores,
)

__all__ = ["contributions_add_up"]


def contributions_add_up(subject: Subject) -> None:
    """Contributions of a history sum to the score of each item, less what it has for everybody."""
    _require_sums(subject)
    _require_common_of_dislikes(subject)


def _require_sums(subject: Subject) -> None:
    model, items = subject.model, np.arange(N_FILMS)
    for row in (0, 1, 5):
        history = subject.histories.take(slice(row, row + 1))
        parts = model.contributions(history, items)
        if parts is None:
            raise NotApplicableError("has no contributions")
        require_scores(parts, (N_FILMS, len(history.items)), "contributions(history, items)")
        scores = model.scores(history)[0]
        explained = parts.any(axis=1)
        rest = scores - parts.sum(axis=1)
        if subject.kind.common_part:
            _require_common(model, history)
        else:
            require_close(
                rest[explained] + scores[explained],
                scores[explained],
                "contributions do not sum to the score",
            )
        some = model.contributions(history, items[[7, 2]])
        require(some is not None, "contributions are None for some items only")
        require_close(some, parts[[7, 2]], "contributions depend on the other items")
    empty = model.contributions(Histories.of(Query(), N_FILMS), items)
    require(empty is not None and empty.shape == (N_FILMS, 0), "an empty history needs [m, 0]")


def _require_common_of_dislikes(subject: Subject) -> None:
    """Of dislikes alone, a score is contributions and a part that does not depend on the films."""
    if not issubclass(subject.kind.Config, DislikesConfig) and not subject.kind.common_part:
        return
    if "like_from" not in subject.kind.Config.model_fields:
        return
    model = subject.fit(like_from=3.5)
    disliked = Query(items=np.array([2, 5, 7], dtype=np.int32), values=np.ones(3, dtype=np.float32))
    _require_common(model, Histories.of(disliked, N_FILMS))


def _require_common(model: Model, history: Histories) -> None:
    """The part of a score beside the contributions does not depend on which films were rated."""
    films = np.setdiff1d(np.arange(N_FILMS), history.items)[: len(history.items)]
    if len(films) < len(history.items):
        return
    others = sp.csr_array(
        (history.values, films.astype(np.int32), history.starts), shape=(1, N_FILMS)
    )
    require_close(
        _rest(model, replace(history, ratings=others)),
        _rest(model, history),
        "what contributions leave of the score depends on the films of the history",
    )


def _rest(model: Model, history: Histories) -> NDArray[np.float32]:
    """What contributions leave of the scores of all films, less its mean, `float32[N_FILMS]`."""
    parts = model.contributions(history, np.arange(N_FILMS))
    if parts is None:
        raise ContractError("contributions are None for some histories only")
    rest = model.scores(history)[0] - parts.sum(axis=1)
    return rest - rest.mean()
