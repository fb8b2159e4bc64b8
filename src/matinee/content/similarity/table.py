"""The nearest films of every film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.content.similarity.audience import Audience
from matinee.content.similarity.facts import Facts
from matinee.data import Catalog, Interactions

__all__ = ["FilmSimilarity"]

_NEAREST = (200, 1000)
"""Nearest films that are kept of each film, at least and at most ..."""
_PAIRS = 4_000_000
"""... and of all films together, unless that is less than the least."""
_LEAST_AUDIENCE = 0.03
"""Similarity of two audiences from which it counts as something in common."""
_BLOCK = 1 << 21
"""Pairs of films compared at once; a pair takes some 30 bytes on ml-latest-small."""
_OBSCURITY_LOSS = 0.25
"""Share of the similarity to a film that it loses if nobody has watched the film."""
_ERA_LOSS, _ERA = 0.25, 20
"""Share it loses if the films are many decades apart, and the width of the window in years."""


@dataclass(frozen=True, eq=False)
class FilmSimilarity:
    """The nearest films of every film, from who watched them and from what is known about them.

    Cosines of audience, genres, directors, cast, keywords and plot are added up with weights, and
    divided by the sum of the first film with itself: what is unknown of it does not count, and
    what is unknown of the other film is no similarity. Films of another era and films of few
    viewers lose a quarter at most. Films without a common genre, person, keyword, audience or
    similar plot are left out (docs/decisions/0041).

    Attributes:
        items: `int32[n_items, k]`, the nearest first; -1 where there are fewer.
        values: `float16[n_items, k]`, similarities above 0, at most 1, descending; 0 where there
            are fewer.
        together: `bool[n_items, k]`, whether the same people watched both.
    """

    items: NDArray[np.int32]
    values: NDArray[np.float16]
    together: NDArray[np.bool_]

    @classmethod
    def fit(
        cls,
        interactions: Interactions,
        catalog: Catalog,
        sentences: NDArray[np.float32] | None = None,
    ) -> FilmSimilarity:
        """Compares all films, block by block: memory grows with films times nearest films.

        Args:
            interactions: each user and item once (`latest`); without any, facts alone count.
            catalog: the films, in the rows of the interactions.
            sentences: of their plots, see `plot_sentences`; without them words alone count.
        """
        n = len(catalog)
        k = max(1, min(n - 1, max(_NEAREST[0], min(_NEAREST[1], _PAIRS // max(n, 1)))))
        audience, facts = Audience.of(interactions, catalog.years), Facts.of(catalog, sentences)
        known = facts.known + audience.certainty
        scale = np.divide(1, known, out=np.zeros(n), where=known > 0).astype(np.float32)
        prominence = _prominence(audience.certainty)
        years = catalog.years.astype(np.int32)
        items = np.full((n, k), -1, dtype=np.int32)
        values = np.zeros((n, k), dtype=np.float16)
        together = np.zeros((n, k), dtype=np.bool_)
        size = max(1, _BLOCK // max(n, 1))
        for start in range(0, n, size):
            rows = slice(start, min(start + size, n))
            watched = audience.similarity(rows)
            similar, common = facts.similarity(rows)
            similar += watched
            similar *= scale[rows, None] * prominence
            similar *= _same_era(years, rows)
            similar[~(common | (watched > _LEAST_AUDIENCE))] = 0
            own = np.arange(rows.start, rows.stop)
            similar[own - start, own] = 0
            items[rows], values[rows] = _nearest(similar, k)
            places = np.maximum(items[rows], 0)
            together[rows] = np.take_along_axis(watched, places, axis=1) > _LEAST_AUDIENCE
        return cls(items, values, together)

    def nearest(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Rows of the nearest films, best first, and their similarities."""
        n = int(np.count_nonzero(self.items[item] >= 0))
        return self.items[item, :n], self.values[item, :n].astype(np.float32)

    def watched_together(self, item: int, others: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which of some films the same people watched as this one, `bool[len(others)]`."""
        found = np.zeros(len(others), dtype=np.bool_)
        match, places = self._places(item, others)
        found[match] = self.together[item, places]
        return found

    def _places(
        self, item: int, others: NDArray[np.integer]
    ) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Which of the others are among the nearest films, and the places of these."""
        rows = self.items[item]
        order = np.argsort(rows, kind="stable")
        places = order[np.minimum(np.searchsorted(rows, others, sorter=order), len(rows) - 1)]
        match = (rows[places] == others) & (rows[places] >= 0)
        return match, places[match]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As arrays of an artefact."""
        return {"items": self.items, "values": self.values, "together": self.together}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> FilmSimilarity | None:
        """From `to_arrays`, without copies; `None` if an array is missing."""
        if not {"items", "values", "together"} <= arrays.keys():
            return None
        return cls(arrays["items"], arrays["values"], arrays["together"])


def _prominence(certainty: NDArray[np.float64]) -> NDArray[np.float32]:
    """Factors of films by what their viewers tell, `float32[n_items]`; 1 if nobody watched any."""
    if not certainty.any():
        return np.ones(len(certainty), dtype=np.float32)
    return (1 - _OBSCURITY_LOSS * (1 - certainty)).astype(np.float32)


def _same_era(years: NDArray[np.int32], items: slice) -> NDArray[np.float32]:
    """Factors of all films by the years between them and some films, `float32[m, n_items]`.

    1 for the same year, and for films of unknown year; the least for others of unknown year.
    """
    known = years[years > 0]
    span = int(known.max() - known.min()) if len(known) else 0
    near = np.exp(-0.5 * (np.arange(span + 2) / _ERA) ** 2)
    near[-1] = 0  # unknown
    distance = np.abs(years[items, None] - years)
    distance[:, years <= 0] = span + 1
    distance[years[items] <= 0] = 0
    factors: NDArray[np.float32] = (1 - _ERA_LOSS * (1 - near)).astype(np.float32)[distance]
    return factors


def _nearest(similar: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
    """The `k` largest numbers above 0 of each row, ties by column, and their columns."""
    if k < similar.shape[1]:
        columns = np.sort(np.argpartition(-similar, k - 1, axis=1)[:, :k], axis=1)
    else:
        columns = np.broadcast_to(np.arange(similar.shape[1]), similar.shape)
    values = np.take_along_axis(similar, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    columns = np.take_along_axis(columns, order, axis=1)
    values = np.minimum(np.take_along_axis(values, order, axis=1), 1).astype(np.float16)
    return np.where(values > 0, columns, -1).astype(np.int32), np.maximum(values, 0)
