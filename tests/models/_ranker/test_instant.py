"""What the ranker knows of a user beside their taste, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matinee.data import Histories
from matinee.models._ranker.instant import context_of

_DAY = 86_400


def test_context_is_the_logarithm_of_ratings_and_of_days_since_the_last() -> None:
    ratings = sp.csr_array(np.array([[5, 4, 0], [0, 0, 3], [0, 0, 0]], dtype=np.float32))
    histories = Histories(ratings, np.array([90, 100, 0]) * _DAY)
    context = context_of(histories, 107 * _DAY)
    number, days = context[:, :4], context[:, 4:]
    expected = np.log([[3], [2], [1]]) - 3
    np.testing.assert_allclose(number, np.repeat(expected, 4, axis=1), rtol=1e-6)
    np.testing.assert_allclose(days[0], np.log(8) - 2, rtol=1e-6)
    np.testing.assert_allclose(days[1:], -2)  # without times, the last film was rated now
    np.testing.assert_allclose(context_of(histories, 50 * _DAY)[0, 4:], -2)  # not in the future
    for row in range(3):
        alone = context_of(histories.take(np.array([row])), 107 * _DAY)
        np.testing.assert_allclose(alone, context[[row]], rtol=1e-6)
