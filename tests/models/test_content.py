"""Content: similarity by description, ridge regression by hand, catalogues with few facts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit, History

from matinee.content.description import field_blocks
from matinee.data import Catalog, Film, Interactions, Query, Vocabulary
from matinee.errors import OptionError
from matinee.models import create

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


def test_a_sequel_is_nearest_and_no_ratings_are_needed(fit: Fit) -> None:
    similar = fit("content", NO_RATINGS, catalog=FILMS).similar(np.array([0, 2, 5]))
    order = np.argsort(-similar, axis=1, kind="stable")
    assert order[:2, :2].tolist() == [[0, 1], [2, 4]]
    np.testing.assert_array_equal(similar[2], np.zeros(6))


def test_a_score_is_a_ridge_regression_of_the_history_on_the_descriptions(
    fit: Fit, history: History
) -> None:
    model = fit("content", NO_RATINGS, {"l2": 0.02, "rating_weight": 0}, FILMS)
    weights = model.config.model_dump()
    blocks = field_blocks(FILMS)
    films = np.hstack([blocks[field].toarray() * weights[field] for field in blocks])
    likes = np.array([1, 0, 0, 1, 0, 0])
    ridge = 0.02 * (6 + 1000) * np.eye(films.shape[1])
    taste = np.linalg.solve(films.T @ films + ridge, films.T @ likes)
    np.testing.assert_allclose(model.score(history([0, 3], [5, 2])), films @ taste, atol=1e-6)


def test_a_dislike_counts_against_similar_films(
    fit: Fit, history: History, contributions: Contributions
) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    query = history([0, 2], [5, 1])
    scores, without = model.score(query), model.score(history([0], [5]))
    assert scores[1] > scores[4]
    assert scores[4] < without[4]
    parts = contributions(model, query, [1, 4])
    assert parts[1, 1] < 0
    np.testing.assert_allclose(parts.sum(axis=1), scores[[1, 4]], rtol=1e-4, atol=1e-6)


def test_a_single_poor_rating_counts_against_its_film(fit: Fit, history: History) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    assert model.score(history([0], [1]))[1] < 0 < model.score(history([0], [4]))[1]


def test_ratings_count_the_same_on_every_scale(
    fit: Fit, history: History, planted: Interactions
) -> None:
    films = Catalog.of(
        Film(str(i), "", genres=("Comedy" if i % 2 else "Drama",)) for i in range(40)
    )
    tenfold = replace(planted, values=planted.values * 10, scale=(10.0, 50.0))
    five, fifty = fit("content", planted, catalog=films), fit("content", tenfold, catalog=films)
    np.testing.assert_allclose(
        five.score(history([0, 1], [5, 2])), fifty.score(history([0, 1], [50, 20])), rtol=1e-4
    )


def test_films_with_popular_features_come_first(fit: Fit, history: History) -> None:
    """Films 4 and 5 are new and match the history equally; comedies have more viewers."""
    films = Catalog.of(
        Film(str(row), "", 1990, genres=(genre,))
        for row, genre in enumerate(["Comedy", "Comedy", "Horror", "Horror", "Comedy", "Horror"])
    )
    watched = [(user, film) for user in range(9) for film in ((0, 1) if user else (0, 1, 2, 3))]
    users, items = np.array(watched, dtype=np.int32).T
    ratings = Interactions(
        users=users,
        items=items,
        values=np.full(len(users), 4, dtype=np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(9)),
        item_ids=films.item_ids,
    )
    both = history([0, 2], [4, 4])
    scores = fit("content", ratings, catalog=films).score(both)
    assert scores[4] > scores[5]
    alone = fit("content", ratings, {"audience": 0}, films).score(both)
    assert alone[4] == pytest.approx(alone[5], rel=1e-5)


def test_no_array_is_an_item_item_matrix(fit: Fit) -> None:
    films = Catalog.of(
        Film(str(row), f"Word{row % 97} word{row % 89}", 1950 + row % 60) for row in range(700)
    )
    model = fit("content", Interactions.empty(films.item_ids), catalog=films)
    assert max(array.size for array in model.arrays.values()) <= 700 * 64


def test_a_history_of_undescribed_films_is_answered_by_the_prior(
    fit: Fit, history: History, contributions: Contributions
) -> None:
    model = fit("content", NO_RATINGS, catalog=FILMS)
    np.testing.assert_array_equal(model.score(history([5])), model.arrays["prior"])
    assert not contributions(model, history([5]), [0]).any()


def test_genres_alone_are_enough(fit: Fit, history: History) -> None:
    films = Catalog.of(
        Film(str(row), f"Number {row}", genres=("Comedy",) if row % 2 else ("Horror",))
        for row in range(6)
    )
    model = fit("content", Interactions.empty(films.item_ids), catalog=films)
    scores = model.score(history([1, 3]))
    assert scores[[1, 3, 5]].min() > scores[[0, 2, 4]].max()


def test_a_catalogue_without_facts_is_accepted(fit: Fit) -> None:
    films = Catalog.of(Film(str(row), "") for row in range(3))
    model = fit("content", Interactions.empty(films.item_ids), catalog=films)
    np.testing.assert_array_equal(model.score(Query()), np.zeros(3))
    np.testing.assert_array_equal(model.similar(np.array([0])), np.zeros((1, 3)))


def test_embeddings_are_a_field_and_the_encoder_is_not_needed_to_answer(
    fit: Fit, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.zeros((6, 64), dtype=np.float32)
    vectors[[0, 3], 5] = 1
    monkeypatch.setattr("matinee.models.content.film_embeddings", lambda *_: vectors)
    plain = fit("content", NO_RATINGS, catalog=FILMS)
    embedded = fit("content", NO_RATINGS, {"embeddings": 1, "encoder": "./encoder"}, FILMS)
    monkeypatch.undo()
    query = history([0], [4])
    assert embedded.score(query)[3] > plain.score(query)[3] + 0.01
    every = np.arange(6)
    np.testing.assert_array_equal(embedded.similar(every), plain.similar(every))


def test_embeddings_without_an_encoder_say_what_to_do(fit: Fit) -> None:
    with pytest.raises(OptionError, match="encoder=FOLDER"):
        fit("content", NO_RATINGS, {"embeddings": 1}, FILMS)
    with pytest.raises(OptionError, match="nowhere is no folder"):
        fit("content", NO_RATINGS, {"embeddings": 1, "encoder": "./nowhere"}, FILMS)


def test_a_comma_in_a_path_is_no_search() -> None:
    with pytest.raises(OptionError, match=r"must be the path of a folder, .*, not 'a,b'"):
        create("content", {"encoder": "a,b"})
    with pytest.raises(OptionError, match="it takes one value, not '1,2'; to search several, use"):
        create("content", {"l2": "1,2"})
