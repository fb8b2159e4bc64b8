"""Bayesian personalised ranking: exact sums over the history, and what a small fit learns."""

from __future__ import annotations

import numpy as np
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Histories, Interactions
from matinee.models.bpr import like_weights

SMALL = {"factors": 8, "min_rating": 4}


def test_a_score_is_the_scaled_sum_over_the_history(
    fit: Fit, planted: Interactions, history: History, contributions: Contributions
) -> None:
    model = fit("bpr", planted, SMALL)
    own = model.arrays["history_factors"][[2, 9, 30]].sum(axis=0) / np.sqrt(3)
    expected = model.arrays["item_factors"] @ own
    query = history([2, 5, 9, 30], [5, 1, 4, 4])
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5, atol=1e-6)
    parts = contributions(model, query, [7, 31])
    assert not parts[:, 1].any()
    np.testing.assert_allclose(parts.sum(axis=1), expected[[7, 31]], rtol=1e-5, atol=1e-6)


def test_an_item_without_pairs_is_no_evidence(fit: Fit, ratings: Ratings, history: History) -> None:
    # nobody saw the last film; the only viewer of the one before saw nothing else
    rows = [[5, 5, 5, 0, 0, 0], [5, 5, 0, 5, 0, 0], [0, 0, 0, 0, 5, 0]]
    model = fit("bpr", ratings(rows))
    assert not model.arrays["history_factors"][4:].any()
    assert model.arrays["history_factors"][:4].any(axis=1).all()
    for items in ([4], [5], [4, 5]):
        np.testing.assert_array_equal(model.score(history(items)), model.arrays["prior"])


def test_a_small_catalogue_limits_the_negatives(fit: Fit, planted: Interactions) -> None:
    # 40 films: one negative per like, whatever the option says
    one, many = (fit("bpr", planted, {"negatives": each}) for each in (1, 30))
    for key, array in one.arrays.items():
        np.testing.assert_array_equal(many.arrays[key], array)


def test_weights_have_a_mean_of_one_over_all_likes() -> None:
    counts = np.array([1, 10, 100, 0])
    weights = like_weights(counts, 0.3)
    np.testing.assert_allclose(weights @ counts / counts.sum(), 1, rtol=1e-6)
    np.testing.assert_allclose(weights[1] / weights[2], 10**0.3, rtol=1e-5)


def test_users_outside_the_training_data_get_their_taste(fit: Fit, planted: Interactions) -> None:
    model = fit("bpr", planted.select(planted.users >= 6), SMALL)
    histories = planted.matrix[:6]
    unseen = histories.toarray() == 0
    for row, open_films in zip(model.scores(Histories(histories)), unseen, strict=True):
        own, other = row[:20][open_films[:20]], row[20:][open_films[20:]]
        assert (own[:, None] > other).mean() > 0.95
