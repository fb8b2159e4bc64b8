"""Which films a person calls similar: a table of the nearest films of every film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.content.features import genre_matrix, genre_overlap
from matinee.data import Catalog, Interactions

__all__ = ["FilmSimilarity"]

_NEAREST = 200


@dataclass(frozen=True, eq=False)
class FilmSimilarity:
    """The nearest films of every film, from who watched them and from what is known about them.

    Attributes:
        items: `int32[n_items, k]`, the nearest first; -1 where there are fewer.
        values: `float32[n_items, k]`, similarities above 0, descending; 0 where there are fewer.
    """

    items: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def fit(cls, interactions: Interactions, catalog: Catalog) -> FilmSimilarity:
        """The nearest films by ratings and facts."""
        n, genres = len(catalog), genre_matrix(catalog.genres)
        k = min(_NEAREST, max(n - 1, 1))
        items = np.full((n, k), -1, dtype=np.int32)
        values = np.zeros((n, k), dtype=np.float32)
        for item in range(n):
            overlap = genre_overlap(genres, item)
            overlap[item] = 0
            best = np.argsort(-overlap, kind="stable")[:k]
            best = best[overlap[best] > 0]
            items[item, : len(best)], values[item, : len(best)] = best, overlap[best]
        return cls(items, values)

    def nearest(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Rows of the nearest films, best first, and their similarities."""
        known = self.items[item] >= 0
        return self.items[item][known], self.values[item][known]

    def between(self, item: int, others: NDArray[np.integer]) -> NDArray[np.float32]:
        """Similarities of some films to one, `float32[len(others)]`; 0 for films far from it."""
        rows, values = self.nearest(item)
        order = np.argsort(rows)
        places = np.searchsorted(rows[order], others)
        places = np.minimum(places, max(len(rows) - 1, 0))
        found = np.zeros(len(others), dtype=np.float32)
        if len(rows):
            match = rows[order][places] == others
            found[match] = values[order][places][match]
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As arrays of an artefact."""
        return {"items": self.items, "values": self.values}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> FilmSimilarity | None:
        """From `to_arrays`, without copies; `None` if there are none."""
        return cls(arrays["items"], arrays["values"]) if "items" in arrays else None
