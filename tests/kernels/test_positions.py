"""Ranks of targets, compared with a plain sort of every user's items."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matinee.kernels.compiled import csr
from matinee.kernels.positions import target_positions


def positions(
    scores: NDArray[np.float32], targets: sp.csr_array, seen: sp.csr_array
) -> NDArray[np.int64]:
    found = np.full(targets.nnz, -1, dtype=np.int64)
    target_positions(scores, csr(targets), csr(seen), found)
    return found


def sorted_positions(
    scores: NDArray[np.float32], targets: sp.csr_array, seen: sp.csr_array
) -> list[int]:
    """The plain twin: every viewer's films sorted, ties against the model."""
    expected = []
    for viewer in range(len(scores)):
        values = targets[[viewer]].toarray().ravel()
        hidden = set(seen[[viewer]].indices.tolist())
        order = sorted(
            (film for film in range(scores.shape[1]) if film not in hidden),
            key=lambda film: (-float(scores[viewer, film]), float(values[film]), film),
        )
        expected += [
            order.index(film) + 1 if film in order else len(order) + 1
            for film in targets[[viewer]].indices.tolist()
        ]
    return expected


@settings(deadline=None, max_examples=200)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5), n_items=st.integers(1, 40))
def test_positions_equal_a_plain_sort(seed: int, n: int, n_items: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.choice(
        np.array([0.0, -0.0, 1.5, -2.0, 3e38, 1e-45], dtype=np.float32), (n, n_items)
    )
    role = rng.random((n, n_items))
    values = np.where(role < 0.4, rng.integers(1, 4, (n, n_items)), 0).astype(np.float32)
    seen = sp.csr_array((role > 0.7).astype(np.float32))
    targets = sp.csr_array(values)
    assert positions(scores, targets, seen).tolist() == sorted_positions(scores, targets, seen)


def test_a_seen_target_ranks_last() -> None:
    targets = sp.csr_array(np.array([[0, 0, 4]], dtype=np.float32))
    seen = sp.csr_array(np.array([[1, 0, 1]], dtype=np.float32))
    scores = np.array([[1, 2, 3]], dtype=np.float32)
    assert positions(scores, targets, seen).tolist() == [2]


def test_more_users_than_shards_are_all_ranked() -> None:
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((200, 30)).astype(np.float32)
    targets = sp.csr_array(np.tile(np.eye(20, 30, 3, dtype=np.float32), (10, 1)))
    nothing = sp.csr_array((200, 30), dtype=np.float32)
    assert positions(scores, targets, nothing).tolist() == sorted_positions(
        scores, targets, nothing
    )
