"""Self-information by hand; RecTools' MeanInvUserFreq is in `test_peers`."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.metrics.novelty import self_information

COUNTS = np.array([8, 2, 1, 0])


@pytest.mark.parametrize(
    ("films", "novelty", "unrated_once"),
    [
        ([0, -1], 0.0, 0.0),  # everybody rated it
        ([1, -1], 2.0, 2.0),
        ([2, -1], 3.0, 3.0),  # half as many viewers are one bit more
        ([1, 3], 2.0, 2.5),
        ([3, -1], np.nan, 3.0),
        ([2, 1], 2.5, 2.5),
    ],
)
def test_unrated_films_are_left_out_or_count_as_rated_once(
    films: list[int], novelty: float, unrated_once: float
) -> None:
    items = np.array([films])
    assert self_information(items, COUNTS, 8) == pytest.approx([novelty], nan_ok=True)
    assert self_information(items, COUNTS, 8, unrated="once").tolist() == [unrated_once]
    assert np.isnan(self_information(items, np.zeros(4, dtype=np.int64), 0)).all()
