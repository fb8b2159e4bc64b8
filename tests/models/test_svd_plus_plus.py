"""SVD++: its fold-in against least squares, and what the choice of films says without the stars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Context, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model

TIMELESS: dict[str, object] = {"drift": "none", "moods": False}
DAY = 86_400


def test_a_viewer_is_an_implicit_sum_and_a_ridge_regression_of_the_rest(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("svd-plus-plus", planted, TIMELESS | {"factors": 6, "fold_in_l2": 2.5})
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
    query = replace(query, times=np.zeros(5, dtype=np.int64))
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5)
    every = np.arange(40, dtype=np.int32)
    np.testing.assert_allclose(model.predict(query, every), np.clip(expected, 1, 5), rtol=1e-5)


def test_which_films_were_rated_counts_whatever_the_stars(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit(
        "svd-plus-plus", planted, TIMELESS | {"fold_in_l2": 1e6}
    )  # nothing is learned from stars
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


def in_time(stars: np.ndarray, days: np.ndarray, items: np.ndarray) -> Interactions:
    """Every viewer rates every film, a row of each table a viewer."""
    shape = stars.shape
    return Interactions(
        np.repeat(np.arange(shape[0]), shape[1]).astype(np.int32),
        items.ravel().astype(np.int32),
        stars.ravel().astype(np.float32),
        (days.ravel() * DAY + 1).astype(np.int64),
        Vocabulary.of("viewer", range(shape[0])),
        Vocabulary.of("film", range(shape[1])),
    )


def asked_on(
    model: Model, train: Interactions, viewer: int, items: list[int], days: list[int]
) -> np.ndarray:
    """Predictions for one viewer's films on given days."""
    histories = train.matrix[[viewer]]
    then = sp.csr_array((train.times, (train.users, train.items)), shape=train.matrix.shape)
    now = np.array(days, dtype=np.int64) * DAY + 1
    bounds, shape = [0, len(items)], (1, train.n_items)
    wanted = sp.csr_array((np.ones(len(items)), items, bounds), shape=shape)
    times = sp.csr_array((now, items, bounds), shape=shape)
    return model.predictions_at(histories, wanted, Context(then[[viewer]], times))


def test_a_drift_of_a_viewer_is_carried_on(fit: Callable[..., Model]) -> None:
    rng = np.random.default_rng(0)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = np.tile(1_000 + 10 * np.arange(24), (60, 1))
    slopes = rng.choice([-1, 1], 60)
    stars = 3 + slopes[:, None] * np.sign(days - days.mean()) + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    model = fit("svd-plus-plus", train, {"factors": 4, "moods": False})
    for viewer in (0, 1, 2):
        early, late = asked_on(model, train, viewer, [3, 4], [1_005, 1_225])
        assert (late - early) * slopes[viewer] > 1
    still = fit("svd-plus-plus", train, TIMELESS | {"factors": 4})
    alike = asked_on(still, train, 0, [3, 3], [1_005, 1_225])
    assert alike[0] == alike[1]


def test_a_taste_that_moves_is_followed(fit: Callable[..., Model]) -> None:
    rng = np.random.default_rng(1)
    items = np.array([rng.permutation(24) for _ in range(80)])
    days = np.tile(1_000 + 10 * np.arange(24), (80, 1))
    turns = rng.choice([-1, 1], 80)
    likes = np.sign(days - days.mean()) * np.where(items % 2, 1, -1)
    stars = 3 + turns[:, None] * likes + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    options = {"factors": 4, "drift": "factors", "moods": False, "time_l2": 0.05, "epochs": 120}
    model = fit("svd-plus-plus", train, options)
    for viewer in (0, 1, 2):
        early = np.subtract(*asked_on(model, train, viewer, [3, 4], [1_005, 1_005]))
        late = np.subtract(*asked_on(model, train, viewer, [3, 4], [1_225, 1_225]))
        assert (late - early) * turns[viewer] > 1


def test_a_day_of_high_ratings_counts_on_that_day(fit: Callable[..., Model]) -> None:
    rng = np.random.default_rng(2)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = 1_000 + np.tile(np.arange(24) // 6, (60, 1))
    moods = rng.choice([-1, 1], (60, 4))
    stars = 3 + np.repeat(moods, 6, axis=1) + rng.normal(0, 0.2, items.shape)
    train = in_time(stars, days, items)
    model = fit(
        "svd-plus-plus",
        train,
        {"factors": 4, "drift": "none", "mood_damping": 1, "fold_in_l2": 100},
    )
    first, second, unknown = asked_on(model, train, 5, [3, 3, 3], [1_000, 1_001, 1_007])
    assert (first - unknown) * moods[5, 0] > 0.3
    assert (second - unknown) * moods[5, 1] > 0.3


def test_a_film_has_a_bias_in_each_period(fit: Callable[..., Model]) -> None:
    rng = np.random.default_rng(3)
    items = np.array([rng.permutation(24) for _ in range(60)])
    days = rng.integers(1_000, 2_000, items.shape)
    stars = 3 + np.where(items == 5, np.where(days < 1_500, 1.5, -1.5), 0)
    train = in_time(stars, days, items)
    options = TIMELESS | {"factors": 4, "periods": 2, "time_l2": 0.05}
    model = fit("svd-plus-plus", train, options)
    early, late, _ = asked_on(model, train, 0, [5, 5, 6], [1_100, 1_900, 1_900])
    assert early > late + 1.5


def test_no_ratings_at_all_are_refused(fit: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("svd-plus-plus", Interactions.empty(Vocabulary.of("film", "abc")))
