"""Learning from pairs, compared with the same steps in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.pairwise import learn_pairs

RATE, L2, SEED = np.float32(0.1), np.float32(0.02), np.uint64(77)
Learned = tuple[NDArray[np.float32], NDArray[np.float32]]


class PlainDraws:
    """The same numbers, from integers of any length."""

    def __init__(self, seed: int) -> None:
        self.word = seed

    def below(self, bound: int) -> int:
        mask = 2**64 - 1
        self.word ^= self.word << 13 & mask
        self.word ^= self.word >> 7
        self.word ^= self.word << 17 & mask
        return (self.word >> 32) * bound >> 32


def some_likes(density: float = 0.3) -> sp.csr_array:
    rng = np.random.default_rng(1)
    likes = sp.csr_array((rng.random((12, 20)) < density).astype(np.float32))
    rows = likes.toarray()
    rows[3], rows[5] = 0, 0
    rows[5, 4] = 1
    return sp.csr_array(rows)


def start(factors: int) -> Learned:
    rng = np.random.default_rng(2)
    first, second = (rng.standard_normal((20, factors), dtype=np.float32) for _ in range(2))
    return first, second


def learn(
    likes: sp.csr_array, learned: Learned, epochs: int, negatives: int, l2: np.float32 = L2
) -> NDArray[np.float32]:
    weights = np.linspace(0.5, 1.5, likes.shape[0]).astype(np.float32)
    indptr, indices = likes.indptr.astype(np.int32), likes.indices.astype(np.int32)
    learn_pairs(indptr, indices, weights, *learned, epochs, RATE, l2, negatives, SEED)
    return weights


def learn_plainly(
    likes: sp.csr_array,
    weights: NDArray[np.float32],
    learned: Learned,
    epochs: int,
    negatives: int,
    l2: np.float32,
) -> None:
    """No account: a step changes the history factors of every other like at once."""
    history, item = learned
    draws = PlainDraws(int(SEED))
    order = list(range(likes.shape[0]))
    for epoch in range(epochs):
        for last in range(len(order) - 1, 0, -1):
            other = draws.below(last + 1)
            order[last], order[other] = order[other], order[last]
        pace = RATE * (epochs - epoch) / epochs
        for row in order:
            own = likes.indices[likes.indptr[row] : likes.indptr[row + 1]]
            if len(own) < 2:
                continue
            for like in own:
                others = own[own != like]
                viewer = history[others].sum(axis=0) / np.sqrt(len(others))
                drawn = [draws.below(len(item)) for _ in range(negatives)]
                drawn = [film for film in drawn if film not in own]
                if not drawn:
                    continue
                rival = max(drawn, key=lambda film: float(viewer @ item[film]))
                lead = viewer @ (item[like] - item[rival])
                move = pace * weights[row] / (1 + np.exp(lead))
                apart = item[like] - item[rival]
                item[like] += move * viewer - pace * l2 * item[like]
                item[rival] += -move * viewer - pace * l2 * item[rival]
                history[others] += move / np.sqrt(len(others)) * apart
            history[own] *= 1 - pace * l2


@pytest.mark.parametrize("negatives", [1, 5])
@pytest.mark.parametrize("factors", [1, 7, 16])
def test_the_steps_follow_the_formula_to_a_ten_thousandth(factors: int, negatives: int) -> None:
    likes = some_likes()
    compiled, plain = start(factors), start(factors)
    weights = learn(likes, compiled, 3, negatives)
    learn_plainly(likes, weights, plain, 3, negatives, L2)
    for ours, expected, before in zip(compiled, plain, start(factors), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-4)
        assert np.abs(ours - before).max() > 0.05


def test_a_step_goes_down_the_gradient_of_the_loss() -> None:
    """One like, one film it can be compared with: the loss by central differences."""
    likes = sp.csr_array(np.array([[1.0, 1.0] + [1.0] * 17 + [0.0]], dtype=np.float32))
    learned, before = start(3), start(3)
    tiny = np.float32(1e-3)
    indptr, indices = likes.indptr.astype(np.int32), likes.indices.astype(np.int32)
    ones = np.ones(1, dtype=np.float32)
    learn_pairs(indptr, indices, ones, *learned, 1, tiny, np.float32(0), 400, SEED)

    def loss(history: NDArray[np.float64], item: NDArray[np.float64]) -> float:
        total = 0.0
        for like in range(19):
            viewer = (history[:19].sum(axis=0) - history[like]) / np.sqrt(18)
            total += np.log1p(np.exp(-viewer @ (item[like] - item[19])))
        return float(total)

    for side in (0, 1):
        moved = (learned[side] - before[side]) / -tiny
        for cell in [(0, 0), (7, 2), (18, 1), (19, 0)]:
            ends = []
            for sign in (1, -1):
                state = [each.astype(np.float64) for each in before]
                state[side][cell] += sign * 1e-4
                ends.append(loss(state[0], state[1]))
            assert moved[cell] == pytest.approx((ends[0] - ends[1]) / 2e-4, rel=0.03, abs=0.02)


def test_users_who_like_one_item_or_every_item_change_nothing() -> None:
    rows = np.zeros((3, 20), dtype=np.float32)
    rows[0, 4] = 1
    rows[1] = 1
    learned = start(4)
    learn(sp.csr_array(rows), learned, 5, 8, np.float32(0))
    for ours, before in zip(learned, start(4), strict=True):
        np.testing.assert_array_equal(ours, before)
