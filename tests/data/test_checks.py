"""What callers bring is taken in every sound form and refused by name in every other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Histories, Query
from matinee.data.checks import film_rows, rating_values, require_csr, seconds, whole_number
from matinee.errors import InputError


@pytest.mark.parametrize(
    "values", [[3, 1], (3, 1), np.array([3, 1], dtype=np.uint8), np.array([3, 1], dtype=np.int64)]
)
def test_columns_are_taken_as_lists_and_arrays_of_any_width(values: Any) -> None:
    for taken, kind in ((film_rows, np.int32), (seconds, np.int64), (rating_values, np.float32)):
        column = taken(values, "it")
        assert column.dtype == kind
        assert column.tolist() == [3, 1]
    assert film_rows([], "it").dtype == np.int32


@pytest.mark.parametrize(
    "values", [None, 5, "ab", ["1"], [[1, 2]], [[1], [2, 3]], [None], {}, [1j]]
)
def test_columns_of_anything_else_are_refused(values: Any) -> None:
    for taken in (film_rows, seconds, rating_values):
        with pytest.raises(InputError, match=r"^the history must be one column of"):
            taken(values, "the history")


@pytest.mark.parametrize(
    ("taken", "values", "message"),
    [
        (film_rows, [3, -1], "the history names film row -1; rows of films are counted from 0"),
        (film_rows, [2**31], "film row 2147483648"),
        (film_rows, [1.0], "whole numbers, the rows of films, not list of float64"),
        (film_rows, np.array([True]), "whole numbers, the rows of films"),
        (rating_values, [4, np.nan], "the history has nan; ratings are finite numbers"),
        (rating_values, [-np.inf], "the history has -inf"),
        (rating_values, [1e300], "the history has 1e\\+300"),
        (rating_values, np.array([True]), "must be one column of numbers"),
        (seconds, [1.5], "whole numbers, Unix seconds"),
        (seconds, [2**62], "the history has 4611686018427387904, which is no time"),
    ],
)
def test_a_wrong_value_is_named(taken: Any, values: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        taken(values, "the history")


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_a_number_is_of_any_integer_type(value: Any) -> None:
    assert whole_number(value, "n") == 3


@pytest.mark.parametrize("value", [2.0, "3", None, np.float32(3)])
def test_a_number_that_is_not_whole_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"^n must be a whole number, not "):
        whole_number(value, "n")


def matrix(
    values: Any = (5, 4, 1), items: Any = (1, 3, 0), starts: Any = (0, 2, 3), width: int = 4
) -> sp.csr_array:
    """Two rows with 2 and 1 ratings; the parts are put in unchecked, as a careless caller may."""
    made = sp.csr_array((2, width), dtype=np.float32)
    made.data, made.indices = np.array(values, dtype=np.float32), np.array(items, dtype=np.int32)
    made.indptr = np.array(starts, dtype=np.int32)
    return made


def test_sound_histories_are_taken_as_they_are() -> None:
    ratings = matrix()
    assert Histories(ratings).ratings is ratings
    assert len(Histories(matrix((), (), (0, 0, 0)))) == 2
    assert len(Histories(sp.csr_array((0, 4), dtype=np.float32))) == 0
    assert Histories(matrix(items=(1, 3, 3))).items.tolist() == [1, 3, 3]  # borders need no order


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        (matrix().tocsc(), "must be a scipy.sparse.csr_array, not csc_array; convert with"),
        (matrix().tocoo(), "not coo_array"),
        (sp.csr_matrix(matrix()), "not csr_matrix"),
        (matrix().toarray(), "not ndarray"),
        (None, "not NoneType"),
        (matrix().astype(np.float64), "must be of float32, not float64; use astype"),
        (matrix().astype(np.int32), "must be of float32, not int32"),
        (matrix(items=(1, 4, 0)), "names film row 4 of 4 films"),
        (matrix(items=(-1, 3, 0)), "names film row -1 of 4 films"),
        (matrix(items=(3, 1, 0)), "row 0 of histories has film row 1 after 3"),
        (
            matrix((5, 4, 1, 2), (1, 3, 2, 2), (0, 2, 4)),
            "row 1 of histories has film row 2 after 2",
        ),
        (matrix(starts=(0, 2, 9)), "row bounds that contradict its entries"),
        (matrix(starts=(0, 3, 2)), "row bounds"),
        (matrix(starts=(1, 2, 3)), "row bounds"),
        (matrix(starts=(0, 9, 3)), "row bounds"),
        (matrix(starts=(0, 3)), "row bounds"),
        (matrix(values=(5, 4)), "row bounds"),
        (matrix(values=(5, np.nan, 1)), "histories has nan; ratings are finite"),
        (matrix(values=(5, np.inf, 1)), "histories has inf"),
    ],
)
def test_unsound_histories_are_refused(ratings: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Histories(ratings)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (np.zeros(2, dtype=np.int64), "histories have 2 times of 3 ratings"),
        (np.zeros(3), "times of histories must be one column of whole numbers"),
        (np.full(3, 2**60), "which is no time in Unix seconds"),
    ],
)
def test_times_of_histories_are_checked(times: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Histories(matrix(), times)


def test_a_matrix_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match=r"wanted has the shape \[2, 4\], not \[2, 5\]"):
        require_csr(matrix(), "wanted", np.float32, (2, 5))
    require_csr(matrix(), "wanted", np.float32, (2, 4))


def test_a_query_is_taken_as_lists() -> None:
    query = Query(items=[3, 1], values=[5, 4.5], times=[7, 8], exclude=[2], n=np.int64(4))  # type: ignore[arg-type]
    assert query.items.dtype == query.exclude.dtype == np.int32
    assert query.values.tolist() == [5, 4.5]
    assert type(query.n) is int


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"items": [-1], "values": [5]}, "the history names film row -1"),
        ({"exclude": [-1]}, "exclude names film row -1"),
        ({"items": [1, 2], "values": [5]}, "the history has 2 films, 1 ratings and 2 times"),
        ({"items": [1], "values": [5], "times": [1, 2]}, "1 films, 1 ratings and 2 times"),
        ({"items": [1], "values": [np.nan]}, "the history has nan"),
        ({"n": 2.5}, "n must be a whole number, not 2.5"),
        ({"now": None}, "now must be a whole number"),
    ],
)
def test_an_unsound_query_is_refused(given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Query(**given)


def test_a_query_beyond_the_films_or_with_a_film_twice_has_no_histories() -> None:
    with pytest.raises(InputError, match="the history names film row 9 of 9 films, whose rows are"):
        Histories.of(Query(items=[3, 9], values=[5, 5]), 9)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the history names film row 3 twice; keep one rating"):
        Histories.of(Query(items=[3, 1, 3], values=[5, 5, 5]), 9)  # type: ignore[arg-type]
