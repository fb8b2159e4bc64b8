"""Top lists for many users at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.models import Model
from matinee.pipeline.best import require_positive
from matinee.pipeline.copies import Copies
from matinee.pipeline.discounts import Discounts

__all__ = ["Lists", "top_lists"]

_SCORES = 2**24
"""Scores computed at a time by models without factors: 64 MiB."""
_USERS = 2**16
"""Users at a time of models with factors."""

Lists: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float32]]


def top_lists(
    model: Model,
    histories: Histories,
    n: int,
    copies: Copies | None = None,
    allowed: NDArray[np.bool_] | None = None,
    discounts: Discounts | None = None,
) -> Lists:
    """The `n` best unseen items for every user, of those in `allowed`, `bool[n_items]`.

    With the `copies` and `discounts` of its catalogue, the lists are those of
    `Recommender.recommend`; scores may differ in the last bit. All threads are used; see
    `kernels.threads`.

    Returns:
        `int32[n_users, n]`, rows of the catalogue, best first, ties by row, -1 beyond the end of a
        list; `float32[n_users, n]`, their scores, minus infinity there.

    Raises:
        InputError: `n` is not positive.
    """
    n = require_positive(n)
    n_users, n_items = len(histories), histories.n_items
    items = np.full((n_users, n), -1, dtype=np.int32)
    scores = np.full((n_users, n), -np.inf, dtype=np.float32)
    only = None if allowed is None or allowed.all() else np.flatnonzero(allowed).astype(np.int32)
    if not n_users or (only is not None and not len(only)):
        return items, scores
    factored = model.factors(histories.take(slice(1))) is not None
    block = _USERS if factored else max(1, _SCORES // n_items)
    for start in range(0, n_users, block):
        rows = slice(start, start + block)
        some = histories.take(rows)
        if not copies:
            items[rows], scores[rows] = _lists(model, some, some.ratings, n, only, discounts)
            continue
        # Long enough for n films, however many rows of one film there are.
        k = min(n + copies.surplus, n * copies.most_listed)
        longer = _lists(model, some, copies.with_all(some.ratings), k, only, discounts)
        items[rows], scores[rows] = copies.first_of_each(*longer, n)
    return items, scores


def _lists(
    model: Model,
    histories: Histories,
    seen: sp.csr_array,
    n: int,
    only: NDArray[np.int32] | None,
    discounts: Discounts | None,
) -> Lists:
    """Lists of the items in the rows `only`, which ascend, or of all items if it is `None`."""
    from matinee.kernels.top import top_of_factors, top_of_scores  # noqa: PLC0415  brings numba

    columns = slice(None) if only is None else only
    if only is not None:
        seen = seen[:, only]
        seen.sort_indices()
    factors = model.factors(histories)
    if factors is None:
        scores = np.ascontiguousarray(_scores(model, histories, discounts)[:, columns])
        return _all_rows(top_of_scores(scores, seen.indptr, seen.indices, n), only)
    own, films = factors
    items, scores = top_of_factors(own, films[columns], seen.indptr, seen.indices, n)
    dense = ~own.any(axis=1)  # the prior answers them
    if discounts is not None:
        dense |= discounts.concerned(histories)
    others = np.flatnonzero(dense)
    block = max(1, _SCORES // histories.n_items)
    for start in range(0, len(others), block):
        rows = others[start : start + block]
        of_rows, some = seen[rows], _scores(model, histories.take(rows), discounts)
        some = np.ascontiguousarray(some[:, columns])
        items[rows], scores[rows] = top_of_scores(some, of_rows.indptr, of_rows.indices, n)
    return _all_rows((items, scores), only)


def _scores(model: Model, histories: Histories, discounts: Discounts | None) -> NDArray[np.float32]:
    """Scores less discounts, `float32[n, n_items]`."""
    scores = model.scores(histories)
    losses = None if discounts is None else discounts.of(histories, scores)
    return scores if losses is None else scores + losses


def _all_rows(lists: Lists, only: NDArray[np.int32] | None) -> Lists:
    """Lists whose items are places in `only`, as rows of all items."""
    items, scores = lists
    return (items if only is None else np.where(items < 0, -1, only[items])), scores
