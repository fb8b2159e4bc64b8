"""A catalogue as columns, against scikit-learn and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer, StandardScaler

from matinee.content.features import FIELDS, encode
from matinee.data import Catalog, Film
from matinee.errors import InputError, OptionError, UnknownNameError

FILMS = (
    Film(
        "1",
        "One",
        1979,
        79,
        ("Drama", "War"),
        "PG",
        ("English",),
        ("United States",),
        ("Ann",),
        ("Bob", "Ann"),
        ("ship",),
    ),
    Film("2", "Two", 1980, 100, ("War",), "NC-17", cast=("Bob",), keywords=("ship", "storm")),
    Film("3", "Three", 1989, 150, ("Comedy",), "Unrated", directors=("Cid",)),
    Film("4", "Four"),
)


def test_every_field_by_hand() -> None:
    features = encode(Catalog.of(FILMS), FIELDS)
    blocks = {
        field: (features.block_names(field), features.block(field).toarray().tolist())
        for field in FIELDS
        if field != "runtime"
    }
    assert blocks == {
        "genres": (["Comedy", "Drama", "War"], [[0, 1, 1], [0, 0, 1], [1, 0, 0], [0, 0, 0]]),
        "people": (["Bob"], [[1], [1], [0], [0]]),
        "directors": ([], [[], [], [], []]),
        "cast": (["Bob"], [[1], [1], [0], [0]]),
        "keywords": (["ship"], [[1], [1], [0], [0]]),
        "languages": (["English"], [[1], [0], [0], [0]]),
        "countries": (["United States"], [[1], [0], [0], [0]]),
        "decade": (["1970s", "1980s"], [[1, 0], [0, 1], [0, 1], [0, 0]]),
        "runtime_bins": (
            ["under 80 min", "80-99 min", "100-119 min", "120-149 min", "150 min and over"],
            [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]],
        ),
        "certificate": (
            ["0+", "6+", "12+", "15+", "18+"],
            [[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
        ),
    }


def test_runtime_is_standardised_over_the_films_of_known_length() -> None:
    block = encode(Catalog.of(FILMS), ("runtime",)).block("runtime").toarray()
    expected = StandardScaler().fit_transform(np.array([[79.0], [100.0], [150.0]])).ravel()
    np.testing.assert_allclose(block[:, 0], [*expected, 0], rtol=1e-6)
    assert block[:, 1].tolist() == [0, 0, 0, 1]


def test_films_of_one_length_are_neither_long_nor_short() -> None:
    films = Catalog.of([Film("1", "", runtime=90), Film("2", "", runtime=90)])
    assert encode(films, ("runtime",)).matrix.toarray().tolist() == [[0, 0], [0, 0]]


def test_people_are_those_of_scikit_learn(planted_catalog: Catalog) -> None:
    features = encode(planted_catalog, ("people", "genres"), min_counts={})
    people = MultiLabelBinarizer()
    both = zip(planted_catalog.directors, planted_catalog.cast, strict=True)
    expected = people.fit_transform([(*directors, *cast) for directors, cast in both])
    np.testing.assert_array_equal(features.block("people").toarray(), expected)
    assert features.block_names("people") == people.classes_.tolist()


def test_every_column_has_a_name_and_stands_in_one_field(planted_catalog: Catalog) -> None:
    features = encode(planted_catalog, FIELDS)
    assert features.matrix.dtype == np.float32
    assert features.matrix.shape == (40, len(features.names))
    assert [name for field in FIELDS for name in features.block_names(field)] == list(
        features.names
    )


@given(st.permutations(range(4)))
def test_permuting_the_films_permutes_the_rows(order: list[int]) -> None:
    straight = encode(Catalog.of(FILMS), FIELDS)
    permuted = encode(Catalog.of(FILMS[each] for each in order), FIELDS)
    assert list(permuted.names) == list(straight.names)
    np.testing.assert_allclose(
        permuted.matrix.toarray(), straight.matrix.toarray()[order], rtol=1e-6
    )


def test_a_catalogue_of_no_films_and_a_choice_of_no_fields_have_their_shapes() -> None:
    assert encode(Catalog.of([]), FIELDS).matrix.shape == (0, 12)
    assert encode(Catalog.of(FILMS), ()).matrix.shape == (4, 0)


def test_a_field_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'genres'"):
        encode(Catalog.of(FILMS), ("genre",))
    with pytest.raises(UnknownNameError, match="unknown field 'decade'"):
        encode(Catalog.of(FILMS), ("genres",)).block("decade")
    with pytest.raises(InputError, match="twice"):
        encode(Catalog.of(FILMS), ("genres", "genres"))
    with pytest.raises(OptionError, match="at least 1"):
        encode(Catalog.of(FILMS), ("people",), min_counts={"people": 0})
