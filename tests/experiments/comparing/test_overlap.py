"""Similarity of two models' lists, against the definitions written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data import Dataset
from matinee.experiments.comparing.overlap import overlaps
from matinee.experiments.evaluate import evaluate
from matinee.experiments.recipes import Recipe


def rank_biased_overlap(one: list[int], other: list[int], p: float = 0.9) -> float:
    """Equation 23 of Webber et al., rank by rank."""
    k = len(one)
    shared = [len(set(one[:d]) & set(other[:d])) for d in range(1, k + 1)]
    terms = [shared[d - 1] / d * p**d for d in range(1, k + 1)]
    return shared[-1] / k * p**k + (1 - p) / p * math.fsum(terms)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_films=st.integers(1, 12),
    block=st.sampled_from([1, 30, 2**20]),
)
def test_overlaps_are_the_definitions_for_lists_of_any_length(
    seed: int, n_films: int, block: int
) -> None:
    rng = np.random.default_rng(seed)
    n, k = 6, 8
    first, second = np.full((n, k), -1), np.full((n, k), -1)
    sizes = rng.integers(1, min(k, n_films) + 1, n)
    for row, size in enumerate(sizes):
        first[row, :size], second[row, :size] = (rng.permutation(n_films)[:size] for _ in range(2))
    found = overlaps(first, second, block=block)
    for row, size in enumerate(sizes):
        one, other = first[row, :size].tolist(), second[row, :size].tolist()
        jaccard = len({*one} & {*other}) / len({*one, *other})
        assert found.jaccard[row] == pytest.approx(jaccard, abs=1e-12)
        assert found.rbo[row] == pytest.approx(rank_biased_overlap(one, other), abs=1e-12)


def test_by_hand() -> None:
    # common films of (1, 2, 3) and (3, 2, 4): 0, 1, 2 at the three depths
    found = overlaps(np.array([[1, 2, 3]]), np.array([[3, 2, 4]]))
    assert found.jaccard == pytest.approx([2 / 4])
    rbo = (1 / 2 * 0.9**2 + 2 / 3 * 0.9**3) / 9 + 2 / 3 * 0.9**3
    assert found.rbo == pytest.approx([rbo])


@pytest.mark.parametrize(
    ("other", "alike"),
    [([1, 2, 3, -1], 1.0), ([4, 5, 6, -1], 0.0)],
)
def test_equal_lists_have_1_and_lists_without_a_common_film_0(
    other: list[int], alike: float
) -> None:
    found = overlaps(np.array([[1, 2, 3, -1]]), np.array([other]))
    assert (found.jaccard[0], found.rbo[0]) == pytest.approx((alike, alike))


def test_the_same_films_in_another_order_differ_in_rank_biased_overlap_alone() -> None:
    found = overlaps(np.array([[1, 2, 3]]), np.array([[3, 2, 1]]))
    assert found.jaccard == pytest.approx([1.0])
    assert 0 < found.rbo[0] < 1


def test_pairs_of_a_comparison_have_the_overlap_at_the_deciding_length(dataset: Dataset) -> None:
    models = [("popular", {}), ("popular", {"damping": 9.0}), ("random", {})]
    comparison = evaluate(Recipe(models, k=(3, 10), seeds=(0, 1)), dataset)
    by_name = {each.name: each.splits for each in comparison.results}
    for pair in comparison.pairs:
        splits = zip(by_name[pair.better], by_name[pair.other], strict=True)
        lists = [(one.lists, other.lists) for one, other in splits]
        means = [
            overlaps(one.items[:, :10], other.items[:, :10]).rbo.mean()
            for one, other in lists
            if one and other
        ]
        assert pair.overlap is not None
        assert pair.overlap.rbo == pytest.approx(np.mean(means))
        assert pair.to_json()["overlap"]["jaccard"] == pair.overlap.jaccard
    overlap = {(each.better, each.other): each.overlap for each in comparison.pairs}
    populars = next(each for pair, each in overlap.items() if "random" not in pair)
    others = [each for pair, each in overlap.items() if "random" in pair]
    assert populars is not None
    assert all(each is not None and each.rbo < populars.rbo for each in others)


def test_predicted_ratings_have_no_lists_to_compare(dataset: Dataset) -> None:
    comparison = evaluate(["popular", ("baseline", {})], dataset, "folds")
    (pair,) = comparison.pairs
    assert pair.overlap is None
    assert "overlap" not in pair.to_json()
