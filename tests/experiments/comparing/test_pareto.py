"""The front against every pair compared, and on a comparison whose outcome is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matinee.experiments.comparing.pareto import front

POINTS = st.tuples(st.integers(1, 8), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(0, 4).map(float))
)


@given(POINTS, st.data())
def test_a_point_is_on_it_unless_another_beats_it(points: np.ndarray, data: st.DataObject) -> None:
    n, a = points.shape
    higher = data.draw(st.lists(st.booleans(), min_size=a, max_size=a))
    kept = front(points, higher)
    for one in range(n):
        beaten = False
        for other in range(n):
            better = [
                points[other, axis] > points[one, axis]
                if higher[axis]
                else points[other, axis] < points[one, axis]
                for axis in range(a)
            ]
            worse = [
                points[other, axis] != points[one, axis] and not better[axis] for axis in range(a)
            ]
            beaten = beaten or (any(better) and not any(worse))
        assert kept[one] == (not beaten)


@given(POINTS)
def test_somebody_is_always_on_it(points: np.ndarray) -> None:
    assert front(points, [True] * points.shape[1]).any()


def test_an_axis_that_is_not_known_of_everybody_is_left_out() -> None:
    points = np.array([[1.0, np.nan], [2.0, 5.0]])
    assert front(points, [True, True]).tolist() == [False, True]


def test_without_any_axis_nobody_is_beaten() -> None:
    assert front(np.full((2, 1), np.nan), [True]).tolist() == [True, True]


def test_infinity_is_a_value() -> None:
    assert front(np.array([[np.inf], [1.0]]), [False]).tolist() == [False, True]
