"""SVD++ viewer by viewer against the same steps taken one by one, as in the paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.factorise_plus_plus import descend_by_user, implicit_sums

Vector = NDArray[np.float32]
Learned = tuple[Vector, Vector, Vector, Vector, Vector]
RATE, L2 = np.float32(0.05), np.float32(0.1)
INDPTR = np.array([0, 4, 4, 9, 10], dtype=np.int32)
ITEMS = np.array([3, 0, 5, 1, 5, 2, 0, 4, 3, 1], dtype=np.int32)
ORDER = np.array([2, 0, 3, 1])


def start(factors: int) -> Learned:
    rng = np.random.default_rng(2)
    return (
        rng.standard_normal(4, dtype=np.float32),
        rng.standard_normal(6, dtype=np.float32),
        rng.standard_normal((4, factors), dtype=np.float32),
        rng.standard_normal((6, factors), dtype=np.float32),
        rng.standard_normal((6, factors), dtype=np.float32),
    )


def descend_plainly(residuals: Vector, state: Learned) -> None:
    """Every rating moves every implicit vector of its viewer (Koren 2008, equation 15)."""
    user_biases, item_biases, user_factors, item_factors, implicit = state
    for user in ORDER:
        rated = ITEMS[INDPTR[user] : INDPTR[user + 1]]
        for n, item in enumerate(rated, start=INDPTR[user]):
            share = 1 / np.sqrt(len(rated))
            whole = user_factors[user] + share * implicit[rated].sum(axis=0)
            film, own = item_factors[item].copy(), user_factors[user].copy()
            error = residuals[n] - user_biases[user] - item_biases[item] - film @ whole
            user_biases[user] += RATE * (error - L2 * user_biases[user])
            item_biases[item] += RATE * (error - L2 * item_biases[item])
            item_factors[item] += RATE * (error * whole - L2 * film)
            user_factors[user] += RATE * (error * film - L2 * own)
            implicit[rated] += RATE * (error * share * film - L2 * implicit[rated])


def test_one_move_a_viewer_is_the_sum_of_the_moves_of_the_paper() -> None:
    residuals = np.random.default_rng(1).uniform(-2, 2, 10).astype(np.float32)
    compiled, plain = start(5), start(5)
    for _ in range(3):
        descend_by_user(INDPTR, ITEMS, residuals, ORDER, *compiled, RATE, L2)
        descend_plainly(residuals, plain)
    for ours, expected in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_implicit_sums_are_over_the_root_of_the_length() -> None:
    implicit = start(3)[4]
    sums = implicit_sums(INDPTR, ITEMS, implicit)
    for row, ours in enumerate(sums):
        rated = ITEMS[INDPTR[row] : INDPTR[row + 1]]
        expected = implicit[rated].sum(axis=0) / np.sqrt(max(len(rated), 1))
        np.testing.assert_allclose(ours, expected, atol=1e-6)
