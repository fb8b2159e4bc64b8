"""Ratings and other feedback of many users."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.attributes import Attributes
from matinee.data.outputs import interactions_text
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["Interactions"]


@dataclass(frozen=True, eq=False)
class Interactions:
    """Ratings or other feedback, one row each, in the order of the source.

    Attributes:
        users: `int32[n]`, rows of `user_ids`.
        items: `int32[n]`, rows of `item_ids`.
        values: `float32[n]`, ratings in stars, weights of implicit feedback, or counts.
        times: `int64[n]`, Unix seconds; 0 where unknown.
        user_ids: all users, with or without interactions.
        item_ids: all items, with or without interactions.
        scale: lowest and highest possible rating; of counts 0 and 1, what a viewer says with a
            thumb: a film they saw and did not like counts 0, one that they liked 1.
        attributes: one row per user; `None` if all are unknown.
        counts: whether the values are counts, as of plays, without an upper bound: more than 0 in a
            data set; 0 in a history for a film that was not liked.

    Raises:
        DataError: columns of unequal length or of other types, a row outside its vocabulary, a
            value or an end of the scale that is not finite, a count below 0, or attributes of
            another number of users.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    values: NDArray[np.float32]
    times: NDArray[np.int64]
    user_ids: Vocabulary
    item_ids: Vocabulary
    scale: tuple[float, float] = (1.0, 5.0)
    attributes: Attributes | None = None
    counts: bool = False

    def __post_init__(self) -> None:
        for name, kind in (
            *(("users", np.int32), ("items", np.int32)),
            *(("values", np.float32), ("times", np.int64)),
        ):
            self._require_type(name, kind)
        if not len(self.users) == len(self.items) == len(self.values) == len(self.times):
            raise DataError("the columns of interactions differ in length")
        for name, rows, vocabulary in (
            ("users", self.users, self.user_ids),
            ("items", self.items, self.item_ids),
        ):
            if len(rows) and not 0 <= rows.min() <= rows.max() < len(vocabulary):
                raise DataError(f"{name} has a row outside its {len(vocabulary):,} ids")
        if not np.isfinite(self.values).all():
            raise DataError("a rating is not a finite number")
        if self.counts and len(self.values) and self.values.min() < 0:
            raise DataError(
                f"a count is {self.values.min():g}; a count is more than 0, or 0 in a history for "
                "a film that was not liked"
            )
        if not np.isfinite(self.scale).all():
            low, high = self.scale
            raise DataError(f"the scale {low:g} to {high:g} must have two finite ends, as 1 to 5")
        if self.attributes is not None and len(self.attributes) != len(self.user_ids):
            raise DataError(
                f"there are attributes of {len(self.attributes):,} viewers and "
                f"{len(self.user_ids):,} viewers"
            )

    def _require_type(self, name: str, kind: type[np.generic]) -> None:
        """Brings a column to the type that compiled loops read, where nothing is lost."""
        column = getattr(self, name)
        if column.dtype != kind:
            kinds = "iuf" if name == "values" else "iu"
            if column.size and column.dtype.kind not in kinds:
                raise DataError(f"{name} must be of {np.dtype(kind)}, not {column.dtype}")
            with np.errstate(over="ignore"):  # a rating beyond single precision is not finite
                narrow = column.astype(kind)
            if name != "values" and (narrow != column).any():
                raise DataError(f"{name} has a number beyond {np.dtype(kind)}")
            object.__setattr__(self, name, narrow)

    @classmethod
    def empty(cls, item_ids: Vocabulary) -> Interactions:
        """No interactions over some items: the ratings of a catalogue alone."""
        rows = np.empty(0, dtype=np.int32)
        values, times = rows.astype(np.float32), rows.astype(np.int64)
        return cls(rows, rows, values, times, Vocabulary.of("viewer", []), item_ids)

    def __len__(self) -> int:
        return len(self.users)

    def __repr__(self) -> str:
        return f"Interactions: {interactions_text(self)}"

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value of a history: the scale, and for counts 0 and infinity."""
        return (0.0, float("inf")) if self.counts else self.scale

    @property
    def n_users(self) -> int:
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        return len(self.item_ids)

    def with_scale(
        self,
        scale: tuple[float, float],
        convert: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    ) -> Interactions:
        """Every rating converted to another scale; a matrix that is built lends its structure."""
        other = replace(self, values=convert(self.values), scale=scale)
        if "matrix" in vars(self):
            matrix = copy(self.matrix)  # a new sparse array would check its indices once more
            matrix.data = convert(self.matrix.data)
            vars(other)["matrix"] = matrix
        return other

    @cached_property
    def matrix(self) -> sp.csr_array:
        """`float32[n_users, n_items]`, sparse by row, columns sorted; built once.

        Raises:
            DataError: a user rated an item twice (see `latest`).
        """
        shape = (self.n_users, self.n_items)
        matrix = sp.csr_array((self.values, (self.users, self.items)), shape=shape)
        if matrix.nnz != len(self):
            raise DataError(
                f"{len(self) - matrix.nnz:,} ratings repeat a viewer and a film; "
                "keep the last of each with Interactions.latest()"
            )
        matrix.sort_indices()
        return matrix

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over ids, columns, scale and attributes, as receipts and artefacts name it.

        Columns are hashed in their documented types, so equal content has one hash.
        """
        digest = hashlib.sha256(np.array(self.scale, dtype="<f8").tobytes())
        for vocabulary in (self.user_ids, self.item_ids):
            _feed_texts(digest, vocabulary.ids.tolist())
        for column, kind in (
            *((self.users, "<i4"), (self.items, "<i4")),
            *((self.values, "<f4"), (self.times, "<i8")),
        ):
            _feed(digest, column.astype(kind, copy=False))
        if self.attributes is not None:
            _feed_texts(digest, list(self.attributes.names))
            for part in (self.attributes.matrix.indptr, self.attributes.matrix.indices):
                _feed(digest, part.astype("<i8"))
        if self.counts:  # nothing is fed for ratings, whose hashes are in receipts
            digest.update(b"counts")
        return digest.hexdigest()

    def select(self, rows: NDArray[np.bool_] | NDArray[np.integer] | slice) -> Interactions:
        """Some rows, by mask, position or slice, over the same vocabularies."""
        return replace(
            self,
            users=self.users[rows],
            items=self.items[rows],
            values=self.values[rows],
            times=self.times[rows],
        )

    def over(self, user_ids: Vocabulary, item_ids: Vocabulary) -> Interactions:
        """The same interactions as rows of other vocabularies; attributes are left behind.

        Raises:
            UnknownNameError: a user or item of an interaction is not there.
        """
        users, own_users = np.unique(self.users, return_inverse=True)
        items, own_items = np.unique(self.items, return_inverse=True)
        return replace(
            self,
            users=user_ids.rows(self.user_ids.ids[users].tolist())[own_users],
            items=item_ids.rows(self.item_ids.ids[items].tolist())[own_items],
            user_ids=user_ids,
            item_ids=item_ids,
            attributes=None,
        )

    def latest(self) -> Interactions:
        """The last rating of every user and item, by time and then by row, in the same order.

        Counts of a user and an item add up instead, at the time of the last.
        """
        by_pair = np.lexsort((np.arange(len(self)), self.times, self.items, self.users))
        users, items = self.users[by_pair], self.items[by_pair]
        last = np.ones(len(self), dtype=np.bool_)
        last[:-1] = (users[1:] != users[:-1]) | (items[1:] != items[:-1])
        if last.all():
            return self
        lasts = by_pair[last]
        order = np.argsort(lasts)
        latest = self.select(lasts[order])
        if not self.counts:
            return latest
        firsts = np.flatnonzero(np.append(True, last[:-1]))
        sums = np.add.reduceat(self.values[by_pair], firsts, dtype=np.float64)
        return replace(latest, values=sums[order].astype(np.float32))

    def history(self, user: int) -> Interactions:
        """The rows of one user, oldest first; equal times keep the order of the source."""
        rows = np.flatnonzero(self.users == user)
        return self.select(rows[np.argsort(self.times[rows], kind="stable")])

    def to_frame(self) -> pl.DataFrame:
        """Columns user_id, item_id, rating (count if they are counts), timestamp."""
        return pl.DataFrame(
            {
                "user_id": self.user_ids.ids[self.users],
                "item_id": self.item_ids.ids[self.items],
                "count" if self.counts else "rating": self.values,
                "timestamp": self.times,
            }
        )


def _feed_texts(digest: _Hash, texts: list[str]) -> None:
    """Their number, their lengths and their bytes, so that no two lists are fed alike."""
    encoded = [each.encode("utf-8", "surrogatepass") for each in texts]
    _feed(digest, np.array([len(each) for each in encoded], dtype="<i8"))
    digest.update(b"".join(encoded))


def _feed(digest: _Hash, column: NDArray[np.generic]) -> None:
    """The length comes first, so that no two columns run together."""
    digest.update(len(column).to_bytes(8, "little"))
    digest.update(np.ascontiguousarray(column).tobytes())
