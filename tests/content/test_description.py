"""Films as weighted features, and catalogues with little in them."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.content.description import FIELD_WEIGHTS, field_blocks, film_features
from matinee.data import Catalog, Film

FILMS = Catalog.of(
    [
        Film("1", "Space Terror", 1979, 117, ("Horror",), "R", directors=("Scott",)),
        Film("2", "Space Terror II", 1986, 137, ("Horror",), "R", directors=("Scott",)),
        Film("3", "Wedding Bells", 1994, 95, ("Comedy",), "PG"),
        Film("4", "Unknown"),
    ]
)


def test_similarity_weighs_fields_by_their_squared_weights() -> None:
    films = film_features(FILMS).toarray()
    blocks = field_blocks(FILMS)
    expected = sum(
        (blocks[field] @ blocks[field].T).toarray() * weight**2
        for field, weight in FIELD_WEIGHTS.items()
    )
    np.testing.assert_allclose(films @ films.T, expected + FIELD_WEIGHTS["known"] ** 2, rtol=1e-5)
    assert films.dtype == np.float32


def test_a_sequel_is_the_nearest_film() -> None:
    films = film_features(FILMS)
    similarity = (films @ films.T).toarray()
    assert similarity[0, 1] > similarity[0, 2] > similarity[0, 3]


def test_the_order_of_the_films_does_not_matter() -> None:
    order = [2, 0, 3, 1]
    films, moved = film_features(FILMS), film_features(Catalog.of(FILMS.films(order)))
    similarity = (films @ films.T).toarray()
    np.testing.assert_allclose((moved @ moved.T).toarray(), similarity[np.ix_(order, order)], 1e-5)


def test_known_fields_are_a_feature() -> None:
    known = field_blocks(FILMS)["known"].toarray()
    assert known[0].sum() > known[2].sum() > known[3].sum()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_an_empty_catalogue_has_only_the_constant(n: int) -> None:
    films = film_features(Catalog.of(Film(str(row), "") for row in range(n))).toarray()
    assert films.shape[0] == n
    np.testing.assert_allclose(films.sum(axis=1), FIELD_WEIGHTS["known"])
