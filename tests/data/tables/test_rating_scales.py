from __future__ import annotations

import numpy as np
import pytest

from matinee.data.tables.rating_rows import guess_scale


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
        ([-10, 3.5, 9], (-10, 9)),
        ([1, 40, 3000], (1, 3000)),
        ([], (1, 5)),
    ],
)
def test_the_narrowest_scale_in_use_that_holds_all_is_taken(
    values: list[float], scale: tuple[float, float]
) -> None:
    assert guess_scale(np.array(values, dtype=np.float32)) == scale


@pytest.mark.parametrize("stray", [-1.0, 55.0, 999.0])
def test_one_stray_rating_in_many_does_not_change_the_scale(stray: float) -> None:
    values = np.array([*[1, 2, 3, 4, 5] * 40, stray], dtype=np.float32)
    assert guess_scale(values) == (1, 5)


def test_rare_half_stars_are_part_of_the_scale() -> None:
    assert guess_scale(np.array([*[1, 5] * 500, 0.5], dtype=np.float32)) == (0.5, 5)
