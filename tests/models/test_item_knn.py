"""Item neighbours against scikit-learn's cosine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from matinee.data import Interactions, Query
from matinee.models import Model, item_knn


def sklearn_cosine(interactions: Interactions) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    cosine: np.ndarray[tuple[int, int], np.dtype[np.float64]] = cosine_similarity(
        interactions.matrix.toarray().T > 0
    )
    np.fill_diagonal(cosine, 0)
    return cosine


def test_without_shrinkage_the_likeness_is_the_cosine(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("item-knn", planted, {"shrinkage": 0, "neighbours": 39})
    cosine = sklearn_cosine(planted)
    for item in range(40):
        alike = model.similar(item)
        assert alike[item] == 1
        alike[item] = 0
        np.testing.assert_allclose(alike, cosine[item], atol=1e-6)
    items = [3, 11, 31]
    np.testing.assert_allclose(
        model.score(history(items)), cosine[:, items].sum(axis=1), rtol=1e-5, atol=1e-6
    )


def test_shrinkage_is_added_to_the_denominator(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    # two films of two viewers each who are the same: cosine 2 / 2, shrunk 2 / (2 + 6)
    model = fit("item-knn", ratings([[5, 5, 0], [5, 5, 0], [0, 0, 5]]), {"shrinkage": 6})
    np.testing.assert_allclose(model.similar(0), [1, 0.25, 0])


def test_only_the_nearest_are_kept(fit: Callable[..., Model], planted: Interactions) -> None:
    model = fit("item-knn", planted, {"shrinkage": 0, "neighbours": 5})
    nearest, likeness = model.arrays["nearest"], model.arrays["likeness"]
    assert nearest.shape == likeness.shape == (40, 5)
    assert nearest.dtype == np.int32
    assert likeness.dtype == np.float32
    best = -np.sort(-sklearn_cosine(planted), axis=1)[:, :5]
    np.testing.assert_allclose(likeness, best, atol=1e-6)


def test_blocks_of_the_likeness_matrix_make_no_difference(
    fit: Callable[..., Model], planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fit("item-knn", planted)
    monkeypatch.setattr(item_knn, "_BLOCK", 40 * 7)
    for key, array in fit("item-knn", planted).arrays.items():
        np.testing.assert_array_equal(array, whole.arrays[key])
