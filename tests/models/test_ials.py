"""Implicit ALS against the same alternation in dense NumPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit, History

from matinee.data import Histories, Interactions
from matinee.errors import InputError
from matinee.models import create

WEIGHT, L2 = 0.3, 0.02
LIKE_FROM = 4
CONFIDENCES = {0: 0, 1: 0.8, 2: 0.16, 4: 0.7, 5: 1}
"""Sizes of the levels below, by stars."""


def least_squares(
    stars: NDArray[Any], fixed: NDArray[np.float64], like_from: float | None
) -> NDArray[np.float64]:
    """Exact weighted least squares of every row over all columns, seen and unseen."""
    rows = []
    for row in stars:
        confidences, targets = (row > 0).astype(float), (row > 0).astype(float)
        if like_from is not None:
            confidences = np.array([CONFIDENCES[int(each)] for each in row])
            targets = np.where(row >= like_from, 1, -0.2)
        penalty = L2 * (confidences.sum() + WEIGHT * len(row))
        system = (fixed.T * (WEIGHT + confidences)) @ fixed + penalty * np.eye(fixed.shape[1])
        rows.append(np.linalg.solve(system, fixed.T @ (confidences * targets)))
    return np.array(rows)


@pytest.mark.parametrize("like_from", [None, LIKE_FROM])
def test_factors_and_fold_in_equal_the_dense_alternation(
    fit: Fit,
    planted: Interactions,
    history: History,
    contributions: Contributions,
    like_from: float | None,
) -> None:
    options: dict[str, object] = {
        "factors": 4,
        "iterations": 6,
        "solver_steps": 30,
        "l2": L2,
        "like_from": like_from,
    }
    options |= {"unobserved_weight": WEIGHT, "levels": "-0.8 -0.16 0.1 0.7 1"}
    model = fit("ials", planted, options, seed=11)
    stars = planted.matrix.toarray()
    start = np.random.default_rng(11).standard_normal((40, 4), dtype=np.float32)
    items = start.astype(np.float64) * 0.1 / np.sqrt(4)
    for _ in range(6):
        users = least_squares(stars, items, like_from)
        items = least_squares(stars.T, users, like_from)
    factors = model.arrays["item_factors"]
    np.testing.assert_allclose(factors, items, rtol=1e-2, atol=2e-3)
    row = np.zeros((1, 40))
    row[0, [2, 3, 5, 25]] = [5, 4, 1, 2]
    own = least_squares(row, factors.astype(np.float64), like_from)[0]
    query = history([2, 3, 5, 25], [5, 4, 1, 2])
    np.testing.assert_allclose(model.score(query), factors @ own, rtol=1e-4, atol=1e-6)
    parts = contributions(model, query, [9, 30])
    np.testing.assert_allclose(parts.sum(axis=1), (factors @ own)[[9, 30]], rtol=1e-4)


def test_dislikes_count_the_same_for_one_user_and_for_many(fit: Fit, planted: Interactions) -> None:
    model = fit("ials", planted, {"factors": 4, "like_from": LIKE_FROM, "min_rating": 2})
    together = model.scores(Histories(planted.matrix))
    alone = [model.scores(Histories(planted.matrix[[user]]))[0] for user in range(planted.n_users)]
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-6)


def test_few_solver_steps_end_near_the_exact_ranking(
    fit: Fit, planted: Interactions, history: History
) -> None:
    few, many = (fit("ials", planted, {"factors": 4, "solver_steps": steps}) for steps in (3, 40))
    query = history([0, 1, 2, 3])
    assert np.corrcoef(few.score(query), many.score(query))[0, 1] > 0.99


def test_dislikes_alone_are_refused(fit: Fit, planted: Interactions) -> None:
    with pytest.raises(InputError, match="lower like_from"):
        fit("ials", planted, {"like_from": 6})


def test_one_history_has_its_own_answers_from_each_of_two_models(
    fit: Fit, planted: Interactions, history: History
) -> None:
    """Also from a model with the same factors and other options."""
    query, items = history([3, 5, 8], [5, 4, 1]), np.arange(9)
    one = fit("ials", planted, {"factors": 4})
    like_from = create("ials", {"factors": 4, "like_from": 4})
    like_from.arrays = dict(one.arrays)
    models = [one, fit("ials", planted, {"factors": 4}, seed=1), like_from]
    histories = Histories.of(query, one.n_items)
    answers = []
    for model in [*models, *models]:
        fresh = Histories.of(replace(query), model.n_items)
        answers.append(model.scores(histories)[0])
        np.testing.assert_array_equal(answers[-1], model.scores(fresh)[0])
        parts = model.contributions(histories, items)
        assert parts is not None
        np.testing.assert_allclose(parts.sum(axis=1), answers[-1][items], rtol=1e-4, atol=1e-6)
    assert not np.allclose(answers[0], answers[1])
    assert not np.allclose(answers[0], answers[2])
