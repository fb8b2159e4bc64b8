"""The Pareto front against a comparison of all pairs, and on known outcomes."""

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
def test_points_on_the_front_are_not_dominated(points: np.ndarray, data: st.DataObject) -> None:
    n, a = points.shape
    higher = data.draw(st.lists(st.booleans(), min_size=a, max_size=a))
    on_front = front(points, higher)
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
        assert on_front[one] == (not beaten)


@given(POINTS)
def test_the_front_is_never_empty(points: np.ndarray) -> None:
    assert front(points, [True] * points.shape[1]).any()


def test_an_axis_with_a_missing_value_is_ignored() -> None:
    points = np.array([[1.0, np.nan], [2.0, 5.0]])
    assert front(points, [True, True]).tolist() == [False, True]


def test_without_axes_every_point_is_on_the_front() -> None:
    assert front(np.full((2, 1), np.nan), [True]).tolist() == [True, True]


def test_infinity_is_a_value() -> None:
    assert front(np.array([[np.inf], [1.0]]), [False]).tolist() == [False, True]
