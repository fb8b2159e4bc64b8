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
    model = fit("user-knn", planted, {"neighbours": k, "shrinkage": 0})
    np.testing.assert_allclose(model.score(history(items)), expected, rtol=1e-5)


def test_a_forgotten_viewer_is_nobodys_neighbour(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("user-knn", planted)
    assert isinstance(model, UserKnn)
    model.forget(17)
    without = fit("user-knn", planted.select(planted.users != 17))
    query = history([0, 2, 3, 30])
    np.testing.assert_array_equal(model.score(query), without.score(query))
    assert model.arrays["indptr"].dtype == np.int32
    assert model.arrays["indptr"][17] == model.arrays["indptr"][18]
    np.testing.assert_array_equal(model.arrays["indices"], without.arrays["indices"])


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
