"""SVD++ user by user, compared with the single steps of the paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.factorise_plus_plus import State, descend_by_user, implicit_sums

Vector = NDArray[np.float32]
RATE, L2 = np.float32(0.05), np.float32(0.1)
INDPTR = np.array([0, 4, 4, 9, 10], dtype=np.int32)
ITEMS = np.array([3, 0, 5, 1, 5, 2, 0, 4, 3, 1], dtype=np.int32)
ORDER = np.array([2, 0, 3, 1])
EFFECT_L2 = np.float32(0.3)
PLACES = np.array([[n % 3, 3 + n // 4] for n in range(10)], dtype=np.int32)
AMOUNTS = np.array([[1, 0.5 * n - 2] for n in range(10)], dtype=np.float32)
AWAY = np.linspace(-1, 1, 10).astype(np.float32)
NO_TIMES = (
    np.empty((10, 0), dtype=np.int32),
    np.empty((10, 0), dtype=np.float32),
    np.empty(0, dtype=np.float32),
    np.zeros(10, dtype=np.float32),
    np.empty((0, 5), dtype=np.float32),
)


def start(factors: int) -> State:
    rng = np.random.default_rng(2)
    return (
        rng.standard_normal(4, dtype=np.float32),
        rng.standard_normal(6, dtype=np.float32),
        rng.standard_normal((4, factors), dtype=np.float32),
        rng.standard_normal((6, factors), dtype=np.float32),
        rng.standard_normal((6, factors), dtype=np.float32),
    )


def descend_plainly(residuals: Vector, state: State) -> None:
    """Every rating moves every implicit vector of its viewer (Koren 2008, equation 15)."""
    user_biases, item_biases, user_factors, item_factors, implicit = state
    for user in ORDER:
        rated = ITEMS[INDPTR[user] : INDPTR[user + 1]]
        for n, item in enumerate(rated, start=INDPTR[user]):
            share = 1 / np.sqrt(len(rated))
            combined = user_factors[user] + share * implicit[rated].sum(axis=0)
            film, own = item_factors[item].copy(), user_factors[user].copy()
            error = residuals[n] - user_biases[user] - item_biases[item] - film @ combined
            user_biases[user] += RATE * (error - L2 * user_biases[user])
            item_biases[item] += RATE * (error - L2 * item_biases[item])
            item_factors[item] += RATE * (error * combined - L2 * film)
            user_factors[user] += RATE * (error * film - L2 * own)
            implicit[rated] += RATE * (error * share * film - L2 * implicit[rated])


def test_one_move_per_user_is_the_sum_of_the_papers_moves() -> None:
    residuals = np.random.default_rng(1).uniform(-2, 2, 10).astype(np.float32)
    compiled, plain = start(5), start(5)
    for _ in range(3):
        descend_by_user((INDPTR, ITEMS, residuals), ORDER, compiled, NO_TIMES, RATE, L2, L2)
        descend_plainly(residuals, plain)
    for ours, expected in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_effects_and_drifts_move_along_their_gradients() -> None:
    rng = np.random.default_rng(3)
    residuals = rng.uniform(-2, 2, 10).astype(np.float32)
    state, effects = start(5), rng.standard_normal(6).astype(np.float32)
    drifts = rng.standard_normal((4, 5)).astype(np.float32)
    ours, times = start(5), (PLACES, AMOUNTS, effects.copy(), AWAY, drifts.copy())
    descend_by_user((INDPTR, ITEMS, residuals), ORDER, ours, times, RATE, L2, EFFECT_L2)
    user_biases, item_biases, user_factors, item_factors, implicit = state
    for user in ORDER:
        rated = ITEMS[INDPTR[user] : INDPTR[user + 1]]
        for n, item in enumerate(rated, start=INDPTR[user]):
            share = 1 / np.sqrt(len(rated))
            combined = (
                user_factors[user] + share * implicit[rated].sum(axis=0) + AWAY[n] * drifts[user]
            )
            film, drift = item_factors[item].copy(), drifts[user].copy()
            error = residuals[n] - user_biases[user] - item_biases[item] - film @ combined
            error -= AMOUNTS[n] @ effects[PLACES[n]]
            user_biases[user] += RATE * (error - L2 * user_biases[user])
            item_biases[item] += RATE * (error - L2 * item_biases[item])
            item_factors[item] += RATE * (error * combined - L2 * film)
            user_factors[user] += RATE * (error * film - L2 * user_factors[user])
            implicit[rated] += RATE * (error * share * film - L2 * implicit[rated])
            drifts[user] += RATE * (error * AWAY[n] * film - EFFECT_L2 * drift)
            for place, amount in zip(PLACES[n], AMOUNTS[n], strict=True):
                if amount:
                    effects[place] += RATE * (error * amount - EFFECT_L2 * effects[place])
    moved = zip((*ours, times[2], times[4]), (*state, effects, drifts), strict=True)
    for found, expected in moved:
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_implicit_sums_are_over_the_root_of_the_length() -> None:
    implicit = start(3)[4]
    sums = implicit_sums(INDPTR, ITEMS, implicit)
    for row, ours in enumerate(sums):
        rated = ITEMS[INDPTR[row] : INDPTR[row + 1]]
        expected = implicit[rated].sum(axis=0) / np.sqrt(max(len(rated), 1))
        np.testing.assert_allclose(ours, expected, atol=1e-6)
