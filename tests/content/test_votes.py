"""Popularity from votes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.content.votes import popularity_from_votes
from matinee.data import Catalog, Film, Interactions
from matinee.models import create


def catalog(*votes: int | None) -> Catalog:
    return Catalog.of(Film(str(row), f"Film {row}", votes=each) for row, each in enumerate(votes))


def test_an_unrated_film_is_as_popular_as_rated_films_with_as_many_votes() -> None:
    votes = [10 * 2**row for row in range(20)]
    films = catalog(*votes, 10 * 2**7, None, 2_000_000_000)
    rated = 3.0 * np.sqrt(np.array(votes))  # the line in logarithms has a slope of one half
    popularity = np.array([*rated, 0, 0, 0], dtype=np.float32)
    estimated = popularity_from_votes(popularity, films)
    assert estimated[:20].tolist() == popularity[:20].tolist()
    assert estimated[20] == pytest.approx(rated[7], rel=1e-5)
    assert estimated[21] == 0
    assert estimated[22] == popularity.max()
    assert popularity[20] == 0  # the argument is left alone


def test_too_few_rated_films_estimate_nothing() -> None:
    popularity = np.array([5.0, 0.0], dtype=np.float32)
    assert popularity_from_votes(popularity, catalog(100, 100)).tolist() == [5.0, 0.0]


def test_votes_that_run_against_the_ratings_do_not_count() -> None:
    films = catalog(*range(1, 31), 1, 30)
    popularity = np.array([*range(30, 0, -1), 0, 0], dtype=np.float32)
    estimated = popularity_from_votes(popularity, films)
    assert estimated[30] == estimated[31] > 0


def test_a_new_viewer_sees_an_unrated_film_among_films_with_as_many_votes(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    """The last film of the planted catalogue loses its ratings and has many votes."""
    films = planted_catalog.films(np.arange(len(planted_catalog)))
    known = Catalog.of(replace(film, votes=10 * (row + 1)) for row, film in enumerate(films))
    ratings = planted.select(planted.items != 39)
    rng = np.random.default_rng(0)
    with_votes = create("ease").fit(ratings, known, rng=rng).arrays["prior"]
    without = create("ease").fit(ratings, planted_catalog, rng=rng).arrays["prior"]
    assert without[39] == 0
    assert with_votes[39] > 0
    assert with_votes[:39].tolist() == without[:39].tolist()
