"""Biases against their least squares solution; temporal effects on planted drifts."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from tests.models.conftest import Fit, History, Predict

from matinee.data import Histories, Interactions, Query, Vocabulary

DAY = 86_400


def on_days(values: list[float], days: list[float], items: list[int], n_items: int) -> Histories:
    """One user's history."""
    starts, times = [0, len(items)], (np.array(days) * DAY).astype(np.int64)
    ratings = sp.csr_array((np.array(values, np.float32), items, starts), shape=(1, n_items))
    return Histories(ratings, times)


def wanted_on(days: list[float], items: list[int], n_items: int) -> sp.csr_array:
    """Ratings of one user to predict."""
    times = (np.array(days) * DAY).astype(np.int64)
    return sp.csr_array((times, items, [0, len(items)]), shape=(1, n_items))


def test_biases_solve_the_regularised_least_squares(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    model = fit("baseline", planted, {"item_damping": 2, "user_damping": 7})
    mean, n = planted.values.mean(dtype=np.float64), len(planted)
    design = np.zeros((n, 100))
    design[np.arange(n), planted.users] = 1
    design[np.arange(n), 60 + planted.items] = 1
    penalty = np.diag([7.0] * 60 + [2.0] * 40)
    biases = np.linalg.solve(design.T @ design + penalty, design.T @ (planted.values - mean))
    newcomer = predict(model, Query(), list(range(40)))
    np.testing.assert_allclose(newcomer, mean + biases[60:], atol=1e-3)
    own = (6 - newcomer[[3, 25]].sum()) / (2 + 7)
    predicted = predict(model, history([3, 25], [5, 1]), list(range(40)))
    np.testing.assert_allclose(predicted, newcomer + own, atol=1e-5)


def test_drift_and_day_bias_follow_their_formulas(fit: Fit, planted: Interactions) -> None:
    options = {"drift_power": 0.5, "drift_damping": 2, "day_damping": 1, "user_damping": 1}
    model = fit("baseline", planted, options)
    items, stars, days = [1, 2, 3], np.array([2, 3, 4.0]), np.array([100, 104, 117.0])
    levels = model.arrays["levels"].astype(np.float64)
    bias = (stars - levels[items]).sum() / (3 + 1)
    residuals = stars - levels[items] - bias
    deviations = np.sign(days - 107) * np.abs(days - 107) ** 0.5
    drift = (deviations * residuals).sum() / ((deviations**2).sum() + 2)
    day_bias = (residuals - drift * deviations)[2] / (1 + 1)
    now = np.array([117.0, 123.0])
    predicted = model.predictions(
        on_days(stars.tolist(), days.tolist(), items, 40), wanted_on(now.tolist(), [7, 30], 40)
    )
    usual = levels[[7, 30]] + bias + drift * (now - 107) ** 0.5
    np.testing.assert_allclose(predicted, usual + np.array([day_bias, 0]), rtol=1e-5)


def test_a_film_that_fell_out_of_fashion_is_predicted_by_period(fit: Fit) -> None:
    rng = np.random.default_rng(0)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:200, 0:8])
    days = rng.uniform(1, 1000, len(users))
    stars = 3 + np.where(items == 5, np.where(days < 500, 1.5, -1.5), 0)
    train = Interactions(
        users,
        items,
        stars.astype(np.float32),
        (days * DAY).astype(np.int64),
        Vocabulary.of("viewer", range(200)),
        Vocabulary.of("film", range(8)),
    )
    model = fit("baseline", train, {"periods": 2, "period_damping": 1})
    for day, expected in ((100, 4.5), (900, 1.5)):
        predicted = model.predictions(
            on_days([3, 3], [day, day], [0, 1], 8), wanted_on([day], [5], 8)
        )
        assert predicted[0] == pytest.approx(expected, abs=0.2)


def test_unknown_times_leave_biases_alone(fit: Fit, planted: Interactions) -> None:
    model = fit("baseline", planted, {"periods": 4})
    histories = Histories(planted.matrix[:5])
    wanted = (0 * planted.matrix[5:10]).astype(np.int64)
    levels = model.arrays["levels"]
    biases = [
        (row.data - levels[row.indices]).sum() / (row.nnz + 5)
        for row in (planted.matrix[[user]] for user in range(5))
    ]
    expected = levels[wanted.indices] + np.repeat(biases, np.diff(wanted.indptr))
    np.testing.assert_allclose(model.predictions(histories, wanted), expected.clip(1, 5), rtol=1e-5)
