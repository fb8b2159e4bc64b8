"""Lists for a whole audience at once, as a nightly job wants them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.errors import InputError
from matinee.models import Model

__all__ = ["lists_for_all"]

_SCORES_AT_ONCE = 2**24
"""64 MiB of scores, where a model's are no product of factors."""
_VIEWERS_AT_ONCE = 2**16

Lists = tuple[NDArray[np.int32], NDArray[np.float32]]


def lists_for_all(model: Model, histories: Histories, n: int) -> Lists:
    """The `n` best films for every viewer, without those of their history.

    What `Recommender.recommend` answers each of them without constraints, reasons apart, but that
    scores may differ in the last bit. In all threads there may be; see `kernels.threads`.

    Args:
        model: fitted.
        histories: of the users.
        n: length of the lists.

    Returns:
        `int32[n_viewers, n]`, rows of the catalogue, best first and equals by row, -1 beyond the
        end of a list; `float32[n_viewers, n]`, their scores, minus infinity there.

    Raises:
        InputError: `n` is not positive.
    """
    if n < 1:
        raise InputError(f"the number of films must be at least 1, not {n}")
    viewers, n_items = len(histories), histories.n_items
    items = np.full((viewers, n), -1, dtype=np.int32)
    scores = np.full((viewers, n), -np.inf, dtype=np.float32)
    if not viewers:
        return items, scores
    factored = model.factors(histories.take(slice(1))) is not None
    step = _VIEWERS_AT_ONCE if factored else max(1, _SCORES_AT_ONCE // n_items)
    for start in range(0, viewers, step):
        rows = slice(start, start + step)
        items[rows], scores[rows] = _lists(model, histories.take(rows), n)
    return items, scores


def _lists(model: Model, histories: Histories, n: int) -> Lists:
    from matinee.kernels.top import top_of_factors, top_of_scores  # noqa: PLC0415  brings numba

    found = model.factors(histories)
    if found is None:
        return top_of_scores(model.scores(histories), histories.starts, histories.items, n)
    own, films = found
    items, scores = top_of_factors(own, films, histories.starts, histories.items, n)
    strangers = np.flatnonzero(~own.any(axis=1))
    step = max(1, _SCORES_AT_ONCE // histories.n_items)
    for start in range(0, len(strangers), step):
        some = strangers[start : start + step]
        theirs = histories.take(some)
        priors = np.tile(model.arrays["prior"], (len(some), 1))
        items[some], scores[some] = top_of_scores(priors, theirs.starts, theirs.items, n)
    return items, scores
