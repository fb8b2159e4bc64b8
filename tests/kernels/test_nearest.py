"""Nearest neighbours, compared with sorting all candidates."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matinee.kernels.compiled import csr, serial
from matinee.kernels.nearest import kth_largest, mean_of_nearest, most_related, strongest
from matinee.kernels.threads import threads


def some_ratings(rows: int, columns: int, rng: np.random.Generator) -> sp.csr_array:
    values = rng.standard_normal((rows, columns), dtype=np.float32)
    return sp.csr_array(values * (rng.random((rows, columns)) < 0.6))


def plain_means(
    candidates: sp.csr_array,
    targets: sp.csr_array,
    similarity: NDArray[np.float32],
    *,
    by_item: bool,
    neighbours: int,
    damping: float,
) -> list[float]:
    means = []
    for user, item in zip(*targets.nonzero(), strict=True):
        near, row = (item, user) if by_item else (user, item)
        own = candidates[[row]]
        pairs = sorted(zip(similarity[near, own.indices], own.data, strict=True), reverse=True)
        nearest = [(weight, value) for weight, value in pairs[:neighbours] if weight > 0]
        weights = sum(weight for weight, _ in nearest) + damping
        total = sum(weight * value for weight, value in nearest)
        means.append(float(total / weights) if weights else 0.0)
    return means


@pytest.mark.parametrize("by_item", [True, False])
@pytest.mark.parametrize("neighbours", [1, 3, 7, 1000])
@pytest.mark.parametrize("damping", [0.0, 0.7])
def test_the_mean_is_over_the_first_after_sorting(
    *, by_item: bool, neighbours: int, damping: float
) -> None:
    rng = np.random.default_rng(neighbours)
    targets = some_ratings(11, 40, rng)
    candidates = some_ratings(11, 40, rng) if by_item else some_ratings(40, 25, rng)
    similarity = rng.uniform(-1, 1, (40, 40) if by_item else (11, 25)).astype(np.float32)
    similarity = np.maximum(similarity, similarity.T) if by_item else similarity
    inputs = csr(candidates), csr(targets), similarity, by_item, neighbours, np.float32(damping)
    results = [serial(mean_of_nearest)(*inputs)]
    for n in (1, 2):
        with threads(n):
            results.append(mean_of_nearest(*inputs))
    np.testing.assert_array_equal(results[1], results[2])
    expected = plain_means(
        candidates, targets, similarity, by_item=by_item, neighbours=neighbours, damping=damping
    )
    for means in results[:2]:
        np.testing.assert_allclose(means, expected, atol=1e-5)


def test_ties_do_not_exceed_the_number_of_neighbours() -> None:
    candidates = sp.csr_array(np.array([[1, 2, 4, 8]], dtype=np.float32))
    similarity = np.full((4, 4), 0.5, dtype=np.float32)
    target = sp.csr_array(np.array([[1]], dtype=np.float32))
    inputs = csr(candidates), csr(target), similarity, True, 2, np.float32(0)
    means = mean_of_nearest(*inputs)
    assert means.tolist() == [1.5]


def related(
    matrix: sp.csr_array, rarity: NDArray[np.float32], m: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    by_item = matrix.T.tocsr()
    items = np.full((matrix.shape[1], m), 77, dtype=np.int32)
    sums = np.full((matrix.shape[1], m), np.nan, dtype=np.float32)
    most_related(csr(matrix), csr(by_item), rarity, items, sums)
    return items, sums


def plain_related(
    matrix: sp.csr_array, rarity: NDArray[np.float32], m: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    gram = (matrix.T @ matrix).toarray()
    np.fill_diagonal(gram, 0)
    items = np.full((len(gram), m), -1, dtype=np.int32)
    sums = np.zeros((len(gram), m), dtype=np.float32)
    for item, row in enumerate(gram):
        best = np.argsort(-row * rarity, kind="stable")[:m]
        best = np.sort(best[row[best] > 0])
        items[item, : len(best)], sums[item, : len(best)] = best, row[best]
    return items, sums


@pytest.mark.parametrize(
    ("m", "n_items"), [(1, 80), (3, 80), (20, 80), (79, 80), (150, 1100), (300, 1100)]
)
@pytest.mark.parametrize("n_users", [4, 60])
def test_related_items_are_the_largest_entries_and_the_first_of_equal_ones(
    m: int, n_items: int, n_users: int
) -> None:
    rng = np.random.default_rng(m)
    seen = rng.integers(0, 3, (n_users, n_items)) * (rng.random((n_users, n_items)) < 0.15)
    matrix = sp.csr_array(seen, dtype=np.float32)  # integers: sums are exact, and often equal
    rarity = np.exp2(-rng.integers(0, 3, n_items)).astype(np.float32)
    expected = plain_related(matrix, rarity, m)
    for n in (1, 2):
        with threads(n):
            result = related(matrix, rarity, m)
        for ours, plain in zip(result, expected, strict=True):
            np.testing.assert_array_equal(ours, plain)


def test_the_strongest_are_those_of_a_stable_sort() -> None:
    rng = np.random.default_rng(0)
    matrix = sp.csr_array(rng.integers(0, 3, (12, 60)) * (rng.random((12, 60)) < 0.2))
    rarity = np.exp2(-rng.integers(0, 3, 60)).astype(np.float32)
    items, sums = related(matrix.astype(np.float32), rarity, 30)
    strength = np.where(items >= 0, sums * rarity[items], -1)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :12]
    expected = np.take_along_axis(items, order, axis=1)
    assert (expected < 0).any()
    for n in (1, 2):
        found = np.full((60, 12), 77, dtype=np.int32)
        with threads(n):
            strongest(items, sums, rarity, found)
        np.testing.assert_array_equal(found, expected)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40), st.data())
def test_the_kth_largest_is_the_one_at_its_sorted_position(
    numbers: list[int], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(numbers)))
    kth = kth_largest(np.array(numbers, dtype=np.float32), k)
    assert kth == sorted(numbers, reverse=True)[k - 1]
