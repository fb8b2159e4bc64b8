"""SVD++: its fold-in against least squares, implicit feedback and temporal effects as planted."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.models.conftest import Fit, History, Predict

from matinee.data import Histories, Interactions, Query, Vocabulary
from matinee.models import Model

TIMELESS: dict[str, object] = {"drift": "none", "day_biases": False}
DAY = 86_400


def test_the_fold_in_is_an_implicit_sum_and_a_ridge_regression_of_the_rest(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    options = {"factors": 6, "fold_in_l2": 2.5, "list_damping": 0}
    model = fit("svd-plus-plus", planted, TIMELESS | options)
    films = model.arrays["item_factors"].astype(np.float64)
    base = model.arrays["mean"][0] + model.arrays["item_biases"].astype(np.float64)
    items, stars = [1, 5, 8, 22, 30], np.array([5, 4, 5, 1, 2.0])
    implicit = model.arrays["implicit_factors"][items].sum(axis=0) / np.sqrt(5)
    # the penalty equals additional rows of its root with target 0
    features = np.column_stack([np.ones(5), films[items]])
    stacked = np.vstack([features, np.sqrt(2.5) * np.eye(7)])
    rest = stars - base[items] - films[items] @ implicit
    own = np.linalg.lstsq(stacked, np.concatenate([rest, np.zeros(7)]))[0]
    expected = base + own[0] + films @ (own[1:] + implicit)
    query = history(items, stars.tolist())
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5)
    predicted = predict(model, query, list(range(40)))
    np.testing.assert_allclose(predicted, np.clip(expected, 1, 5), rtol=1e-5)


def test_the_choice_of_films_counts_whatever_the_stars(
    fit: Fit, planted: Interactions, history: History
) -> None:
    # with this penalty the fold-in learns nothing from stars
    model = fit("svd-plus-plus", planted, TIMELESS | {"fold_in_l2": 1e6})
    comedies = model.score(history([0, 1, 2, 3, 4], [3.0] * 5))
    horrors = model.score(history([20, 21, 22, 23, 24], [3.0] * 5))
    assert comedies[5:20].mean() > horrors[5:20].mean() + 0.5
    assert horrors[25:].mean() > comedies[25:].mean() + 0.5


def test_unrated_films_and_newcomers_are_predicted_by_biases(
    fit: Fit, planted: Interactions, predict: Predict
) -> None:
    model = fit("svd-plus-plus", planted.select(planted.items != 4))
    for array in ("item_factors", "implicit_factors", "item_biases"):
        assert not model.arrays[array][4].any()
    base = model.arrays["mean"][0] + model.arrays["item_biases"]
    predicted = predict(model, Query(), list(range(40)))
    np.testing.assert_allclose(predicted, np.clip(base, 1, 5), rtol=1e-6)


def in_time(
    stars: NDArray[np.floating], days: NDArray[np.integer], items: NDArray[np.integer]
) -> Interactions:
    """Every user rates every film; tables have a row per user."""
    shape = stars.shape
    return Interactions(
        np.repeat(np.arange(shape[0]), shape[1]).astype(np.int32),
        items.ravel().astype(np.int32),
        stars.ravel().astype(np.float32),
        (days.ravel() * DAY + 1).astype(np.int64),
        Vocabulary.of("viewer", range(shape[0])),
        Vocabulary.of("film", range(shape[1])),
    )


def predict_on(
    model: Model, train: Interactions, user: int, items: list[int], days: list[int]
) -> NDArray[np.float32]:
    """Predictions of one user's ratings on some days."""
    times = np.array(days, dtype=np.int64) * DAY + 1
    wanted = sp.csr_array((times, items, [0, len(items)]), shape=(1, train.n_items))
    return model.predictions(Histories.of_users(train, np.array([user])), wanted)


def test_the_drift_of_a_bias_continues(fit: Fit) -> None:
    rng = np.random.default_rng(0)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = np.tile(1_000 + 10 * np.arange(24), (60, 1))
    slopes = rng.choice([-1, 1], 60)
    stars = 3 + slopes[:, None] * np.sign(days - days.mean()) + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    model = fit("svd-plus-plus", train, {"factors": 4, "day_biases": False})
    for user in (0, 1, 2):
        early, late = predict_on(model, train, user, [3, 4], [1_005, 1_225])
        assert (late - early) * slopes[user] > 1
    still = fit("svd-plus-plus", train, TIMELESS | {"factors": 4})
    alike = predict_on(still, train, 0, [3, 3], [1_005, 1_225])
    assert alike[0] == alike[1]


def test_the_drift_of_a_taste_continues(fit: Fit) -> None:
    rng = np.random.default_rng(1)
    items = np.array([rng.permutation(24) for _ in range(80)])
    days = np.tile(1_000 + 10 * np.arange(24), (80, 1))
    turns = rng.choice([-1, 1], 80)
    likes = np.sign(days - days.mean()) * np.where(items % 2, 1, -1)
    stars = 3 + turns[:, None] * likes + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    options = {
        "factors": 4,
        "drift": "factors",
        "day_biases": False,
        "time_l2": 0.05,
        "epochs": 120,
    }
    model = fit("svd-plus-plus", train, options)
    for user in (0, 1, 2):
        early = np.subtract(*predict_on(model, train, user, [3, 4], [1_005, 1_005]))
        late = np.subtract(*predict_on(model, train, user, [3, 4], [1_225, 1_225]))
        assert (late - early) * turns[user] > 1


def test_a_day_of_high_ratings_raises_predictions_for_that_day(fit: Fit) -> None:
    rng = np.random.default_rng(2)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = 1_000 + np.tile(np.arange(24) // 6, (60, 1))
    biases = rng.choice([-1, 1], (60, 4))
    stars = 3 + np.repeat(biases, 6, axis=1) + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    model = fit(
        "svd-plus-plus",
        train,
        {"factors": 4, "drift": "none", "day_damping": 1, "fold_in_l2": 100},
    )
    first, second, unknown = predict_on(model, train, 5, [3, 3, 3], [1_000, 1_001, 1_007])
    assert (first - unknown) * biases[5, 0] > 0.3
    assert (second - unknown) * biases[5, 1] > 0.3


def test_a_film_has_a_bias_in_each_period(fit: Fit) -> None:
    rng = np.random.default_rng(3)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = rng.integers(1_000, 2_000, items.shape)
    stars = 3 + np.where(items == 5, np.where(days < 1_500, 1.5, -1.5), 0)
    train = in_time(stars, days, items)
    options = TIMELESS | {"factors": 4, "periods": 2, "time_l2": 0.05}
    model = fit("svd-plus-plus", train, options)
    early, late, _ = predict_on(model, train, 0, [5, 5, 6], [1_100, 1_900, 1_900])
    assert early > late + 1.5
