"""Concordant pairs against loops over all pairs, the paper's and Surprise's."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.metrics.concordance import concordant_pairs


def loops(
    viewers: np.ndarray, predicted: np.ndarray, ratings: np.ndarray
) -> tuple[dict[int, int], dict[int, int]]:
    """Concordant and discordant pairs of each viewer who has any."""
    concordant: dict[int, int] = defaultdict(int)
    discordant: dict[int, int] = defaultdict(int)
    for one, viewer in enumerate(viewers):
        for other in np.flatnonzero(viewers == viewer):
            if ratings[one] > ratings[other]:
                ordered = predicted[one] > predicted[other]
                (concordant if ordered else discordant)[viewer] += 1
    return concordant, discordant


@settings(deadline=None, max_examples=200)
@given(
    seed=st.integers(0, 2**32 - 1), levels=st.integers(2, 6), steps=st.sampled_from([2, 5, 1000])
)
def test_both_counts_are_those_of_loops(seed: int, levels: int, steps: int) -> None:
    # few steps of the prediction make ties
    rng = np.random.default_rng(seed)
    bounds = np.concatenate([[0], np.cumsum(rng.integers(0, 9, 6))])
    ratings = rng.integers(1, levels + 1, bounds[-1]).astype(np.float64)
    predicted = rng.integers(0, steps, bounds[-1]) / np.float64(steps) * 5
    good, bad = loops(np.repeat(np.arange(6), np.diff(bounds)), predicted, ratings)
    pooled = concordant_pairs(predicted - ratings, ratings, bounds)
    by_means = concordant_pairs(predicted - ratings, ratings, bounds, counts="means")
    if not good and not bad:
        assert np.isnan([pooled, by_means]).all()
        return
    n_good, n_bad = sum(good.values()), sum(bad.values())
    assert pooled == pytest.approx(n_good / (n_good + n_bad), abs=1e-12)
    mean_good, mean_bad = (np.mean(list(each.values())) if each else 0 for each in (good, bad))
    assert by_means == pytest.approx(mean_good / (mean_good + mean_bad), abs=1e-12)


def test_equal_predictions_are_not_concordant_and_equal_ratings_are_no_pair() -> None:
    bounds = np.array([0, 3])
    ratings = np.array([1.0, 4.0, 4.0])
    assert concordant_pairs(3 - ratings, ratings, bounds) == 0.0
    assert np.isnan(concordant_pairs(np.arange(3.0), np.full(3, 4.0), bounds))


def test_equal_predictions_tie_whatever_was_subtracted_from_them() -> None:
    # 0.015 - 2 + 2 and 0.015 - 3 + 3 differ in double precision
    ratings = np.array([1.0, 2.0, 3.0])
    assert len(set((0.015 - ratings + ratings).tolist())) > 1
    assert concordant_pairs(0.015 - ratings, ratings, np.array([0, 3])) == 0.0
