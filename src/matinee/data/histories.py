"""Histories of many users: ratings with their times, and attributes of the users."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.attributes import Attributes
from matinee.data.checks import (
    rating_values,
    require_csr,
    require_distinct,
    require_within,
    seconds,
)
from matinee.data.interactions import Interactions
from matinee.data.query import Query
from matinee.display import formats
from matinee.errors import InputError

__all__ = ["Histories", "rows_of", "times_matrix"]


@dataclass(frozen=True, eq=False)
class Histories:
    """The input of models: one row per user.

    Attributes:
        ratings: `float32[n, n_items]`, CSR with sorted columns.
        times: `int64[nnz]`, Unix seconds of each rating in storage order, 0 where unknown; `None`
            if all are unknown.
        attributes: one row per user; `None` if all are unknown.

    Raises:
        InputError: ratings that are not such a matrix or not finite numbers, a film twice in a
            row, or times or attributes of another length.
    """

    ratings: sp.csr_array
    times: NDArray[np.int64] | None = None
    attributes: Attributes | None = None

    def __post_init__(self) -> None:
        require_csr(self.ratings, "histories", np.float32)
        _require_ascending(self.items, self.starts)
        rating_values(self.values, "histories")
        if self.times is not None:
            object.__setattr__(self, "times", seconds(self.times, "times of histories"))
            if len(self.times) != len(self.items):
                raise InputError(
                    f"histories have {len(self.times):,} times of {len(self.items):,} ratings"
                )
        if self.attributes is not None and len(self.attributes) != len(self):
            raise InputError(
                f"there are attributes of {len(self.attributes):,} viewers and histories of "
                f"{len(self):,}"
            )

    @classmethod
    def of(cls, query: Query, n_items: int) -> Histories:
        """The history of one query with its dismissals, as a single row.

        A dismissal is a low rating as of the latest one, see `Query.dismissal_value`. The same
        query has the same histories as long as it exists, so that what models compute of them for
        scores serves for reasons too.

        Raises:
            InputError: the query names a film beyond `n_items`, or a film twice.
        """
        histories = _OF_QUERIES.get(query)
        if histories is None or histories.n_items != n_items:
            histories = _OF_QUERIES[query] = cls._of(query, n_items)
        return histories

    @classmethod
    def _of(cls, query: Query, n_items: int) -> Histories:
        rows, ratings_of, times_of = query.items, query.values, query.times
        if len(query.dismissed):
            low, latest = np.float32(query.dismissal_value), times_of.max(initial=0)
            rows = np.concatenate([rows, query.dismissed])
            ratings_of = np.append(ratings_of, np.full(len(query.dismissed), low))
            times_of = np.append(times_of, np.full(len(query.dismissed), latest))
        order = np.argsort(rows, kind="stable")
        values = ratings_of[order].astype(np.float32, copy=False)
        items = rows[order].astype(np.int32, copy=False)
        require_within(items[-1:], n_items, "the history")
        require_distinct(items, "the history")
        starts = np.array([0, len(items)], dtype=np.int32)
        ratings = copy(_no_ratings(n_items))
        ratings.data, ratings.indices, ratings.indptr = values, items, starts
        times = times_of[order] if times_of.any() else None
        attributes = _attributes_of(query.attributes) if query.attributes else None
        return _sound(ratings, times, attributes)

    @classmethod
    def of_interactions(cls, interactions: Interactions) -> Histories:
        """All ratings, without times and attributes; nothing is copied."""
        return _sound(interactions.matrix, None, None)

    @classmethod
    def of_users(cls, interactions: Interactions, users: NDArray[np.integer]) -> Histories:
        """Histories of some users, rows of `interactions.user_ids`, in their order."""
        times = None
        if interactions.times.any():
            mask = np.zeros(interactions.n_users, dtype=np.bool_)
            mask[users] = True
            theirs = interactions.select(mask[interactions.users])  # sorting all would take long
            times = times_matrix(theirs)[users].data
        attributes = interactions.attributes and interactions.attributes.take(users)
        return _sound(interactions.matrix[users], times, attributes)

    def __len__(self) -> int:
        return int(self.ratings.shape[0])

    def __repr__(self) -> str:
        return (
            f"Histories of {formats.count(len(self), 'viewer')}: "
            f"{formats.count(self.ratings.nnz, 'rating')} of "
            f"{formats.count(self.n_items, 'film')}"
        )

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return int(self.ratings.shape[1])

    @property
    def values(self) -> NDArray[np.float32]:
        """`float32[nnz]`, the ratings in storage order."""
        return self.ratings.data

    @property
    def items(self) -> NDArray[np.int32]:
        """`int32[nnz]`, the item of each rating."""
        return self.ratings.indices

    @property
    def starts(self) -> NDArray[np.int32]:
        """`int32[n + 1]`, the first rating of each user."""
        return self.ratings.indptr

    @property
    def lengths(self) -> NDArray[np.integer]:
        """`int[n]`, number of ratings of each user."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """`int64[nnz]`, the row of each rating."""
        return rows_of(self.ratings)

    @property
    def untimed(self) -> Histories:
        """The same ratings without their times, so that none is older than another."""
        return self if self.times is None else self._untimed  # to keep itself is never to be freed

    @cached_property
    def _untimed(self) -> Histories:
        return _sound(self.ratings, None, self.attributes)

    @property
    def known_times(self) -> NDArray[np.int64]:
        """`int64[nnz]`, `times` or zeros."""
        return np.zeros(len(self.items), dtype=np.int64) if self.times is None else self.times

    @cached_property
    def latest(self) -> NDArray[np.int64]:
        """`int64[n]`, the latest known time of each user, or 0."""
        if len(self) == 1:  # which takes a tenth of the time
            return self.known_times.max(keepdims=True, initial=0)
        latest = np.zeros(len(self), dtype=np.int64)
        np.maximum.at(latest, self.rows, self.known_times)
        return latest

    def take(self, rows: NDArray[np.integer] | slice) -> Histories:
        """Some of the users, in the order of `rows`."""
        times = self.times
        if times is not None:
            times = sp.csr_array((times, self.items, self.starts), self.ratings.shape)[rows].data
        attributes = self.attributes and self.attributes.take(rows)
        return _sound(self.ratings[rows], times, attributes)

    def select(self, mask: NDArray[np.bool_]) -> Histories:
        """The same users with the ratings marked in `bool[nnz]`."""
        if mask.all():
            return self
        starts = np.concatenate([[0], np.cumsum(mask)])[self.starts]
        ratings = sp.csr_array((self.values[mask], self.items[mask], starts), self.ratings.shape)
        times = None if self.times is None else self.times[mask]
        return _sound(ratings, times, self.attributes)

    def with_values(self, values: NDArray[np.float32]) -> Histories:
        """The same films and times with other ratings, `float32[nnz]`; nothing else is copied."""
        ratings = copy(self.ratings)  # a new sparse array would check its indices once more
        ratings.data = values
        return _sound(ratings, self.times, self.attributes)

    @classmethod
    def stacked(cls, parts: Sequence[Histories]) -> Histories:
        """Several below one another; times and attributes only where every part has them."""
        ratings = sp.csr_array(sp.vstack([each.ratings for each in parts], format="csr"))
        times = [each.times for each in parts if each.times is not None]
        described = [each.attributes for each in parts if each.attributes is not None]
        attributes = None
        if described and len(described) == len(parts):
            together = sp.vstack([each.matrix for each in described], format="csr")
            attributes = Attributes(described[0].names, sp.csr_array(together))
        return _sound(
            ratings, np.concatenate(times) if len(times) == len(parts) else None, attributes
        )


@lru_cache(maxsize=16)
def _no_ratings(n_items: int) -> sp.csr_array:
    """An empty row, to copy: a new sparse array would check its indices at length."""
    row = sp.csr_array((1, n_items), dtype=np.float32)
    row.has_sorted_indices = True
    return row


@lru_cache(maxsize=1024)
def _attributes_of(words: tuple[str, ...]) -> Attributes:
    """Those of one viewer; many viewers have the same."""
    return Attributes.of_words([words])


_OF_QUERIES: WeakKeyDictionary[Query, Histories] = WeakKeyDictionary()
"""Histories of queries that still exist."""


def _sound(
    ratings: sp.csr_array, times: NDArray[np.int64] | None, attributes: Attributes | None
) -> Histories:
    """Histories made of checked ones, which are not checked again."""
    histories = object.__new__(Histories)
    for name, value in (("ratings", ratings), ("times", times), ("attributes", attributes)):
        object.__setattr__(histories, name, value)
    return histories


def _require_ascending(items: NDArray[np.integer], starts: NDArray[np.integer]) -> None:
    ascends = items[1:] > items[:-1]
    borders = starts[1:-1]
    ascends[borders[(borders > 0) & (borders < len(items))] - 1] = True
    if not ascends.all():
        place = int(np.flatnonzero(~ascends)[0])
        row = int(np.searchsorted(starts, place, side="right")) - 1
        raise InputError(
            f"row {row} of histories has film row {items[place + 1]} after {items[place]}; columns "
            "must ascend and have one rating each (see sum_duplicates of scipy.sparse)"
        )


def times_matrix(interactions: Interactions) -> sp.csr_array:
    """`int64[n_users, n_items]`: Unix seconds, stored (also 0) where `interactions.matrix` is."""
    shape = (interactions.n_users, interactions.n_items)
    times = sp.csr_array((interactions.times, (interactions.users, interactions.items)), shape)
    times.sort_indices()
    return times


def rows_of(matrix: sp.csr_array) -> NDArray[np.int64]:
    """Row of every stored entry of a sparse matrix, `int64[nnz]`."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
