"""Facts of films as ones and zeros, compared with scikit-learn and by hand; genre overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer

from matinee.content.features import FIELDS, encode, multi_hot
from matinee.data import Catalog, Film
from matinee.errors import UnknownNameError

FILMS = (
    Film(
        *("1", "One", 1979, 79, ("Drama", "War"), "PG"),
        directors=("Ann",),
        cast=("Bob", "Ann"),
        keywords=("ship",),
    ),
    Film("2", "Two", 1980, 100, ("War",), "NC-17", cast=("Bob",), keywords=("ship", "storm")),
    Film("3", "Three", 1989, 150, ("Comedy",), "Unrated", directors=("Cid",)),
    Film("4", "Four"),
)


@pytest.mark.parametrize(
    ("field", "rows"),
    [
        ("genres", [[0, 1, 1], [0, 0, 1], [1, 0, 0], [0, 0, 0]]),
        ("people", [[1], [1], [0], [0]]),
        ("keywords", [[1], [1], [0], [0]]),
        ("decade", [[1, 0], [0, 1], [0, 1], [0, 0]]),
        ("runtime", [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]),
        ("certificate", [[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]),
    ],
)
def test_every_field_by_hand(field: str, rows: list[list[int]]) -> None:
    assert encode(Catalog.of(FILMS), (field,)).toarray().tolist() == rows


def test_people_are_directors_and_cast_of_two_films(planted_catalog: Catalog) -> None:
    both = zip(planted_catalog.directors, planted_catalog.cast, strict=True)
    people = MultiLabelBinarizer().fit_transform([(*some, *more) for some, more in both])
    expected = people[:, people.sum(axis=0) > 1]
    matrix = encode(planted_catalog, ("people",))
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix.toarray(), expected)


@given(st.permutations(range(4)))
def test_permuting_the_films_permutes_the_rows(order: list[int]) -> None:
    matrix = encode(Catalog.of(FILMS), FIELDS).toarray()
    permuted = encode(Catalog.of(FILMS[each] for each in order), FIELDS).toarray()
    np.testing.assert_array_equal(permuted, matrix[order])


def test_no_films_and_no_fields_keep_their_shapes() -> None:
    assert encode(Catalog.of([]), FIELDS).shape == (0, 10)
    assert encode(Catalog.of(FILMS), ()).shape == (4, 0)


def test_an_unknown_field_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'genres'"):
        encode(Catalog.of(FILMS), ("genre",))


LISTS = st.lists(st.lists(st.sampled_from(["War", "Drama", "Comedy", "Éire"]), max_size=5))


@given(LISTS)
def test_columns_equal_those_of_scikit_learn(lists: list[list[str]]) -> None:
    binarizer = MultiLabelBinarizer()
    expected = binarizer.fit_transform(lists)
    matrix, names = multi_hot(lists)
    assert matrix.dtype == np.float32
    assert list(names) == binarizer.classes_.tolist()
    np.testing.assert_array_equal(matrix.toarray(), expected.reshape(len(lists), len(names)))


def test_repeated_names_count_once_and_rare_names_get_no_column() -> None:
    matrix, names = multi_hot([("War", "War"), ("Drama",), ("War", "Drama", "Comedy")], min_count=2)
    assert names == ("Drama", "War")
    assert matrix.toarray().tolist() == [[0, 1], [1, 0], [1, 1]]
