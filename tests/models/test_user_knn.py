"""User neighbours against those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors
from tests.models.conftest import Contributions, Fit, History

from matinee.data import Interactions


def test_a_score_is_the_sum_of_similarities_of_the_nearest_viewers_of_the_film(
    fit: Fit, planted: Interactions, history: History
) -> None:
    items = [0, 2, 3, 7, 11, 13]
    seen = planted.matrix.toarray() > 0
    query = np.zeros((1, 40), dtype=bool)
    query[0, items] = True
    finder = NearestNeighbors(metric="cosine").fit(seen)
    # a number of neighbours without a tie at the end of the list
    distances, rows = finder.kneighbors(query, 60)
    k = next(k for k in range(8, 60) if distances[0, k] - distances[0, k - 1] > 1e-6)
    expected = (1 - distances[0, :k]) @ seen[rows[0, :k]]
    model = fit("user-knn", planted, {"neighbours": k, "shrinkage": 0, "weighting": "cosine"})
    np.testing.assert_allclose(model.score(history(items)), expected, rtol=1e-5)


@pytest.mark.parametrize("weighting", ["tfidf", "bm25"])
def test_rare_films_weigh_more_and_long_lists_less(
    weighting: str, fit: Fit, planted: Interactions, history: History
) -> None:
    options = {"weighting": weighting, "neighbours": 60, "shrinkage": 2, "k1": 3, "b": 0.4}
    model = fit("user-knn", planted, {**options, "lowest_weight": 0.5})
    stars = planted.matrix.toarray().astype(np.float64)
    query = np.zeros((1, 40))
    query[0, [0, 2, 3, 7, 30]] = [5, 3, 5, 1, 4]
    everyone = np.concatenate([query, stars])
    ratings = np.where(everyone > 0, 0.5 + 0.5 * (everyone - 1) / 4, 0)
    viewers = np.count_nonzero(stars, axis=0)
    weights = ratings * np.log1p((60 - viewers + 0.5) / (viewers + 0.5))
    if weighting == "bm25":
        lengths = np.count_nonzero(everyone, axis=1)[:, None]
        mean = np.count_nonzero(stars) / 60
        weights *= 4 / np.where(ratings > 0, ratings + 3 * (0.6 + 0.4 * lengths / mean), 1)
    similarity = weights[1:] @ weights[0]
    if weighting == "tfidf":
        norms = np.linalg.norm(weights, axis=1)
        similarity /= norms[1:] * norms[0] + 2
    np.testing.assert_allclose(
        model.score(history([0, 2, 3, 7, 30], [5, 3, 5, 1, 4])), similarity @ ratings[1:], rtol=1e-4
    )


def test_contributions_add_up_and_leave_out_films_without_common_viewers(
    fit: Fit, planted: Interactions, history: History, contributions: Contributions
) -> None:
    model, query = fit("user-knn", planted.select(planted.items != 30)), history([0, 1, 2, 30])
    parts = contributions(model, query, [3, 4, 30])
    np.testing.assert_allclose(parts.sum(axis=1), model.score(query)[[3, 4, 30]], rtol=1e-5)
    assert not parts[:, 3].any()
    assert not parts[2].any()


def test_similarity_is_the_cosine_of_likes(fit: Fit, planted: Interactions) -> None:
    every = np.arange(40)
    expected = cosine_similarity((planted.matrix.toarray() > 0).T)
    np.testing.assert_allclose(fit("user-knn", planted).similar(every), expected, atol=1e-6)
