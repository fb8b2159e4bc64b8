"""Popularity, quality and traits of films, from which viewers are generated."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.content.features import genre_matrix
from matinee.data import Catalog
from matinee.experiments.audience.config import AudienceConfig

__all__ = ["World"]

_SCHOOLS = 8
_ERAS = np.array([1935, 1955, 1970, 1985, 1995, 2005, 2015, 2025])

# weights of genres, eras, schools and fame in a taste; their squares add up to about one
_GENRE, _ERA, _SCHOOL, _FAME = 0.6, 0.35, 0.65, 0.3


@dataclass(frozen=True, eq=False)
class World:
    """Films ordered by niche, so that a niche is a range of positions.

    A niche is a genre and a school. Schools stand for facts that no catalogue has (a tone, a
    following), so that only a comparison of viewers reveals them.

    Attributes:
        rows: `int32[n_items]`, row in the catalogue of every position.
        niche_bounds: `int64[n_niches + 1]`, positions of every niche.
        masses: `float64[n_niches]`, popularity of each niche.
        shares: `float64[n_items]`, popularity cumulated within the niche, up to 1.
        traits: `float32[n_items, n_traits]`; their product with a taste is the expected liking.
        niche_traits: `float32[n_niches, n_traits]`, means weighted by popularity.
        quality: `float32[n_items]`, liking that all viewers share; mean 0, rises with fame.
        opens: start of the period in Unix seconds, after the release of every film and in 1971
            at the earliest, since 0 means unknown.
    """

    rows: NDArray[np.int32]
    niche_bounds: NDArray[np.int64]
    masses: NDArray[np.float64]
    shares: NDArray[np.float64]
    traits: NDArray[np.float32]
    niche_traits: NDArray[np.float32]
    quality: NDArray[np.float32]
    opens: int

    @classmethod
    def of(cls, catalog: Catalog, config: AudienceConfig, rng: np.random.Generator) -> World:
        """A world with the catalogue's genres and years; the rest is random."""
        n = len(catalog)
        fame = rng.normal(size=n)
        quality = 0.45 * fame + np.sqrt(1 - 0.45**2) * rng.normal(size=n)
        schools = rng.integers(_SCHOOLS, size=n)
        first_genres, genres = _genres(catalog)
        niche_of = first_genres * _SCHOOLS + schools
        rows = np.argsort(niche_of, kind="stable")
        _, starts = np.unique(niche_of[rows], return_index=True)
        popularity = np.exp(config.popularity * fame)[rows]
        traits = np.hstack(
            [
                _GENRE * genres,
                _ERA * _eras(catalog.years),
                _SCHOOL * np.eye(_SCHOOLS)[schools],
                _FAME * fame[:, np.newaxis],
            ]
        )[rows]
        masses = np.add.reduceat(popularity, starts)
        means = np.add.reduceat(traits * popularity[:, np.newaxis], starts)
        bounds = np.append(starts, n).astype(np.int64)
        return cls(
            rows=rows.astype(np.int32),
            niche_bounds=bounds,
            masses=masses,
            shares=_cumulated_within(popularity, bounds, masses),
            traits=np.ascontiguousarray(traits, dtype=np.float32),
            niche_traits=(means / masses[:, np.newaxis]).astype(np.float32),
            quality=(0.5 * quality[rows]).astype(np.float32),
            opens=_opening(catalog.years),
        )


def _genres(catalog: Catalog) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """First genre of every film, and genre rows of unit length; "" is a genre as well."""
    matrix = genre_matrix(genres or ("",) for genres in catalog.genres)
    dense = matrix.toarray().astype(np.float64)
    first = matrix.indices[matrix.indptr[:-1]].astype(np.int64)
    return first, dense / np.linalg.norm(dense, axis=1, keepdims=True)


def _eras(years: NDArray[np.int16]) -> NDArray[np.float64]:
    """Closeness of a year to each era, rows of unit length; zeros for an unknown year."""
    near = np.exp(-0.5 * ((years[:, np.newaxis].astype(np.float64) - _ERAS) / 8) ** 2) + 1e-9
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    return np.where(years[:, np.newaxis] > 0, near, 0.0)


def _cumulated_within(
    popularity: NDArray[np.float64], bounds: NDArray[np.int64], masses: NDArray[np.float64]
) -> NDArray[np.float64]:
    shares = np.empty(len(popularity))
    for niche, (start, end) in enumerate(itertools.pairwise(bounds)):
        shares[start:end] = np.cumsum(popularity[start:end]) / masses[niche]
    shares[bounds[1:] - 1] = 1.0
    return shares


def _opening(years: NDArray[np.int16]) -> int:
    newest = int(years.max()) if years.any() else 1999
    first_day = np.datetime64(f"{max(newest, 1970) + 1}-01-01T00:00:00", "s")
    return int(first_day.astype(np.int64))
