"""Similarities to prefixes, compared with vectors that are written out prefix by prefix."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import serial
from matinee.kernels.prefixes import Prefixes, divide_among_items, score_next_items

N_ITEMS = 12


def drawn(lengths: tuple[int, ...] = (9, 1, 0, 6, 12)) -> Prefixes:
    rng = np.random.default_rng(3)
    n = sum(lengths)
    items = np.concatenate([rng.permutation(N_ITEMS)[:each] for each in lengths])
    return Prefixes(
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        items=items.astype(np.int32),
        session=np.where(rng.random(n) < 0.2, 0, rng.random(n)).astype(np.float32),
        long=np.array([0.9], dtype=np.float32),
        rarity=rng.uniform(0.5, 2, N_ITEMS).astype(np.float32),
    )


def unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vector)
    return vector / length if length else vector


def histories() -> list[NDArray[np.float64]]:
    """Session and long vector of three histories, `[n_items, 2]`, the second without items."""
    rng = np.random.default_rng(8)
    dense = rng.random((3, N_ITEMS, 2)) * (rng.random((3, N_ITEMS, 1)) < 0.5)
    dense[1] = 0
    return [np.stack([unit(each[:, k]) for k in range(2)], axis=1) for each in dense]


def prefixes_of(prefixes: Prefixes) -> list[tuple[NDArray[np.float64], NDArray[np.float64], int]]:
    """Session vector, long vector and next item of each prefix."""
    found = []
    for start, end in pairwise(prefixes.starts):
        session, long = np.zeros(N_ITEMS), np.zeros(N_ITEMS)
        for place in range(start, end):
            item = int(prefixes.items[place])
            if place > start:
                found.append((session.copy(), long.copy(), item))
            session *= prefixes.session[place]
            long *= 0.9
            session[item] = long[item] = prefixes.rarity[item]
    return found


def test_scores_are_sums_of_products_of_cosines() -> None:
    prefixes, dense = drawn(), histories()
    expected = np.zeros((3, N_ITEMS))
    for row, vectors in enumerate(dense):
        for session, long, item in prefixes_of(prefixes):
            near, far = unit(session) @ vectors[:, 0], unit(long) @ vectors[:, 1]
            expected[row, item] += near**1.5 * far**2
    assert np.count_nonzero(expected) > 15
    stored = [np.flatnonzero(each.any(axis=1)) for each in dense]
    items = np.concatenate(stored).astype(np.int32)
    starts = np.cumsum([0, *map(len, stored)]).astype(np.int32)
    units = np.concatenate([each[some] for each, some in zip(dense, stored, strict=True)])
    entries = (units * prefixes.rarity[items, None]).astype(np.float32)
    for kernel in (score_next_items, serial(score_next_items)):
        scores = np.full((3, N_ITEMS), np.nan, dtype=np.float32)
        kernel(prefixes, starts, items, entries, scores)
        np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-6)


def test_parts_are_shares_of_the_cosine_of_the_session() -> None:
    prefixes, vectors = drawn(), histories()[0]
    own = np.flatnonzero(vectors.any(axis=1))
    scored = np.array([7, 2, 9])
    expected = np.zeros((3, len(own)))
    for session, long, item in prefixes_of(prefixes):
        near, far = unit(session) @ vectors[:, 0], unit(long) @ vectors[:, 1]
        if item in scored and near:
            share = unit(session)[own] * vectors[own, 0] / near
            expected[np.flatnonzero(scored == item)[0]] += near**1.5 * far**2 * share
    columns, rows = np.full((2, N_ITEMS), -1, dtype=np.int32)
    columns[own], rows[scored] = np.arange(len(own)), np.arange(3)
    parts = np.zeros((3, len(own)))
    divide_among_items(prefixes, columns, rows, vectors * prefixes.rarity[:, None], parts)
    assert np.count_nonzero(expected) > 5
    np.testing.assert_allclose(parts, expected, rtol=1e-4, atol=1e-6)
