"""Films that a catalogue lists under several ids: seen together, and listed once."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog

__all__ = ["Copies"]


class Copies:
    """The rows of a catalogue that share their film with another row (see `Catalog.first_rows`).

    Attributes:
        most_listed: the largest number of rows of one film; 1 if every film stands once.
        surplus: number of rows behind the first of their film.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._first = catalog.first_rows
        listed = np.bincount(self._first, minlength=len(catalog))
        self._rows = np.flatnonzero(listed[self._first] > 1)
        self._films = self._first[self._rows]
        self.most_listed = int(listed.max(initial=1))
        self.surplus = len(self._rows) - len(np.unique(self._films))

    def __bool__(self) -> bool:
        """Whether any film is listed twice."""
        return len(self._rows) > 0

    def of(self, rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """All rows of those films among `rows` that have several."""
        return self._rows[np.isin(self._films, self._first[rows])]

    def worse(
        self, scores: NDArray[np.float32], meets: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """All rows of each film but one: one that `meets` constraints, else of the highest score.

        Of equal rows the first is the one that stays.
        """
        fails = np.zeros(len(scores), dtype=np.bool_) if meets is None else ~meets
        order = np.lexsort((-scores[self._rows], fails[self._rows], self._films))
        films = self._films[order]
        return self._rows[order[1:][films[1:] == films[:-1]]]

    def with_all(self, seen: sp.csr_array) -> sp.csr_array:
        """A matrix of users and items that also stores the other rows of every stored film.

        Its values mean nothing; its columns are sorted.
        """
        stored = sp.csr_array((np.ones(seen.nnz, np.int32), seen.indices, seen.indptr), seen.shape)
        films, film = np.unique(self._films, return_inverse=True)
        places = np.arange(len(self._rows) + 1)
        of_film = sp.csr_array(
            (np.ones(len(film), np.int32), film, places), (len(film), len(films))
        )
        same = of_film @ of_film.T
        users, places = (stored[:, self._rows] @ same).nonzero()
        others = (np.ones(len(users), np.int32), (users, self._rows[places]))
        together = sp.csr_array(stored + sp.csr_array(others, shape=seen.shape))
        together.sort_indices()
        return together

    def first_of_each(
        self, items: NDArray[np.int32], scores: NDArray[np.float32], n: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Lists of `n` from longer ones, `[n_users, k]`, best first: of each film its first row."""
        films = np.where(items < 0, -1, self._first[items])
        order = np.argsort(films, axis=1, kind="stable")
        ordered = np.take_along_axis(films, order, axis=1)
        repeats = np.zeros(items.shape, dtype=np.bool_)
        np.put_along_axis(repeats, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
        repeats |= items < 0  # behind the end of one of several lists
        places = np.argsort(repeats, axis=1, kind="stable")[:, :n]
        gone = np.take_along_axis(repeats, places, axis=1)
        return (
            np.where(gone, -1, np.take_along_axis(items, places, axis=1)).astype(np.int32),
            np.where(gone, -np.inf, np.take_along_axis(scores, places, axis=1)).astype(np.float32),
        )
