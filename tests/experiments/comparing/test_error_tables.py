"""Tables of errors, by hand and by their sums."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.experiments.comparing.error_tables import (
    GROUPINGS,
    all_targets,
    by,
    confusion,
    largest,
    rating_steps,
    worst,
)


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


FOUR = errors_of(
    ("a", "x", 1, 3, 0, 4),
    ("a", "y", 5, 4.5, 0, 12),
    ("b", "x", 5, 4.4, 20, 4),
    ("b", "z", 3, 3, 20, 1),
)


def test_errors_by_rating() -> None:
    one, three, five = by(FOUR, "rating").rows()
    assert one == (1, 1, 2, 2, 2)
    assert three == (3, 1, 0, 0, 0)
    assert five == pytest.approx((5, 2, -0.55, 0.55, np.sqrt((0.25 + 0.36) / 2)), rel=1e-6)


def test_viewers_and_films_are_listed_by_their_error() -> None:
    assert by(FOUR, "viewer")["user"].to_list() == ["a", "b"]
    films = by(FOUR, "film")
    assert films["item"].to_list() == ["x", "y", "z"]
    assert films["title"][0] == "Film x"
    assert films["bias"][0] == pytest.approx((2 - 0.6) / 2)


def test_numbers_of_ratings_are_grouped_in_steps_of_one_two_and_five() -> None:
    assert by(FOUR, "activity").select("viewer_ratings", "ratings").rows() == [
        ("0", 2),
        ("20 to 49", 2),
    ]
    assert by(FOUR, "popularity")["film_ratings"].to_list() == ["1", "2 to 4", "10 to 19"]


def test_predictions_are_rounded_to_the_steps_of_the_scale() -> None:
    assert rating_steps(FOUR).tolist() == [1, 3, 5]
    assert confusion(FOUR).tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 2]]


def test_tenths_of_stars_are_steps_without_the_error_of_single_precision() -> None:
    assert rating_steps(errors_of(("a", "x", 3.3, 3, 1, 1))).tolist() == [3.3]


def test_many_different_ratings_have_eleven_even_steps() -> None:
    percent = errors_of(*(("a", f"{n}", n, 50, 1, 1) for n in range(101)))
    assert rating_steps(percent).tolist() == list(range(0, 101, 10))
    assert by(percent, "rating")["ratings"].sum() == 101
    assert confusion(percent)[:, 5].sum() == 101


def test_the_worst_have_enough_ratings() -> None:
    many = [("often", f"{n}", 3.0, 4.0, 1, 1) for n in range(10)]
    errors = errors_of(("once", "x", 1, 5, 1, 1), *many)
    assert worst(errors, "viewer", 5)["user"].to_list() == ["often"]
    assert len(worst(errors, "film", 5)) == 0
    assert largest(errors, 1)["user"].to_list() == ["once"]


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
    errors = errors_of(*rows)
    total = all_targets(errors).row(0, named=True)
    for grouping in GROUPINGS:
        groups = by(errors, grouping)
        counts = groups["ratings"]
        assert counts.sum() == total["ratings"] == len(rows)
        for measure, power in (("bias", 1), ("mae", 1), ("rmse", 2)):
            pooled = (counts * groups[measure] ** power).sum() / len(rows)
            assert pooled == pytest.approx(total[measure] ** power, abs=1e-6)
    table = confusion(errors)
    assert table.sum(axis=1).tolist() == by(errors, "rating")["ratings"].to_list()
    steps = rating_steps(errors)
    rounded = [steps[np.abs(steps - each).argmin()] for each in errors["predicted"]]
    exact = sum(abs(a - b) < 1e-6 for a, b in zip(rounded, errors["rating"], strict=True))
    half_way = any(
        np.isclose(each, (steps[1:] + steps[:-1]) / 2).any() for each in errors["predicted"]
    )
    assert half_way or table.trace() == exact
