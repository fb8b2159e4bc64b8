"""The scale of ratings, and what stands among them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.tables.rating_scales import RatingScale, scale_of

BOOK_CROSSING = [0] * 620 + [5, 6, 7] * 60 + [8, 9, 10] * 60 + [1, 2]


def scale(values: list[float], **help_: tuple[float, float]) -> RatingScale:
    return scale_of(np.array(values, dtype=np.float32), **help_)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1, 3, 5], (1, 5)),
        ([2, 3, 4], (1, 5)),
        ([0.5, 3, 4.5], (0.5, 5)),
        ([0, 2, 5], (0, 5)),
        ([1, 7, 10], (1, 10)),
        ([0, 7], (0, 10)),
        ([12, 85], (0, 100)),
        ([0, 1, 1], (0, 1)),
        ([1, 1], (0, 1)),
        ([-10, 3.5, 9], (-10, 10)),
        ([-1, 1], (-1, 1)),
        ([-1, 0, 1], (-1, 1)),
        ([0.5, 7.5, 10], (0.5, 10)),
        ([-1, 7, 10], (1, 10)),
        ([-9.5, 3, 99], (-10, 10)),
        ([1, 40, 3000], (1, 3000)),
        ([], (1, 5)),
    ],
)
def test_the_narrowest_scale_in_use_that_holds_all_is_taken(
    values: list[float], scale: tuple[float, float]
) -> None:
    assert scale_of(np.array(values, dtype=np.float32)).ends == scale


@pytest.mark.parametrize("stray", [-1.0, 55.0, 999.0])
def test_one_stray_rating_in_many_does_not_change_the_scale(stray: float) -> None:
    values = np.array([*[1, 2, 3, 4, 5] * 40, stray], dtype=np.float32)
    assert scale_of(values).ends == (1, 5)


def test_rare_half_stars_are_part_of_the_scale() -> None:
    assert scale_of(np.array([*[1, 5] * 500, 0.5], dtype=np.float32)).ends == (0.5, 5)


@given(st.lists(st.sampled_from([0.5, 1, 2, 3.5, 5, 7, 10, 64, -1, 0]), min_size=1, max_size=30))
def test_every_rating_is_on_the_scale_or_a_mark(values: list[float]) -> None:
    found = scale(values)
    assert all(found.low <= each <= found.high or each in found.unrated for each in values)


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ([-1, 5, 8], (-1,)),
        ([-1, 1, 0], ()),
        ([-1, 1], ()),
        ([-1, -0.5, 5], ()),
        ([-3, -1, 5], ()),
        (BOOK_CROSSING, (0,)),
        ([-1, *BOOK_CROSSING], (-1, 0)),
        ([0, 1, 2, 3, 4, 5] * 50, ()),
        ([0] * 30 + [1, 2, 3, 4, 5] * 20, ()),
        ([0, 1] * 60, ()),
        ([0] * 90 + [5] * 30, ()),
        ([-9.5, 99, 3.25], (99,)),
        ([12, 99, 3], ()),
        ([1, 2, 3, 4, 99] * 20, (99,)),
        ([-2, 3, 4, 5] * 20, (-2,)),
        ([-2, 3, 4, 5], ()),
        ([-5, 5] * 40, ()),
        ([0, 4, 5], ()),
    ],
)
def test_marks_for_not_rated_are_told_from_ratings(
    values: list[float], marks: tuple[float, ...]
) -> None:
    assert scale(values).unrated == marks


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([1] * 60 + [2] * 20 + [3] * 9 + [4] * 3 + [12] * 2, True),
        ([1] * 60 + [2] * 20 + [3] * 9 + [7], True),
        ([1, 40, 3000], True),
        ([1, 2, 3, 3, 4, 6, 9] * 10 + [30], True),
        ([3, 5, 6, 7, 20, 60, 90] * 10 + [139], True),
        ([*range(0, 101, 10)] * 9, False),
        ([1] * 60 + [2] * 20 + [3] * 9, False),
        ([1, 5, 10, 8, 8, 9, 7] * 20, False),
        ([0.5, 12.5, 3000], False),
        ([1, 2, 7], False),
        ([50, 70, 100] * 30, False),
    ],
)
def test_counts_are_told_from_ratings(values: list[float], *, counts: bool) -> None:
    assert scale(values).counts is counts


def test_a_scale_that_is_given_always_holds() -> None:
    assert scale([1, 7, 10], choice=(1, 5)) == RatingScale(1, 5, "as given")
    assert scale([0, -1, 3], choice=(1, 5)).unrated == (-1, 0)
    assert scale([0, -1, 3], choice=(-1, 5)).unrated == ()


@pytest.mark.parametrize(
    ("values", "unit", "ends"),
    [
        ([1, 2, 3], (1, 10), (1, 10)),
        ([1, 2, 3], (None, 10), (1, 10)),
        ([0.5, 2, 3], (None, 5), (0.5, 5)),
        ([0.3, 2, 3], (None, 5), (0, 5)),
        ([0, 2, 3], (None, 5), (1, 5)),
        ([2, 3], (None, 7), (0, 7)),
        ([7, 8, 9], (1, 5), (1, 10)),
    ],
)
def test_a_header_states_the_scale_unless_ratings_deny_it(
    values: list[float], unit: tuple[float | None, float], ends: tuple[float, float]
) -> None:
    assert scale_of(np.array(values), unit=unit).ends == ends


def test_a_layouts_scale_holds_but_for_strays() -> None:
    usual = (0.5, 5.0)
    assert scale([4, 5, 9], usual=usual).ends == usual
    assert scale([4, 5, 0], usual=usual).unrated == (0,)
    assert scale([4, 9, 8, 10], usual=usual).ends == (1, 10)
    assert scale([0, 1, 1], usual=usual) == RatingScale(0, 1, "guessed from the ratings")
    assert scale([], usual=usual).ends == usual
