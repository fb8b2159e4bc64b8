"""Diversity computed from sums against a loop over all pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import cosine

from matinee.metrics.diversity import (
    co_rating_cosines,
    co_rating_diversity,
    intra_list_diversity,
    personalisation,
)

N_FILMS = 20


def short_lists(seed: int, n: int = 30, k: int = 6) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    items = np.argsort(rng.random((n, N_FILMS)), axis=1)[:, :k]
    items[np.arange(k)[None] >= rng.integers(0, k + 1, (n, 1))] = -1
    return items


def mean_over_pairs(
    items: NDArray[np.int64], rows: NDArray[np.float64], distance: str
) -> list[float]:
    """Mean over films with a non-empty row; NaN without a pair."""
    means = []
    for films in items:
        known = [rows[film] for film in films if film >= 0 and rows[film].any()]
        pairs = [
            float(cosine(one, other)) if distance == "cosine" else float((one != other).sum())
            for one, other in combinations(known, 2)
        ]
        means.append(sum(pairs) / len(pairs) if pairs else float("nan"))
    return means


@pytest.mark.parametrize("distance", ["cosine", "hamming"])
@pytest.mark.parametrize("seed", [0, 1])
def test_diversity_by_genre_is_the_mean_over_pairs(distance: str, seed: int) -> None:
    rows = (np.random.default_rng(seed).random((N_FILMS, 5)) < 0.3).astype(np.float64)
    assert not rows.any(axis=1).all(), "a film without a genre"
    items = short_lists(seed)
    ours = intra_list_diversity(items, sp.csr_array(rows), distance=distance)  # type: ignore[arg-type]
    expected = mean_over_pairs(items, rows, distance)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)
    assert np.isnan(ours).any()


def test_diversity_by_co_rating_is_the_mean_over_pairs() -> None:
    rng = np.random.default_rng(2)
    popularity = np.linspace(0, 0.6, N_FILMS)
    ratings = rng.integers(1, 6, (50, N_FILMS)) * (rng.random((50, N_FILMS)) < popularity)
    items = short_lists(3)
    ours = co_rating_diversity(items, sp.csr_array(ratings.astype(np.float32)))
    rated = (ratings > 0).astype(np.float64).T
    assert not rated.any(axis=1).all(), "a film that nobody rated"
    expected = mean_over_pairs(items, rated, "cosine")
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)
    train = sp.csr_array(ratings.astype(np.float32))
    listed = np.where(np.append(rated.any(axis=1), False)[items], items, -1)
    in_blocks = co_rating_cosines(listed, train, block=40)
    np.testing.assert_allclose(in_blocks, co_rating_cosines(listed, train), rtol=0, atol=1e-12)


def test_a_rating_of_zero_is_a_rating() -> None:
    train = sp.csr_array((np.zeros(2, dtype=np.float32), ([0, 0], [0, 1])), shape=(1, 2))
    assert co_rating_diversity(np.array([[0, 1]]), train).tolist() == [0.0]


def test_equal_genres_are_diversity_zero_and_no_common_genre_is_one() -> None:
    genres = sp.csr_array(np.array([[1.0, 0], [1.0, 0], [0, 1.0]]))
    assert intra_list_diversity(np.array([[0, 1], [0, 2]]), genres).tolist() == [0.0, 1.0]
    genres = sp.csr_array((N_FILMS, 0), dtype=np.float32)
    assert np.isnan(intra_list_diversity(short_lists(4), genres)).all()


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 12), k=st.integers(1, 8))
def test_personalisation_is_the_mean_over_pairs_of_viewers(seed: int, n: int, k: int) -> None:
    items = np.argsort(np.random.default_rng(seed).random((n, N_FILMS)), axis=1)[:, :k]
    shared = [len(set(one) & set(other)) / k for one, other in combinations(items.tolist(), 2)]
    assert personalisation(items) == pytest.approx(1 - sum(shared) / len(shared), abs=1e-12)


def test_empty_lists_do_not_count() -> None:
    lists = np.array([[0, 1], [0, 1], [-1, -1]])
    assert personalisation(lists) == 0.0
    assert np.isnan(personalisation(lists[1:]))


def test_cosines_are_by_the_norm_of_weighted_genres() -> None:
    genres = sp.csr_array(np.array([[2.0, 0.0], [2.0, 2.0], [0.0, 0.0]]))
    items = np.array([[0, 1, 2]])
    assert intra_list_diversity(items, genres) == pytest.approx([1 - np.sqrt(0.5)])
    assert intra_list_diversity(items, genres, distance="hamming") == pytest.approx([1.0])
    stored = sp.csr_array((np.array([1.0, 0.0]), [0, 1], [0, 1, 2]), shape=(2, 2))
    assert np.isnan(intra_list_diversity(np.array([[0, 1]]), stored)).all()  # a stored 0 is none
