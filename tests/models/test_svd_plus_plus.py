"""SVD++: its fold-in against least squares, and what the choice of films says without the stars."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model


def test_a_viewer_is_an_implicit_sum_and_a_ridge_regression_of_the_rest(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("svd-plus-plus", planted, {"factors": 6, "fold_in_l2": 2.5})
    films = model.arrays["item_factors"].astype(np.float64)
    base = model.arrays["mean"][0] + model.arrays["item_biases"].astype(np.float64)
    items, stars = [1, 5, 22, 30, 8], np.array([5, 4, 1, 2, 5.0])
    implied = model.arrays["implicit_factors"][items].sum(axis=0) / np.sqrt(5)
    # ridge is least squares with rows of the root of the penalty below, whose targets are zero
    features = np.column_stack([np.ones(5), films[items]])
    stacked = np.vstack([features, np.sqrt(2.5) * np.eye(7)])
    rest = stars - base[items] - films[items] @ implied
    own = np.linalg.lstsq(stacked, np.concatenate([rest, np.zeros(7)]))[0]
    expected = base + own[0] + films @ (own[1:] + implied)
    query = history(items, stars.tolist())
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5)
    every = np.arange(40, dtype=np.int32)
    np.testing.assert_allclose(model.predict(query, every), np.clip(expected, 1, 5), rtol=1e-5)


def test_which_films_were_rated_counts_whatever_the_stars(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("svd-plus-plus", planted, {"fold_in_l2": 1e6})  # nothing is learned from stars
    comedies = model.score(history([0, 1, 2, 3, 4], [3.0] * 5))
    horrors = model.score(history([20, 21, 22, 23, 24], [3.0] * 5))
    assert comedies[5:20].mean() > horrors[5:20].mean() + 0.5
    assert horrors[25:].mean() > comedies[25:].mean() + 0.5


def test_films_without_ratings_and_strangers_rest_on_the_biases(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("svd-plus-plus", planted.select(planted.items != 4))
    for array in ("item_factors", "implicit_factors", "item_biases"):
        assert not model.arrays[array][4].any()
    every = np.arange(40, dtype=np.int32)
    base = model.arrays["mean"][0] + model.arrays["item_biases"]
    np.testing.assert_allclose(model.predict(Query(), every), np.clip(base, 1, 5), rtol=1e-6)


def test_no_ratings_at_all_are_refused(fit: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("svd-plus-plus", Interactions.empty(Vocabulary.of("film", "abc")))
