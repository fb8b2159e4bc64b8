"""Which histories tell a part of a sum nothing."""

from __future__ import annotations

import numpy as np

from matinee.models._blend.parts import silent_rows


def test_a_row_is_silent_if_all_of_it_is_the_prior() -> None:
    prior = np.array([3, 1, 0], dtype=np.float32)
    scores = np.array([[3, 1, 0], [3, 1, 2], [0, 1, 0], [3, 1, 0]], dtype=np.float32)
    assert silent_rows(scores, prior).tolist() == [True, False, False, True]
    assert silent_rows(scores[1:3], prior).tolist() == [False, False]
    assert silent_rows(scores[:0], prior).tolist() == []
