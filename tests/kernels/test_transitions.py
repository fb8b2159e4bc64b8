"""Sums over transitions, compared with states that are written out place by place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.kernels.transitions import Sequences, transition_sums

N_ITEMS = 12


def drawn(blocks: int, lengths: tuple[int, ...] = (9, 1, 0, 6, 12)) -> Sequences:
    rng = np.random.default_rng(3)
    n = sum(lengths)
    return Sequences(
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        items=np.concatenate([rng.permutation(N_ITEMS)[:each] for each in lengths]).astype(
            np.int32
        ),
        weights=rng.choice([-0.3, 0.8, 1.0], n),
        targets=rng.choice([0.0, 1.0], n, p=[0.3, 0.7]),
        decays=rng.random((n, blocks)),
    )


def written_out(
    sequences: Sequences, inputs: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums over the rows of the regression, one dense state each."""
    starts, items, weights, targets, decays = sequences
    blocks = decays.shape[1]
    gram = np.zeros((blocks * len(inputs),) * 2)
    cross = np.zeros((blocks * len(inputs), N_ITEMS))
    for start, end in pairwise(starts):
        state = np.zeros((blocks, N_ITEMS))
        for place in range(start, end):
            row = state[:, inputs].ravel()
            gram += targets[place] * np.outer(row, row)
            cross[:, items[place]] += targets[place] * row
            state *= decays[place][:, None]
            state[:, items[place]] += weights[place]
    return gram, cross


@pytest.mark.parametrize("blocks", [1, 2, 3])
@pytest.mark.parametrize("inputs", [range(N_ITEMS), [7, 2, 9], [5]])
def test_sums_are_those_of_dense_states(blocks: int, inputs: list[int]) -> None:
    sequences, some = drawn(blocks), np.array(inputs, dtype=np.int32)
    gram, cross = transition_sums(sequences, some, N_ITEMS)
    expected_gram, expected_cross = written_out(sequences, some)
    assert np.abs(expected_gram).max() > 0.05
    np.testing.assert_allclose(gram, np.triu(expected_gram), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(cross, expected_cross, rtol=1e-5, atol=1e-6)


def test_three_films_in_a_row_by_hand() -> None:
    # states before the films: 0, e0, e1 + 0.5 e0; targets 0, 1, 2
    sequences = Sequences(
        starts=np.array([0, 3]),
        items=np.array([0, 1, 2], dtype=np.int32),
        weights=np.ones(3),
        targets=np.ones(3),
        decays=np.full((3, 1), 0.5),
    )
    gram, cross = transition_sums(sequences, np.arange(3), 3)
    np.testing.assert_allclose(gram, np.array([[1.25, 0.5, 0], [0, 1, 0], [0, 0, 0]]))
    np.testing.assert_allclose(cross, np.array([[0, 1, 0.5], [0, 0, 1], [0, 0, 0]]))


def test_a_pause_that_forgets_everything_ends_the_walk() -> None:
    sequences = drawn(2)
    decays = sequences.decays.copy()
    decays[4], decays[20] = 0, 1e-300
    sequences = sequences._replace(decays=decays)
    found = transition_sums(sequences, np.arange(N_ITEMS), N_ITEMS)
    gram, cross = written_out(sequences, np.arange(N_ITEMS, dtype=np.int32))
    np.testing.assert_allclose(found[0], np.triu(gram), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[1], cross, rtol=1e-5, atol=1e-6)


def test_sequences_without_places_add_up_to_zeros() -> None:
    gram, cross = transition_sums(drawn(2, lengths=(0, 0)), np.arange(3), N_ITEMS)
    assert gram.shape == (6, 6)
    assert cross.shape == (6, N_ITEMS)
    assert not gram.any()
    assert not cross.any()
