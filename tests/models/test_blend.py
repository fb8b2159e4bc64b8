"""Blend: its score against the parts fitted alone, its weights, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.models import Model, create

Fit = Callable[..., Model]
PARTS = "ease l2=5 + item-knn neighbours=10"


def test_a_score_is_the_weighted_sum_of_the_parts_over_their_spread(
    fit: Fit, planted: Interactions
) -> None:
    model = fit("blend", planted, {"parts": PARTS})
    shown = planted.matrix[:4]
    weights = model.arrays["weights"]
    assert weights.shape[1] == 2
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-6)
    expected = np.zeros((4, 40))
    for place, (name, options) in enumerate(
        [("ease", {"l2": 5.0}), ("item-knn", {"neighbours": 10})]
    ):
        scores = fit(name, planted, options).scores(shown).astype(np.float64)
        bucket = np.searchsorted(model.arrays["bounds"], 15, side="right")
        expected += weights[bucket, place] * scores / scores.std(axis=1, keepdims=True)
    np.testing.assert_allclose(model.scores(shown), expected, rtol=1e-4, atol=1e-5)


def test_a_part_that_knows_nothing_is_given_no_weight(fit: Fit, planted: Interactions) -> None:
    model = fit("blend", planted, {"parts": "popular + ease l2=5", "depth": 10})
    assert model.arrays["weights"][:, 1].min() > 0.7


def test_only_likes_reach_the_parts(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, history: Callable[..., Query]
) -> None:
    options = {"parts": "content + ease l2=5", "min_rating": 4}
    model = fit("blend", planted, options, catalog=planted_catalog)
    with_dislike = model.score(history([0, 1, 30], [5, 4, 1]))
    np.testing.assert_array_equal(with_dislike, model.score(history([0, 1], [5, 4])))


def test_parts_weigh_the_same_where_nobody_has_enough_ratings(
    fit: Fit, ratings: Callable[..., Interactions]
) -> None:
    model = fit("blend", ratings([[5, 4, 0], [0, 3, 5]]), {"parts": PARTS})
    np.testing.assert_array_equal(model.arrays["weights"], [[1, 1]])


def test_reasons_are_those_of_the_parts_weighted(
    fit: Fit, planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("blend", planted, {"parts": PARTS})
    query = history([0, 1, 2, 3])
    scores = model.score(query)
    best = int(np.argmax(scores[4:20])) + 4
    parts = model.contributions(query, best)
    assert parts is not None
    assert parts.sum() == pytest.approx(scores[best], rel=1e-4)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("ease +", "not of the form"),
        ("ease l2", "not of the form"),
        ("eaze", "eaze"),
        ("ease l2=-1", "l2"),
        ("ease + user-knn", "keeps the training viewers"),
        ("ease + blend", "cannot be a part of a blend"),
    ],
)
def test_parts_that_cannot_be_are_refused_by_the_option(parts: str, said: str) -> None:
    with pytest.raises(OptionError, match="parts") as caught:
        create("blend", {"parts": parts})
    assert said in str(caught.value)


def test_films_are_compared_by_a_part_that_can(fit: Fit, planted: Interactions) -> None:
    model = fit("blend", planted, {"parts": "popular + item-knn"})
    np.testing.assert_array_equal(model.similar(3), fit("item-knn", planted).similar(3))
    with pytest.raises(InputError, match="none of the parts"):
        fit("blend", planted, {"parts": "popular"}).similar(3)
