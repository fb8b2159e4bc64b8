"""The map from a scale to stars: its ends, its inverse, and scales of one rating."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.models._shared.star_scale import STARS, StarScale

ENDS = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize("scale", [(0.5, 5.0), (1, 10), (0, 1), (0, 100), (-10, 10)])
def test_the_ends_of_a_scale_are_one_and_five_stars(scale: tuple[float, float]) -> None:
    middle = sum(scale) / 2
    ratings = np.array([scale[0], middle, scale[1]], dtype=np.float32)
    stars = StarScale.of(scale).stars(ratings)
    assert stars.tolist() == [1, 3, 5]
    assert stars.dtype == np.float32
    assert StarScale.of(scale).ratings(stars).tolist() == pytest.approx(ratings.tolist())


@pytest.mark.parametrize("scale", [(1, 1), (0, 0), (7, 7)])
def test_the_only_rating_of_a_scale_is_a_five(scale: tuple[float, float]) -> None:
    flat = StarScale.of(scale)
    assert flat.stars(scale[0]) == 5
    assert flat.ratings(5.0) == scale[0]


@given(ENDS, st.floats(1e-3, 1e6), st.floats(-1, 2), st.floats(-1, 2))
def test_the_map_keeps_order_and_has_an_inverse(
    low: float, width: float, one: float, two: float
) -> None:
    scale = StarScale.of((low, low + width))
    ratings = low + width * np.sort([one, two])
    stars = scale.stars(ratings)
    assert stars[0] <= stars[1]
    np.testing.assert_allclose(scale.ratings(stars), ratings, atol=1e-6 * (abs(low) + width))


def test_stars_need_no_map() -> None:
    assert StarScale.of(STARS) == (1, 1, 1)
