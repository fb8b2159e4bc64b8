"""User neighbours against scikit-learn's, and the forgetting of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from matinee.data import Interactions, Query
from matinee.errors import InputError
from matinee.models import Model
from matinee.models.user_knn import UserKnn


def test_a_score_is_the_likeness_of_the_nearest_viewers_who_saw_the_film(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    items = [0, 2, 3, 7, 11, 13]
    seen = planted.matrix.toarray() > 0
    query = np.zeros((1, 40), dtype=bool)
    query[0, items] = True
    finder = NearestNeighbors(metric="cosine").fit(seen)
    # as many neighbours as leave no tie at the end of the list
    distances, rows = finder.kneighbors(query, 60)
    k = next(k for k in range(8, 60) if distances[0, k] - distances[0, k - 1] > 1e-6)
    expected = (1 - distances[0, :k]) @ seen[rows[0, :k]]
    model = fit("user-knn", planted, {"neighbours": k, "shrinkage": 0, "weighting": "cosine"})
    np.testing.assert_allclose(model.score(history(items)), expected, rtol=1e-5)


@pytest.mark.parametrize("weighting", ["tfidf", "bm25"])
def test_films_weigh_by_rarity_and_long_lists_less(
    weighting: str,
    fit: Callable[..., Model],
    planted: Interactions,
    history: Callable[..., Query],
) -> None:
    options = {"weighting": weighting, "neighbours": 60, "shrinkage": 2, "k1": 3, "b": 0.4}
    model = fit("user-knn", planted, {**options, "lowest_worth": 0.5})
    stars = planted.matrix.toarray().astype(np.float64)
    query = np.zeros((1, 40))
    query[0, [0, 2, 3, 7, 30]] = [5, 3, 5, 1, 4]
    everyone = np.concatenate([query, stars])
    worth = np.where(everyone > 0, 0.5 + 0.5 * (everyone - 1) / 4, 0)
    fans = np.count_nonzero(stars, axis=0)
    weights = worth * np.log1p((60 - fans + 0.5) / (fans + 0.5))
    if weighting == "bm25":
        lengths = np.count_nonzero(everyone, axis=1)[:, None]
        mean = np.count_nonzero(stars) / 60
        weights *= 4 / np.where(worth > 0, worth + 3 * (0.6 + 0.4 * lengths / mean), 1)
    likeness = weights[1:] @ weights[0]
    if weighting == "tfidf":
        norms = np.linalg.norm(weights, axis=1)
        likeness /= norms[1:] * norms[0] + 2
    np.testing.assert_allclose(
        model.score(history([0, 2, 3, 7, 30], [5, 3, 5, 1, 4])), likeness @ worth[1:], rtol=1e-4
    )


def test_a_forgotten_viewer_is_nobodys_neighbour(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    options = {"weighting": "cosine"}  # others leave how rare films are until the next fit
    model = fit("user-knn", planted, options)
    assert isinstance(model, UserKnn)
    model.forget(17)
    without = fit("user-knn", planted.select(planted.users != 17), options)
    query = history([0, 2, 3, 30])
    np.testing.assert_array_equal(model.score(query), without.score(query))
    assert model.arrays["indptr"].dtype == np.int32
    assert model.arrays["indptr"][17] == model.arrays["indptr"][18]
    for name in ("indices", "worth", "weights"):
        np.testing.assert_array_equal(model.arrays[name], without.arrays[name])


def test_forgetting_twice_or_everybody_leaves_the_prior(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("user-knn", planted)
    assert isinstance(model, UserKnn)
    for user in [0, *range(60)]:
        model.forget(user)
    np.testing.assert_array_equal(model.score(history([0, 1])), model.arrays["prior"])


@pytest.mark.parametrize("user", [-1, 60])
def test_a_row_that_does_not_exist_cannot_be_forgotten(
    user: int, fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("user-knn", planted)
    assert isinstance(model, UserKnn)
    with pytest.raises(InputError, match="60 training viewers"):
        model.forget(user)
