"""Biased matrix factorisation: its fold-in against least squares, its error on real ratings."""

from __future__ import annotations

import numpy as np
from tests.models.conftest import Fit, History, Predict

from matinee.data import Catalog, Histories, Interactions
from matinee.data.splits import Split
from matinee.experiments.measuring.scoring import prediction_errors
from matinee.models.svd import Svd, SvdConfig
from matinee.testing import Subject
from matinee.testing.contribution_rules import contributions_add_up


def test_the_fold_in_is_a_ridge_regression_on_the_history(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    model = fit("svd", planted, {"factors": 6, "fold_in_l2": 2.5, "list_damping": 0})
    factors = model.arrays["item_factors"].astype(np.float64)
    base = model.arrays["mean"][0] + model.arrays["item_biases"].astype(np.float64)
    items, stars = [1, 5, 8, 22, 30], np.array([5, 4, 5, 1, 2.0])
    # the penalty equals additional rows of its root with target 0
    features = np.column_stack([np.ones(5), factors[items]])
    stacked = np.vstack([features, np.sqrt(2.5) * np.eye(7)])
    targets = np.concatenate([stars - base[items], np.zeros(7)])
    own = np.linalg.lstsq(stacked, targets)[0]
    expected = base + own[0] + factors @ own[1:]
    query = history(items, stars.tolist())
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5)
    predicted = predict(model, query, list(range(40)))
    np.testing.assert_allclose(predicted, np.clip(expected, 1, 5), rtol=1e-5)


def test_lists_by_taste_have_factors_alone_and_the_same_predictions(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    stars = fit("svd", planted, {"factors": 6, "list_damping": 0})
    taste = fit("svd", planted, {"factors": 6, "ranks_by": "taste"})
    query, films = history([1, 5, 8, 22, 30], [5, 4, 5, 1, 2]), list(range(40))
    common = stars.score(query) - taste.score(query) - stars.arrays["item_biases"]
    np.testing.assert_allclose(common, common.mean(), rtol=1e-5)  # the mean and the viewer's bias
    assert taste.score(query)[:20].min() > taste.score(query)[20:].max()
    np.testing.assert_array_equal(predict(taste, query, films), predict(stars, query, films))


def test_contributions_sum_to_the_taste_and_there_are_none_to_a_rating(
    fit: Fit, planted: Interactions
) -> None:
    contributions_add_up(Subject(Svd, SvdConfig(ranks_by="taste", factors=6)))
    histories = Histories.of_users(planted, np.arange(1))
    assert fit("svd", planted).contributions(histories, np.arange(3)) is None


def test_planted_ratings_are_predicted_better_than_by_biases(
    fit: Fit, planted: Interactions
) -> None:
    held_out = np.random.default_rng(0).random(len(planted)) < 0.1
    train, test = planted.select(~held_out), planted.select(held_out).matrix

    wanted = (0 * test).astype(np.int64)  # at unknown times

    def error_of(name: str) -> float:
        predicted = fit(name, train).predictions(Histories(train.matrix), wanted)
        return float(np.sqrt(np.mean(np.square(predicted - test.data))))

    assert error_of("svd") < 0.8 * error_of("popular")


def test_an_item_without_ratings_has_no_factors_and_no_bias(
    fit: Fit, planted: Interactions
) -> None:
    model = fit("svd", planted.select(planted.items != 4))
    assert not model.arrays["item_factors"][4].any()
    assert model.arrays["item_biases"][4] == 0


def test_movielens_is_predicted_at_least_as_well_as_by_surprise(
    fit: Fit, first_fold: tuple[Split, Catalog]
) -> None:
    split, films = first_fold
    # Surprise's SVD with its defaults has an RMSE of .938, the mean of five folds; this is the
    # first of them, the hardest
    errors = prediction_errors(fit("svd", split.train, catalog=films), split)
    assert np.sqrt(np.square(errors).mean()) < 0.93
