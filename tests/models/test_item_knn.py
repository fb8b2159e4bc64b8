"""Item neighbours against scikit-learn's cosine."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics.pairwise import cosine_similarity
from tests.models.conftest import Fit, History, Ratings

from matinee.data import Interactions
from matinee.models.item_knn import ItemKnn, nearest_items

PLAIN = {"weighting": "cosine", "lowest_weight": 1}
EVERY = np.arange(40)


def sklearn_cosine(interactions: Interactions) -> NDArray[np.float64]:
    cosine: NDArray[np.float64] = cosine_similarity(interactions.matrix.toarray().T > 0)
    np.fill_diagonal(cosine, 0)
    return cosine


def test_without_shrinkage_the_similarity_is_the_cosine(
    fit: Fit, planted: Interactions, history: History
) -> None:
    model = fit("item-knn", planted, {**PLAIN, "shrinkage": 0, "neighbours": 39})
    cosine = sklearn_cosine(planted)
    np.testing.assert_allclose(model.similar(EVERY), cosine + np.eye(40), atol=1e-6)
    items = [3, 11, 31]
    np.testing.assert_allclose(
        model.score(history(items)), cosine[:, items].sum(axis=1), rtol=1e-5, atol=1e-6
    )


def test_shrinkage_is_added_to_the_denominator(fit: Fit, ratings: Ratings) -> None:
    # two films with the same two viewers: cosine 2 / 2, shrunk 2 / (2 + 6)
    options = {**PLAIN, "shrinkage": 6}
    model = fit("item-knn", ratings([[5, 5, 0], [5, 5, 0], [0, 0, 5]]), options)
    np.testing.assert_allclose(model.similar(np.array([0])), [[1, 0.25, 0]])


def test_only_the_nearest_are_stored(fit: Fit, planted: Interactions) -> None:
    model = fit("item-knn", planted, {**PLAIN, "shrinkage": 0, "neighbours": 5})
    nearest, similarity = model.arrays["nearest"], model.arrays["similarity"]
    assert nearest.shape == similarity.shape == (40, 5)
    assert nearest.dtype == np.int32
    assert similarity.dtype == np.float32
    best = -np.sort(-sklearn_cosine(planted), axis=1)[:, :5]
    np.testing.assert_allclose(similarity, best, atol=1e-6)


@pytest.mark.parametrize("weighting", ["cosine", "tfidf", "bm25"])
def test_block_size_makes_no_difference(weighting: str, fit: Fit, planted: Interactions) -> None:
    model = fit("item-knn", planted, {"weighting": weighting})
    assert isinstance(model, ItemKnn)
    blocks = nearest_items(model.weigh(planted), model.config, block=40 * 7)
    for array, name in zip(blocks, ("nearest", "similarity"), strict=True):
        np.testing.assert_array_equal(array, model.arrays[name])


def test_viewers_with_few_films_weigh_more_and_low_ratings_less(
    fit: Fit, planted: Interactions
) -> None:
    model = fit("item-knn", planted, {"neighbours": 39, "shrinkage": 4, "lowest_weight": 0.5})
    stars = planted.matrix.toarray().astype(np.float64)
    weights = np.where(stars > 0, 0.5 + 0.5 * (stars - 1) / 4, 0)
    counts = np.count_nonzero(stars, axis=1)
    films = (weights * np.log1p((40 - counts + 0.5) / (counts + 0.5))[:, None]).T
    norms = np.linalg.norm(films, axis=1)
    expected = films @ films.T / (np.outer(norms, norms) + 4)
    np.fill_diagonal(expected, 1)
    np.testing.assert_allclose(model.similar(EVERY), expected, rtol=1e-4, atol=1e-6)


def test_bm25_follows_its_formula(fit: Fit, ratings: Ratings) -> None:
    # film 0 has three viewers, film 1 two, film 2 one; films have two viewers on average
    stars = [[5, 5, 0], [5, 0, 0], [5, 5, 5]]
    model = fit("item-knn", ratings(stars), {"weighting": "bm25", "k1": 2, "b": 0.5})
    rare = np.log1p((3 - np.array([2, 1, 3]) + 0.5) / (np.array([2, 1, 3]) + 0.5))
    weights = [3 / (1 + 2 * (0.5 + 0.5 * length / 2)) for length in (3, 2, 1)]
    own = np.where(np.array(stars).T > 0, rare, 0) * np.array(weights)[:, None]
    similar = model.similar(np.array([0]))[0]
    np.testing.assert_allclose(similar[1:], own[1:] @ own[0], rtol=1e-5)
