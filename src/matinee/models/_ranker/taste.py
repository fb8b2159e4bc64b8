"""A viewer's taste for facts of films: genres, old or new, well or lesser known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import genre_matrix
from matinee.data import Catalog
from matinee.models._ranker.film_signals import FilmSignals

__all__ = ["TASTES", "TASTE_DAMPING", "FilmFacts", "film_facts", "genre_facts", "profiles"]

TASTES = ("genres", "age", "popularity")
TASTE_DAMPING = 5.0
"""Ratings without a taste, added to each history."""


@dataclass(frozen=True, eq=False)
class FilmFacts:
    """Facts of films, as deviations from those of the average rating.

    Attributes:
        values: `float32[n_items, d]`.
        kinds: `int64[d]`, the row of `TASTES` that each column belongs to.
    """

    values: NDArray[np.float32]
    kinds: NDArray[np.int64]

    def scores(self, weights: sp.csr_array) -> Iterator[NDArray[np.float32]]:
        """`float32[n, n_items]` for each of `TASTES`, by weights of the films in `n` histories."""
        own = profiles(weights, self.values)
        for kind in range(len(TASTES)):
            columns = self.kinds == kind
            yield own[:, columns] @ self.values[:, columns].T


def profiles(weights: sp.csr_array, facts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Damped weighted mean of the facts in each history, `float32[n, d]`.

    `weights`, `float32[n, n_items]`, are those of the ratings; a dislike has a negative one.
    """
    sizes = abs(weights).sum(axis=1) + np.float32(TASTE_DAMPING)
    means: NDArray[np.float32] = (weights @ facts) / sizes[:, None]
    return means


def genre_facts(catalog: Catalog) -> NDArray[np.float32]:
    """The genres of every film, `float32[n_items, n_genres]`; rows have a length of 1, or 0."""
    genres: NDArray[np.float32] = genre_matrix(catalog.genres).toarray()
    genres /= np.maximum(np.sqrt(genres.sum(axis=1, keepdims=True)), 1)
    return genres


def film_facts(signals: FilmSignals, genres: NDArray[np.float32]) -> FilmFacts:
    """The facts of every film at one instant; `genres` are those of `genre_facts`."""
    single = [signals.column("age"), signals.column("popularity 3650d")]
    values = np.column_stack([genres, *single]).astype(np.float32)
    kinds = np.array([0] * genres.shape[1] + [1, 2])
    shares = signals.counts / max(signals.counts.sum(), 1)
    values -= (shares @ values).astype(np.float32)
    for kind in range(len(TASTES)):
        own = kinds == kind
        spread = np.sqrt(shares @ (values[:, own] ** 2).sum(axis=1)) if own.any() else 0.0
        values[:, own] /= np.float32(max(spread, 1e-6))
    return FilmFacts(values, kinds)
