"""Neighbours over ratings: every combination of options against plain loops."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Fit, History, Predict, Ratings

from matinee.data import Histories, Interactions, Query

SIMILARITIES = ("cosine", "pearson", "pearson-baseline")
CENTRINGS = ("none", "mean", "z-score", "baseline")
OWN = 5
"""The viewer whose ratings are predicted."""
NEIGHBOURS, SHRINKAGE, DAMPING = 4, 3.0, 0.2
Stars = NDArray[np.float64]


@pytest.fixture(scope="module")
def stars() -> Stars:
    rng = np.random.default_rng(5)
    return rng.integers(1, 6, (14, 9)) * (rng.random((14, 9)) < 0.6).astype(float)


def baseline(stars: Stars) -> tuple[Stars, Stars]:
    """Mean plus film bias, and viewer bias, by alternating least squares."""
    rated = stars != 0
    mean = stars[rated].mean()
    films, viewers = np.zeros(stars.shape[1]), np.zeros(len(stars))
    for _ in range(200):
        films = ((stars - mean - viewers[:, None]) * rated).sum(axis=0) / (rated.sum(axis=0) + 5)
        viewers = ((stars - mean - films) * rated).sum(axis=1) / (rated.sum(axis=1) + 15)
    return mean + films, viewers


def similarity_of(x: Stars, y: Stars, similarity: str) -> float:
    n = len(x)
    if n < 2:
        return 0.0
    if similarity == "pearson":
        x, y = x - x.mean(), y - y.mean()
    norm = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / norm * (n - 1) / (n - 1 + SHRINKAGE)) if norm > 1e-6 else 0.0


def expected_rating(
    stars: Stars, item: int, *, by_item: bool, similarity: str, centring: str
) -> float:
    rated = stars != 0
    films, viewers = baseline(stars)
    expected = films + viewers[:, None]
    side = 0 if by_item else 1
    counts = rated.sum(axis=side, keepdims=True)
    means = stars.sum(axis=side, keepdims=True) / counts
    spread = np.sqrt((((stars - means) * rated) ** 2).sum(axis=side, keepdims=True) / counts)
    spread = np.where(spread < 0.1, 1, spread)
    centre, scale = {
        "none": (np.full_like(stars, stars[rated].mean()), np.ones_like(stars)),
        "mean": (means + np.zeros_like(stars), np.ones_like(stars)),
        "z-score": (means + np.zeros_like(stars), spread + np.zeros_like(stars)),
        "baseline": (expected, np.ones_like(stars)),
    }[centring]
    values = stars - expected if similarity == "pearson-baseline" else stars
    candidates = []
    for other in range(stars.shape[1] if by_item else len(stars)):
        pair = (OWN, other) if by_item else (other, item)
        if not rated[pair] or pair == (OWN, item):
            continue
        one, two = (values[:, item], values[:, other]) if by_item else (values[OWN], values[other])
        both = rated[:, item] & rated[:, other] if by_item else rated[OWN] & rated[other]
        weight = similarity_of(one[both], two[both], similarity)
        candidates.append((weight, (stars[pair] - centre[pair]) / scale[pair]))
    nearest = [each for each in sorted(candidates, reverse=True)[:NEIGHBOURS] if each[0] > 0]
    total = sum(weight * value for weight, value in nearest)
    weights = sum(weight for weight, _ in nearest) + DAMPING
    return float(centre[OWN, item] + scale[OWN, item] * total / weights)


@pytest.mark.parametrize("by_item", [True, False])
@pytest.mark.parametrize(("similarity", "centring"), list(product(SIMILARITIES, CENTRINGS)))
def test_a_prediction_is_the_centre_plus_the_mean_deviation_of_the_nearest(
    fit: Fit, ratings: Ratings, stars: Stars, *, by_item: bool, similarity: str, centring: str
) -> None:
    options = {
        "neighbours": NEIGHBOURS,
        "shrinkage": SHRINKAGE,
        "damping": DAMPING,
        "similarity": similarity,
        "centring": centring,
        "list_damping": 0,
    }
    train = ratings(stars.tolist())
    model = fit("item-knn-ratings" if by_item else "user-knn-ratings", train, options)
    scores = model.score(Query.of(train.history(OWN)))
    for item in np.flatnonzero(stars[OWN] == 0):
        expected = expected_rating(
            stars, int(item), by_item=by_item, similarity=similarity, centring=centring
        )
        assert scores[item] == pytest.approx(expected, abs=2e-3), item


@pytest.mark.parametrize("name", ["item-knn-ratings", "user-knn-ratings"])
def test_a_film_without_neighbours_gets_the_baseline(
    fit: Fit, planted: Interactions, history: History, name: str
) -> None:
    model = fit(name, planted.select(planted.items != 9), {"list_damping": 0})
    query = history([0, 1, 25], [5, 4, 1])
    mean = planted.select(planted.items != 9).values.mean()
    films = model.arrays["item_levels" if name == "item-knn-ratings" else "levels"]
    own = (np.array([5, 4, 1]) - films[[0, 1, 25]]).sum() / (3 + 15)
    assert films[9] == pytest.approx(mean, rel=1e-5)
    assert model.score(query)[9] == pytest.approx(mean + own, rel=1e-5)


@pytest.mark.parametrize("name", ["item-knn-ratings", "user-knn-ratings"])
@pytest.mark.parametrize("similarity", SIMILARITIES)
def test_without_centring_a_stranger_is_predicted_the_mean_and_not_the_lowest_rating(
    fit: Fit, planted: Interactions, predict: Predict, name: str, similarity: str
) -> None:
    some = planted.select(planted.items != 9)
    model = fit(name, some, {"centring": "none", "similarity": similarity})
    mean = pytest.approx(some.values.mean(), rel=1e-5)
    assert predict(model, Query(), [0, 9, 30]) == mean  # no history
    assert predict(model, Query.of(some.history(0)), [9]) == mean  # no neighbours


@pytest.mark.parametrize("name", ["item-knn-ratings", "user-knn-ratings"])
@pytest.mark.parametrize("similarity", SIMILARITIES)
def test_one_history_is_answered_as_among_many(
    fit: Fit, planted: Interactions, name: str, similarity: str
) -> None:
    model = fit(name, planted, {"similarity": similarity, "neighbours": 7})
    several = Histories.of_users(planted, np.arange(4))
    alone = [model.scores(several.take(slice(row, row + 1)))[0] for row in range(4)]
    np.testing.assert_allclose(model.scores(several), alone, rtol=1e-4, atol=1e-4)
