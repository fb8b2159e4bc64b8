"""Ranked lists against a plain sort, with ties counted against the model."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.experiments.toy_models import Together

from matinee.data import Catalog, Interactions
from matinee.data.splits import random
from matinee.experiments.measuring.ranking import ideal_gains, ranked_lists
from matinee.experiments.measuring.scoring import rank_split

Problem = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], int]

EXTREMES = [0.0, -0.0, 1.0, -1.0, 1e-45, -1e-45, 3.4e38, -3.4e38, 1.0000001, 0.5]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Scores with many ties, ratings of targets (0 for none), which films are seen, and k."""
    n, n_items = draw(st.integers(1, 6)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distinct = draw(st.integers(1, len(EXTREMES)))
    scores = rng.choice(np.array(EXTREMES[:distinct], dtype=np.float32), (n, n_items))
    role = rng.random((n, n_items))
    targets = np.where(role < 0.3, rng.integers(1, 6, (n, n_items)), 0).astype(np.float32)
    seen = role > draw(st.sampled_from([0.4, 0.7, 1.0]))
    return scores, targets, seen, draw(st.integers(1, n_items + 3))


def sparse(matrix: NDArray[np.generic]) -> sp.csr_array:
    return sp.csr_array(matrix.astype(np.float32))


@settings(deadline=None, max_examples=300)
@given(problem=problems())
def test_lists_equal_a_plain_sort_of_every_viewer(problem: Problem) -> None:
    scores, targets, seen, k = problem
    lists = ranked_lists(scores, sparse(targets), sparse(seen), k, positions=True)
    positions = iter(lists.positions.tolist())
    for viewer in range(len(scores)):
        expected = sorted(
            (film for film in range(scores.shape[1]) if not seen[viewer, film]),
            key=lambda film: (-float(scores[viewer, film]), float(targets[viewer, film]), film),
        )
        for film in np.flatnonzero(targets[viewer]).tolist():
            behind_all = len(expected) + 1
            at = expected.index(film) + 1 if film in expected else behind_all
            assert next(positions) == at
        expected = expected[:k]
        padded = expected + [-1] * (k - len(expected))
        assert lists.items[viewer].tolist() == padded
        gains = [float(targets[viewer, film]) for film in expected] + [0.0] * (k - len(expected))
        assert lists.gains[viewer].tolist() == gains
        assert lists.hits[viewer].tolist() == [gain > 0 for gain in gains]


def test_many_viewers_in_several_batches_equal_each_viewer_alone() -> None:
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 9, (700, 3000)).astype(np.float32)
    targets = sp.random_array((700, 3000), density=0.01, format="csr", rng=rng, dtype=np.float32)
    seen = sp.csr_array((700, 3000), dtype=np.float32)
    together = ranked_lists(scores, targets, seen, 20)
    for viewer in (0, 174, 175, 349, 699):
        row = slice(viewer, viewer + 1)
        alone = ranked_lists(scores[row], targets[row], seen[row], 20)
        np.testing.assert_array_equal(together.items[row], alone.items)
        np.testing.assert_array_equal(together.gains[row], alone.gains)


def test_scores_in_small_blocks_give_the_same_lists(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    test = random(planted, 0)[0].test
    model = Together().fit(test.train, planted_catalog, rng=np.random.default_rng(0))
    whole, blocks = (rank_split(model, test, 10, block=block) for block in (2**24, 300))
    np.testing.assert_array_equal(blocks.items, whole.items)


def test_constant_scores_find_no_target_while_other_films_are_left() -> None:
    targets = np.zeros((1, 100), dtype=np.float32)
    targets[0, :10] = 5
    scores, nothing = np.ones((1, 100), dtype=np.float32), sparse(np.zeros((1, 100)))
    assert not ranked_lists(scores, sparse(targets), nothing, 90).hits.any()


def test_seen_films_are_never_ranked_however_high_their_score() -> None:
    scores = np.array([[9.0, 8.0, 1.0, 2.0]], dtype=np.float32)
    seen = np.array([[True, True, False, False]])
    lists = ranked_lists(scores, sparse(np.eye(1, 4)), sparse(seen), 4)
    assert lists.items.tolist() == [[3, 2, -1, -1]]


def test_a_film_seen_with_a_rating_of_zero_is_seen() -> None:
    seen = sp.csr_array((np.zeros(1, dtype=np.float32), np.array([1]), np.array([0, 1])), (1, 2))
    lists = ranked_lists(np.ones((1, 2), dtype=np.float32), sparse(np.zeros((1, 2))), seen, 2)
    assert lists.items.tolist() == [[0, -1]]


def test_a_target_rated_zero_is_a_hit() -> None:
    target = sp.csr_array((np.zeros(1, dtype=np.float32), np.array([1]), np.array([0, 1])), (1, 2))
    scores = np.array([[0.0, 1.0]], dtype=np.float32)
    lists = ranked_lists(scores, target, sparse(np.zeros((1, 2))), 1)
    assert lists.hits.tolist() == [[True]]


def test_minus_infinity_comes_last_among_unseen_films() -> None:
    scores = np.array([[-np.inf, -3e38, 0.0]], dtype=np.float32)
    nothing = sparse(np.zeros((1, 3)))
    assert ranked_lists(scores, nothing, nothing, 3).items.tolist() == [[2, 1, 0]]


def test_scores_are_not_changed() -> None:
    scores = np.arange(12, dtype=np.float32).reshape(2, 6)
    scores.flags.writeable = False
    nothing = sparse(np.zeros((2, 6)))
    assert ranked_lists(scores, nothing, nothing, 1).items.tolist() == [[5], [5]]


@pytest.mark.parametrize("k", [1, 3, 5])
def test_ideal_gains_are_the_highest_ratings_then_zeros(k: int) -> None:
    targets = sparse(np.array([[0, 2, 5, 0, 3], [0, 0, 0, 0, 0], [4, 0, 0, 0, 0]]))
    best = np.array([[5, 3, 2, 0, 0], [0, 0, 0, 0, 0], [4, 0, 0, 0, 0]])
    assert ideal_gains(targets, k).tolist() == best[:, :k].tolist()
