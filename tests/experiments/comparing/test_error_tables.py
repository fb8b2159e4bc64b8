"""Tables of errors, by hand and by their sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.experiments.comparing.error_tables import (
    GROUPINGS,
    ErrorTables,
    rating_steps,
)
from matinee.experiments.measuring.protocols import divide


def errors_of(*rows: tuple[str, str, float, float, int, int]) -> pl.DataFrame:
    """Errors from user, item, rating, prediction, ratings of the viewer and of the film."""
    user, item, rating, predicted, viewer_ratings, film_ratings = map(list, zip(*rows, strict=True))
    frame = pl.DataFrame(
        {
            "user": user,
            "item": item,
            "title": [f"Film {each}" for each in item],
            "rating": pl.Series(rating, dtype=pl.Float32),
            "predicted": pl.Series(predicted, dtype=pl.Float32),
            "viewer_ratings": viewer_ratings,
            "film_ratings": film_ratings,
        }
    )
    return frame.with_columns((pl.col("predicted") - pl.col("rating")).alias("error"))


def tables_of(
    *rows: tuple[str, str, float, float, int, int], steps: Sequence[float] = (1, 3, 5)
) -> ErrorTables:
    return ErrorTables(errors_of(*rows), np.array(steps, np.float64))


def data_of(values: Sequence[float], scale: tuple[float, float] = (1, 5)) -> Dataset:
    """A data set with these ratings, each of another viewer and film."""
    frame = pl.DataFrame({"user": range(len(values)), "movie": range(len(values))})
    rated = frame.with_columns(pl.Series("rating", values, dtype=pl.Float64))
    return read_ratings(rated, scale=scale, cleaning=Cleaning())


FOUR = tables_of(
    ("a", "x", 1, 3, 0, 4),
    ("a", "y", 5, 4.5, 0, 12),
    ("b", "x", 5, 4.4, 20, 4),
    ("b", "z", 3, 3, 20, 1),
)


def test_errors_by_rating() -> None:
    one, three, five = FOUR.by("rating").rows()
    assert one == (1, 1, 2, 2, 2)
    assert three == (3, 1, 0, 0, 0)
    assert five == pytest.approx((5, 2, -0.55, 0.55, np.sqrt((0.25 + 0.36) / 2)), rel=1e-6)


def test_viewers_and_films_are_listed_by_their_error() -> None:
    assert FOUR.by("viewer")["user"].to_list() == ["a", "b"]
    films = FOUR.by("film")
    assert films["item"].to_list() == ["x", "y", "z"]
    assert films["title"][0] == "Film x"
    assert films["bias"][0] == pytest.approx((2 - 0.6) / 2)


def test_numbers_of_ratings_are_grouped_in_steps_of_one_two_and_five() -> None:
    assert FOUR.by("activity").select("viewer_ratings", "ratings").rows() == [
        ("0", 2),
        ("20 to 49", 2),
    ]
    assert FOUR.by("popularity")["film_ratings"].to_list() == ["1", "2 to 4", "10 to 19"]


def test_predictions_are_rounded_to_the_steps_of_the_scale() -> None:
    assert FOUR.confusion().tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 2]]


def test_steps_that_only_the_training_has_are_steps() -> None:
    data = data_of([1, *[3, 4, 5] * 8])
    for seed in range(4):
        ((_, test),) = divide("ratings", data, seed=seed)
        assert rating_steps([test]).tolist() == [1, 3, 4, 5]


def test_a_rating_without_targets_is_a_row_of_zeros() -> None:
    tables = tables_of(("a", "x", 3, 1.2, 1, 1))
    assert tables.confusion().tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert tables.by("rating")["rating"].to_list() == [3]


def test_tenths_of_stars_are_steps_without_the_error_of_single_precision() -> None:
    ((_, test),) = divide("ratings", data_of([3.3, 4] * 8))
    assert rating_steps([test]).tolist() == [3.3, 4]


def test_many_different_ratings_have_eleven_even_steps() -> None:
    ((_, test),) = divide("ratings", data_of(range(101), (0, 100)))
    assert rating_steps([test]).tolist() == list(range(0, 101, 10))
    percent = tables_of(*(("a", f"{n}", n, 50, 1, 1) for n in range(101)), steps=range(0, 101, 10))
    assert percent.by("rating")["ratings"].sum() == 101
    assert percent.confusion()[:, 5].sum() == 101


def test_the_worst_have_enough_ratings() -> None:
    many = [("often", f"{n}", 3.0, 4.0, 1, 1) for n in range(10)]
    tables = tables_of(("once", "x", 1, 5, 1, 1), *many)
    assert tables.worst("viewer", 5)["user"].to_list() == ["often"]
    assert len(tables.worst("film", 5)) == 0
    assert tables.largest(1)["user"].to_list() == ["once"]


ROWS = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from("xyz"),
    st.sampled_from([0.5, 1, 2.5, 4, 5]),
    st.floats(0.5, 5, width=32),
    st.integers(0, 3000),
    st.integers(0, 3000),
)


@given(st.lists(ROWS, min_size=1, max_size=40))
def test_every_grouping_adds_up_to_all_targets(
    rows: list[tuple[str, str, float, float, int, int]],
) -> None:
    tables = tables_of(*rows, steps=[0.5, 1, 2.5, 4, 5])
    errors, steps = tables.errors, tables.steps
    total = tables.all_targets().row(0, named=True)
    for grouping in GROUPINGS:
        groups = tables.by(grouping)
        counts = groups["ratings"]
        assert counts.sum() == total["ratings"] == len(rows)
        for measure, power in (("bias", 1), ("mae", 1), ("rmse", 2)):
            pooled = (counts * groups[measure] ** power).sum() / len(rows)
            assert pooled == pytest.approx(total[measure] ** power, abs=1e-6)
    table = tables.confusion()
    by_rating = dict(tables.by("rating").select("rating", "ratings").rows())
    assert table.sum(axis=1).tolist() == [by_rating.get(step, 0) for step in steps]
    rounded = [steps[np.abs(steps - each).argmin()] for each in errors["predicted"]]
    exact = sum(abs(a - b) < 1e-6 for a, b in zip(rounded, errors["rating"], strict=True))
    half_way = any(
        np.isclose(each, (steps[1:] + steps[:-1]) / 2).any() for each in errors["predicted"]
    )
    assert half_way or table.trace() == exact
