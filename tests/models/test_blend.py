"""Blend: scores against its parts fitted alone, weights, and parts that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.models import create

PARTS = "ease l2=5 + item-knn neighbours=10"


def test_a_score_is_the_weighted_sum_of_the_parts_over_their_spread(
    fit: Fit, planted: Interactions
) -> None:
    model = fit("blend", planted, {"parts": PARTS})
    histories = Histories.of_users(planted, np.arange(4))
    weights = model.arrays["weights"]
    assert weights.shape[1] == 2
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-6)
    bucket = np.searchsorted(model.arrays["bounds"], 15, side="right")
    expected = np.zeros((4, 40))
    for place, (name, options) in enumerate(
        [("ease", {"l2": 5.0}), ("item-knn", {"neighbours": 10})]
    ):
        scores = fit(name, planted, options).scores(histories).astype(np.float64)
        expected += weights[bucket, place] * scores / scores.std(axis=1, keepdims=True)
    np.testing.assert_allclose(model.scores(histories), expected, rtol=1e-4, atol=1e-5)


def test_an_uninformative_part_gets_little_weight(fit: Fit, planted: Interactions) -> None:
    model = fit("blend", planted, {"parts": "popular + ease l2=5", "depth": 10})
    assert model.arrays["weights"][:, 1].min() > 0.7


def test_only_likes_reach_the_parts(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, history: History
) -> None:
    options = {"parts": "content + ease l2=5", "min_rating": 4}
    model = fit("blend", planted, options, catalog=planted_catalog)
    with_dislike = model.score(history([0, 1, 30], [5, 4, 1]))
    np.testing.assert_array_equal(with_dislike, model.score(history([0, 1], [5, 4])))
    with pytest.raises(InputError, match="none of the 900 ratings reaches min_rating"):
        fit("blend", planted, {**options, "min_rating": 9}, catalog=planted_catalog)


def test_thresholds_of_parts_are_ratings_of_the_data(
    fit: Fit, planted: Interactions, history: History
) -> None:
    hundred = planted.with_scale((0, 100), lambda stars: 25 * stars - 25)
    parts = "ease l2=5 min_rating={} + ials factors=4 like_from={}"
    one = fit("blend", planted, {"parts": parts.format(4, 2)})
    other = fit("blend", hundred, {"parts": parts.format(75, 25)})
    expected = one.score(history([0, 1, 30], [5, 4, 1]))
    np.testing.assert_allclose(other.score(history([0, 1, 30], [100, 75, 0])), expected, rtol=1e-4)


def test_a_half_life_of_a_part_has_an_effect(fit: Fit, planted: Interactions) -> None:
    model = fit("blend", planted, {"parts": "ease l2=5 half_life=1"})
    items, values = np.array([0, 1, 20, 21], dtype=np.int32), np.full(4, 5, dtype=np.float32)
    comedies_first = Query(items, values, np.array([1, 1, 30, 30]) * 86_400)
    scores = model.score(comedies_first)
    assert scores[22:].mean() > scores[2:20].mean()


def test_without_users_of_five_ratings_all_parts_have_the_same_weight(
    fit: Fit, ratings: Ratings
) -> None:
    model = fit("blend", ratings([[5, 4, 0], [0, 3, 5]]), {"parts": PARTS})
    np.testing.assert_array_equal(model.arrays["weights"], [[1, 1]])


def test_contributions_are_those_of_the_parts_weighted(
    fit: Fit, planted: Interactions, history: History, contributions: Contributions
) -> None:
    query, items = history([0, 1, 2, 3, 30], [5, 5, 5, 5, 1]), list(range(4, 20))
    model = fit("blend", planted, {"parts": PARTS, "min_rating": 2})
    parts = contributions(model, query, items)
    np.testing.assert_allclose(parts.sum(axis=1), model.score(query)[items], rtol=1e-4)
    assert not parts[:, 4].any()
    with_prior = fit("blend", planted, {"parts": "popular + popular damping=1"})
    assert not contributions(with_prior, query, items).any()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ("ease +", "not of the form"),
        ("ease l2", "not of the form"),
        ("eaze", "eaze"),
        ("ease l2=-1", "l2"),
        ("ease + user-knn", "stores its training viewers"),
        ("ease + blend", "cannot be a part of a blend"),
    ],
)
def test_impossible_parts_are_refused(parts: str, reason: str) -> None:
    with pytest.raises(OptionError, match="parts") as caught:
        create("blend", {"parts": parts})
    assert reason in str(caught.value)


def test_films_are_compared_by_the_first_part_that_can(fit: Fit, planted: Interactions) -> None:
    model, items = fit("blend", planted, {"parts": "popular + item-knn"}), np.array([3, 4])
    np.testing.assert_array_equal(model.similar(items), fit("item-knn", planted).similar(items))
    with pytest.raises(InputError, match="none of the parts"):
        fit("blend", planted, {"parts": "popular"}).similar(items)
