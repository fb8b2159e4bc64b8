"""Films as weighted features, their words, and TF-IDF compared with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from matinee.content.description import (
    FIELD_WEIGHTS,
    field_blocks,
    film_features,
    tfidf,
    words_by_field,
)
from matinee.content.stop_words import STOP_WORDS
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


def test_a_sequel_is_the_nearest_film_in_any_order_of_the_films() -> None:
    order = [2, 0, 3, 1]
    films, moved = film_features(FILMS), film_features(Catalog.of(FILMS.films(order)))
    similarity = (films @ films.T).toarray()
    assert similarity[0, 1] > similarity[0, 2] > similarity[0, 3]
    np.testing.assert_allclose((moved @ moved.T).toarray(), similarity[np.ix_(order, order)], 1e-5)


def test_known_fields_are_a_feature() -> None:
    known = field_blocks(FILMS)["known"].toarray()
    assert known[0].sum() > known[2].sum() > known[3].sum()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_an_empty_catalogue_has_only_the_constant(n: int) -> None:
    films = film_features(Catalog.of(Film(str(row), "") for row in range(n))).toarray()
    assert films.shape[0] == n
    np.testing.assert_allclose(films.sum(axis=1), FIELD_WEIGHTS["known"])


def test_names_are_single_words_and_sentences_are_split() -> None:
    catalog = Catalog.of(
        [
            Film(
                "1",
                "Schindler\u2019s List",
                1993,
                genres=("Drama", "War"),
                languages=("English",),
                countries=("United States",),
                directors=("Steven Spielberg",),
                cast=("Liam Neeson", "Steven Spielberg"),
                keywords=("World War II",),
                overview="A businessman saves 1,100 lives.",
            ),
            Film("2", "X"),
        ]
    )
    fields = words_by_field(catalog)
    assert {field: words[0] for field, words in fields.items()} == {
        "title": ["schindler's", "list"],
        "overview": ["businessman", "saves", "100", "lives"],
        "genres": ["drama", "war"],
        "keywords": ["world war ii"],
        "people": ["steven spielberg", "liam neeson"],
        "decade": ["1980s", "1990s"],
        "origin": ["english", "united states"],
    }
    assert all(words[1] == [] for words in fields.values())


def test_neighbouring_years_share_a_decade() -> None:
    films = Catalog.of(Film(str(year), "", year) for year in (1979, 1980, 1995))
    near, next_to, far = map(set, words_by_field(films)["decade"])
    assert near & next_to
    assert not near & far


DOCUMENTS = [
    ["alien", "ship", "ship", "horror"],
    ["alien", "war", "action"],
    ["the", "ship", "war", "war", "war"],
    [],
    ["nothing", "shared"],
]


def test_cosines_equal_those_of_scikit_learn() -> None:
    expected = TfidfVectorizer(
        analyzer=list, sublinear_tf=True, vocabulary=["alien", "ship", "war"]
    ).fit_transform(DOCUMENTS)
    ours = tfidf(DOCUMENTS)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(
        (ours @ ours.T).toarray(), (expected @ expected.T).toarray(), atol=1e-6
    )


def test_stop_words_are_those_of_scikit_learn() -> None:
    assert STOP_WORDS == ENGLISH_STOP_WORDS


def test_one_cosine_by_hand() -> None:
    # both words are in both lists: idf 1; "ship" is twice in the first: 1 + ln 2
    films = tfidf([["alien", "ship", "ship"], ["alien", "ship"]])
    twice = 1 + np.log(2)
    expected = (1 + twice) / np.sqrt(2 * (1 + twice**2))
    np.testing.assert_allclose((films[[0]] @ films[[1]].T).toarray(), [[expected]], rtol=1e-6)


def test_words_of_one_list_and_stop_words_are_dropped() -> None:
    assert tfidf(DOCUMENTS).shape == (5, 3)
    assert tfidf([["the"], ["the"]]).shape == (2, 0)
    assert tfidf([["one-off"], ["another"]]).shape == (2, 0)
    assert tfidf([[], []]).shape == (2, 0)
