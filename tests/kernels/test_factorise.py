"""Stochastic gradient descent, compared with the same steps in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.kernels.factorise import State, Strata, cache_lines, descend, stratify
from matinee.kernels.threads import threads

RATE, L2 = np.float32(0.05), np.float32(0.1)


def some_ratings(
    rng: np.random.Generator, n: int = 300
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    pairs = rng.permutation(30 * 20)[:n]
    users, items = (pairs // 20).astype(np.int32), (pairs % 20).astype(np.int32)
    return users, items, rng.uniform(-2, 2, n).astype(np.float32)


def start(rng: np.random.Generator, factors: int = 5, shape: tuple[int, int] = (30, 20)) -> State:
    return (
        np.zeros(shape[0], dtype=np.float32),
        np.zeros(shape[1], dtype=np.float32),
        rng.standard_normal((shape[0], factors), dtype=np.float32),
        rng.standard_normal((shape[1], factors), dtype=np.float32),
    )


def descend_plainly(strata: Strata, values: NDArray[np.float32], state: State, epochs: int) -> None:
    user_biases, item_biases, user_factors, item_factors = state
    parts = int(np.sqrt(len(strata.starts) - 1))
    for step in range(epochs * parts):
        for part in range(parts):
            block = part * parts + (part + step) % parts
            for n in range(strata.starts[block], strata.starts[block + 1]):
                user, item = strata.users[n], strata.items[n]
                predicted = user_factors[user] @ item_factors[item]
                error = values[n] - user_biases[user] - item_biases[item] - predicted
                user_biases[user] += RATE * (error - L2 * user_biases[user])
                item_biases[item] += RATE * (error - L2 * item_biases[item])
                before = user_factors[user].copy()
                user_factors[user] += RATE * (error * item_factors[item] - L2 * before)
                item_factors[item] += RATE * (error * before - L2 * item_factors[item])


@pytest.mark.parametrize("parts", [1, 3, 8])
def test_descent_follows_the_formula_to_a_ten_thousandth(parts: int) -> None:
    rng = np.random.default_rng(1)
    users, items, values = some_ratings(rng)
    strata = stratify(users, items, (30, 20), rng, parts=parts)
    compiled, plain = start(np.random.default_rng(2)), start(np.random.default_rng(2))
    residuals = values[strata.order]
    descend(strata.users, strata.items, residuals, strata.starts, compiled, 4, RATE, L2)
    descend_plainly(strata, residuals, plain, 4)
    for ours, expected in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-4)


@pytest.mark.parametrize("factors", [1, 31, 32, 33])
def test_padding_with_zeros_changes_only_rounding(factors: int) -> None:
    rng = np.random.default_rng(6)
    users, items, values = some_ratings(rng)
    strata = stratify(users, items, (30, 20), rng)
    narrow = start(np.random.default_rng(2), factors)
    wide = (narrow[0].copy(), narrow[1].copy(), cache_lines(narrow[2]), cache_lines(narrow[3]))
    for state in (narrow, wide):
        residuals = values[strata.order]
        descend(strata.users, strata.items, residuals, strata.starts, state, 2, RATE, L2)
    for ours, expected in zip(wide, narrow, strict=True):
        unpadded = ours if ours.ndim == 1 else ours[:, :factors]
        np.testing.assert_allclose(unpadded, expected, atol=1e-5)
    for each in wide[2:]:
        assert not each[:, factors:].any()
        assert each.shape[1] % 32 == each.ctypes.data % 64 == 0


def test_strata_contain_every_rating_once_in_its_own_block() -> None:
    rng = np.random.default_rng(3)
    users, items, _ = some_ratings(rng)
    strata = stratify(users, items, (30, 20), rng, parts=4)
    assert sorted(strata.order) == list(range(300))
    np.testing.assert_array_equal(strata.items, strata.item_rows[items[strata.order]])
    for block in range(16):
        inside = slice(strata.starts[block], strata.starts[block + 1])
        assert (strata.users[inside].astype(int) * 4 // 30 == block // 4).all()
        assert (strata.items[inside].astype(int) * 4 // 20 == block % 4).all()


@pytest.mark.parametrize("n_ratings", [300, 1_100_000])
def test_the_number_of_threads_changes_no_bit(n_ratings: int) -> None:
    values = np.random.default_rng(4).uniform(-2, 2, n_ratings).astype(np.float32)
    users = np.arange(n_ratings, dtype=np.int32) % 3001
    items = np.arange(n_ratings, dtype=np.int32) % 2003
    results = []
    for n in (1, 2):
        rng = np.random.default_rng(5)
        strata = stratify(users, items, (3001, 2003), rng)
        state = start(rng, shape=(3001, 2003))
        residuals = values[strata.order]
        with threads(n):
            descend(strata.users, strata.items, residuals, strata.starts, state, 3, RATE, L2)
        results.append(state)
    for one, two in zip(*results, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_array_equal(one, two)
