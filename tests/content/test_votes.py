"""Popularity from votes."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.content.votes import popularity_from_votes, votes_prior
from matinee.data import Catalog, Film


def catalog(*votes: int | None) -> Catalog:
    return Catalog.of(Film(str(row), f"Film {row}", votes=each) for row, each in enumerate(votes))


def test_the_prior_is_the_share_of_the_votes_and_zero_where_unknown() -> None:
    assert votes_prior(catalog(300, None, 100)).tolist() == [0.75, 0.0, 0.25]
    assert votes_prior(catalog(None, None)).tolist() == [0.0, 0.0]
    assert votes_prior(catalog(1)).dtype == np.float32


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
