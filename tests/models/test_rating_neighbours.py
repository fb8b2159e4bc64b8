"""Neighbours over ratings: every form against plain loops, and what Surprise says of the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model

SIMILARITIES = ("cosine", "pearson", "pearson-baseline")
CENTRINGS = ("none", "mean", "z-score", "baseline")
OWN = 5
"""The viewer whose ratings are predicted."""
NEIGHBOURS, SHRINKAGE, DAMPING = 4, 3.0, 0.2
Stars = NDArray[np.float64]


@pytest.fixture(scope="module")
def stars() -> Stars:
    rng = np.random.default_rng(5)
    values: Stars = rng.integers(1, 6, (14, 9)) * (rng.random((14, 9)) < 0.6).astype(float)
    return values


def baseline(stars: Stars) -> tuple[Stars, Stars]:
    """Levels of films and biases of viewers, as long as it takes."""
    rated = stars != 0
    mean = stars[rated].mean()
    films, viewers = np.zeros(stars.shape[1]), np.zeros(len(stars))
    for _ in range(200):
        films = ((stars - mean - viewers[:, None]) * rated).sum(axis=0) / (rated.sum(axis=0) + 5)
        viewers = ((stars - mean - films) * rated).sum(axis=1) / (rated.sum(axis=1) + 15)
    return mean + films, viewers


def likeness_of(x: Stars, y: Stars, similarity: str) -> float:
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
    usual = films + viewers[:, None]
    side = 0 if by_item else 1
    counts = rated.sum(axis=side, keepdims=True)
    means = stars.sum(axis=side, keepdims=True) / counts
    spread = np.sqrt((((stars - means) * rated) ** 2).sum(axis=side, keepdims=True) / counts)
    spread = np.where(spread < 0.1, 1, spread)
    centre, scale = {
        "none": (np.zeros_like(stars), np.ones_like(stars)),
        "mean": (means + np.zeros_like(stars), np.ones_like(stars)),
        "z-score": (means + np.zeros_like(stars), spread + np.zeros_like(stars)),
        "baseline": (usual, np.ones_like(stars)),
    }[centring]
    values = stars - usual if similarity == "pearson-baseline" else stars
    found = []
    for other in range(stars.shape[1] if by_item else len(stars)):
        asked = (OWN, other) if by_item else (other, item)
        if not rated[asked] or asked == (OWN, item):
            continue
        one, two = (values[:, item], values[:, other]) if by_item else (values[OWN], values[other])
        both = rated[:, item] & rated[:, other] if by_item else rated[OWN] & rated[other]
        weight = likeness_of(one[both], two[both], similarity)
        found.append((weight, (stars[asked] - centre[asked]) / scale[asked]))
    nearest = [pair for pair in sorted(found, reverse=True)[:NEIGHBOURS] if pair[0] > 0]
    total = sum(weight * value for weight, value in nearest)
    weights = sum(weight for weight, _ in nearest) + DAMPING
    return float(centre[OWN, item] + scale[OWN, item] * total / weights)


@pytest.mark.parametrize("by_item", [True, False])
@pytest.mark.parametrize(("similarity", "centring"), list(product(SIMILARITIES, CENTRINGS)))
def test_a_rating_is_what_was_expected_and_what_the_nearest_deviate(
    fit: Callable[..., Model],
    ratings: Callable[..., Interactions],
    stars: Stars,
    *,
    by_item: bool,
    similarity: str,
    centring: str,
) -> None:
    options = {
        "neighbours": NEIGHBOURS,
        "shrinkage": SHRINKAGE,
        "damping": DAMPING,
        "similarity": similarity,
        "centring": centring,
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
def test_a_film_nobody_like_it_was_rated_gets_what_was_expected(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query], name: str
) -> None:
    model = fit(name, planted.select(planted.items != 9))
    query = history([0, 1, 25], [5, 4, 1])
    mean = planted.select(planted.items != 9).values.mean()
    films = model.arrays["item_levels" if name == "item-knn-ratings" else "levels"]
    own = (np.array([5, 4, 1]) - films[[0, 1, 25]]).sum() / (3 + 15)
    assert films[9] == pytest.approx(mean, rel=1e-5)
    assert model.score(query)[9] == pytest.approx(mean + own, rel=1e-5)


@pytest.mark.parametrize("name", ["item-knn-ratings", "user-knn-ratings"])
def test_no_ratings_at_all_are_refused(fit: Callable[..., Model], name: str) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit(name, Interactions.empty(Vocabulary.of("film", "abc")))


def test_a_forgotten_viewer_is_no_neighbour_any_more(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("user-knn-ratings", planted)
    own = planted.history(3)
    assert np.isin(3, model.arrays["raters"])
    before = len(model.arrays["raters"])
    model.forget(3)  # type: ignore[attr-defined]
    assert not np.isin(3, model.arrays["raters"])
    for name in ("raters", "compared", "deviations"):
        assert len(model.arrays[name]) == before - len(own)
    rows = sp.csc_array(
        (model.arrays["compared"], model.arrays["raters"], model.arrays["indptr"]), shape=(60, 40)
    )
    np.testing.assert_array_equal(np.diff(rows.tocsr().indptr), np.where(np.arange(60) == 3, 0, 15))
    assert np.isfinite(model.score(history([0, 1, 25], [5, 4, 1]))).all()
    for row in (-1, 60):
        with pytest.raises(InputError, match="not one of the 60 training viewers"):
            model.forget(row)  # type: ignore[attr-defined]
