"""Biased matrix factorisation: its fold-in against least squares, its error on real ratings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model


def test_a_viewer_is_the_ridge_regression_of_their_history(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("svd", planted, {"factors": 6, "fold_in_l2": 2.5})
    factors = model.arrays["item_factors"].astype(np.float64)
    base = model.arrays["mean"][0] + model.arrays["item_biases"].astype(np.float64)
    items, stars = [1, 5, 22, 30, 8], np.array([5, 4, 1, 2, 5.0])
    # ridge is least squares with rows of the root of the penalty below, whose targets are zero
    features = np.column_stack([np.ones(5), factors[items]])
    stacked = np.vstack([features, np.sqrt(2.5) * np.eye(7)])
    targets = np.concatenate([stars - base[items], np.zeros(7)])
    own = np.linalg.lstsq(stacked, targets)[0]
    expected = base + own[0] + factors @ own[1:]
    query = history(items, stars.tolist())
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5)
    every = np.arange(40, dtype=np.int32)
    np.testing.assert_allclose(model.predict(query, every), np.clip(expected, 1, 5), rtol=1e-5)


def test_planted_ratings_are_predicted_better_than_by_biases(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    held_out = np.random.default_rng(0).random(len(planted)) < 0.1
    train, test = planted.select(~held_out), planted.select(held_out)

    def error_on(name: str) -> float:
        model, errors = fit(name, train), []
        for user in np.unique(test.users).tolist():
            wanted = test.history(user)
            predicted = model.predict(Query.of(train.history(user)), wanted.items)
            errors.append(predicted - wanted.values)
        return float(np.sqrt(np.mean(np.square(np.concatenate(errors)))))

    assert error_on("svd") < 0.8 * error_on("popular")


def test_a_film_without_ratings_has_no_factors_and_no_bias(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("svd", planted.select(planted.items != 4))
    assert not model.arrays["item_factors"][4].any()
    assert model.arrays["item_biases"][4] == 0


def test_no_ratings_at_all_are_refused(fit: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("svd", Interactions.empty(Vocabulary.of("film", "abc")))


def test_movielens_is_predicted_at_least_as_well_as_by_surprise(
    fit: Callable[..., Model], mirror: Path
) -> None:
    # Surprise's SVD with its defaults has an RMSE of .938, the mean of five folds; on the first
    # of them, the hardest, this model must be below it too
    columns = np.loadtxt(mirror / "ml-100k" / "u.data", dtype=np.int64)
    everything = Interactions(
        users=(columns[:, 0] - 1).astype(np.int32),
        items=(columns[:, 1] - 1).astype(np.int32),
        values=columns[:, 2].astype(np.float32),
        times=columns[:, 3],
        user_ids=Vocabulary.of("viewer", range(1, 944)),
        item_ids=Vocabulary.of("film", range(1, 1683)),
    )
    first_fold = np.arange(len(columns)) < 20_000
    train, test = everything.select(~first_fold), everything.select(first_fold)
    model = fit("svd", train)
    squares = 0.0
    for user in np.unique(test.users).tolist():
        wanted = test.history(user)
        predicted = model.predict(Query.of(train.history(user)), wanted.items)
        squares += float(np.square(predicted - wanted.values).sum())
    assert np.sqrt(squares / len(test)) < 0.93
