"""Biases against their least squares solution; what changes with time, on planted drifts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Context, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model

DAY = 86_400


def timed(
    rows: NDArray[np.integer],
    items: NDArray[np.integer],
    stars: NDArray[np.floating],
    days: NDArray[np.floating],
    shape: tuple[int, int],
) -> Interactions:
    return Interactions(
        users=rows.astype(np.int32),
        items=items.astype(np.int32),
        values=stars.astype(np.float32),
        times=(days * DAY).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(shape[0])),
        item_ids=Vocabulary.of("film", range(shape[1])),
    )


def matrix_of(values: list[float], items: list[int], n_items: int) -> sp.csr_array:
    return sp.csr_array(
        (np.array(values), np.array(items, dtype=np.int32), [0, len(items)]), shape=(1, n_items)
    )


def test_biases_solve_the_regularised_least_squares(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("baseline", planted, {"item_damping": 2, "viewer_damping": 7})
    mean = planted.values.mean(dtype=np.float64)
    n = len(planted)
    design = np.zeros((n, 100))
    design[np.arange(n), planted.users] = 1
    design[np.arange(n), 60 + planted.items] = 1
    penalty = np.diag([7.0] * 60 + [2.0] * 40)
    biases = np.linalg.solve(design.T @ design + penalty, design.T @ (planted.values - mean))
    every = np.arange(40, dtype=np.int32)
    stranger = model.predict(Query(), every)
    np.testing.assert_allclose(stranger, mean + biases[60:], atol=1e-3)
    query = history([3, 25], [5, 1])
    own = (6 - stranger[[3, 25]].sum()) / (2 + 7)
    np.testing.assert_allclose(model.predict(query, every), stranger + own, atol=1e-5)


def test_a_mood_and_a_drift_are_carried_on_by_their_formulas(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    options = {"drift_power": 0.5, "drift_damping": 2, "day_damping": 1, "viewer_damping": 1}
    model = fit("baseline", planted, options)
    items, stars, days = [1, 2, 3], np.array([2, 3, 4.0]), np.array([100, 104, 117])
    level = model.arrays["levels"].astype(np.float64)
    middle = days.mean()  # day 107
    habit = (stars - level[items]).sum() / (3 + 1)
    left = stars - level[items] - habit
    away = np.sign(days - middle) * np.abs(days - middle) ** 0.5
    drift = (away * left).sum() / ((away**2).sum() + 2)
    mood = (left - drift * away)[2] / (1 + 1)
    histories, wanted = matrix_of(stars.tolist(), items, 40), matrix_of([1, 1], [7, 30], 40)
    now = np.array([117.0, 123.0])
    context = Context(
        matrix_of((days * DAY).tolist(), items, 40).astype(np.int64),
        matrix_of((now * DAY).tolist(), [7, 30], 40).astype(np.int64),
    )
    usual = level[[7, 30]] + habit + drift * (now - middle) ** 0.5
    predicted = model.predictions_at(histories, wanted, context)
    np.testing.assert_allclose(predicted, usual + np.array([mood, 0]), rtol=1e-5)


def test_a_film_that_went_out_of_fashion_is_rated_by_its_time(fit: Callable[..., Model]) -> None:
    rng = np.random.default_rng(0)
    rows, items = np.divmod(np.arange(200 * 8), 8)
    days = rng.uniform(1, 1000, len(rows))
    stars = 3 + np.where(items == 5, np.where(days < 500, 1.5, -1.5), 0)
    train = timed(rows, items, stars, days, (200, 8))
    model = fit("baseline", train, {"periods": 2, "period_damping": 1})
    histories, wanted = matrix_of([3, 3], [0, 1], 8), matrix_of([1], [5], 8)
    for day, expected in ((100, 4.5), (900, 1.5)):
        context = Context(
            matrix_of([day * DAY] * 2, [0, 1], 8).astype(np.int64),
            matrix_of([day * DAY], [5], 8).astype(np.int64),
        )
        predicted = model.predictions_at(histories, wanted, context)
        assert predicted[0] == pytest.approx(expected, abs=0.2)


def test_without_times_the_context_changes_nothing(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("baseline", planted, {"periods": 4})
    histories, wanted = planted.matrix[:5], planted.matrix[5:10]
    nothing = [
        sp.csr_array((np.zeros(m.nnz, dtype=np.int64), m.indices, m.indptr), shape=m.shape)
        for m in (histories, wanted)
    ]
    np.testing.assert_allclose(
        model.predictions_at(histories, wanted, Context(*nothing)),
        model.predictions(histories, wanted),
        rtol=1e-6,
    )


def test_no_ratings_at_all_are_refused(fit: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("baseline", Interactions.empty(Vocabulary.of("film", "abc")))
