"""Content: likeness by description, profiles from ratings, catalogues that hold little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.content.fields import words_by_field
from matinee.content.tfidf import weighted_fields
from matinee.data import Catalog, Film, Interactions, Query
from matinee.errors import InputError
from matinee.models import Model

FILMS = Catalog.of(
    [
        Film("1", "Space Terror", 1979, genres=("Horror", "Sci-Fi"), keywords=("alien", "ship")),
        Film("2", "Space Terror II", 1986, genres=("Action", "Sci-Fi"), keywords=("alien", "war")),
        Film(
            "3", "Wedding Bells", 1994, genres=("Comedy", "Romance"), keywords=("wedding", "ship")
        ),
        Film("4", "Trenches", 1957, genres=("Drama",), keywords=("war",)),
        Film("5", "Second Wedding", 1997, genres=("Comedy", "Romance"), keywords=("wedding",)),
        Film("6", "Unknown"),
    ]
)
NO_RATINGS = Interactions.empty(FILMS.item_ids)


def test_a_sequel_is_nearest_and_no_ratings_are_needed(fit: Callable[..., Model]) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    assert np.argsort(-model.similar(0), kind="stable")[:2].tolist() == [0, 1]
    assert np.argsort(-model.similar(2), kind="stable")[:2].tolist() == [2, 4]
    np.testing.assert_array_equal(model.similar(5), np.zeros(6))


def test_a_score_is_the_cosine_with_the_sum_of_a_history_of_equal_ratings(
    fit: Callable[..., Model], history: Callable[..., Query]
) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    films = weighted_fields(words_by_field(FILMS), model.config.model_dump()).toarray()
    profile = films[0] + films[3]
    expected = films @ profile / np.linalg.norm(profile)
    np.testing.assert_allclose(model.score(history([0, 3], [2, 2])), expected, atol=1e-6)


def test_a_disliked_film_counts_against_its_like(
    fit: Callable[..., Model], history: Callable[..., Query]
) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    scores = model.score(history([0, 2], [5, 1]))
    assert scores[1] > 0 > scores[4]
    parts = model.contributions(history([0, 2], [5, 1]), 4)
    assert parts is not None
    assert parts[1] < 0


def test_a_history_of_undescribed_films_is_answered_by_the_prior(
    fit: Callable[..., Model], history: Callable[..., Query]
) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    np.testing.assert_array_equal(model.score(history([5])), model.arrays["prior"])
    assert model.contributions(history([5]), 0) is None


def test_genres_alone_are_enough(fit: Callable[..., Model], history: Callable[..., Query]) -> None:
    films = Catalog.of(
        Film(str(row), f"Number {row}", genres=("Comedy",) if row % 2 else ("Horror",))
        for row in range(6)
    )
    model = fit("content", Interactions.empty(films.item_ids), catalog=films)
    scores = model.score(history([1, 3]))
    assert scores[[1, 3, 5]].min() > scores[[0, 2, 4]].max()


def test_a_catalogue_that_says_nothing_is_no_error(fit: Callable[..., Model]) -> None:
    films = Catalog.of(Film(str(row), "") for row in range(3))
    model = fit("content", Interactions.empty(films.item_ids), catalog=films)
    np.testing.assert_array_equal(model.score(Query()), np.zeros(3))
    np.testing.assert_array_equal(model.similar(0), np.zeros(3))


def test_ratings_over_other_films_than_the_catalogues_are_refused(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    with pytest.raises(InputError, match="6 films and the ratings are of 40"):
        fit("content", planted, catalog=FILMS)
