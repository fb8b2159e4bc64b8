"""Implicit ALS against the same alternation in dense NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions, Query
from matinee.models import Model

WEIGHT, L2 = 0.3, 0.02


def dense_side(seen: NDArray[np.bool_], fixed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every row's exact least squares over all columns, seen and not, written out."""
    rows = []
    for row in seen:
        weights = WEIGHT + row
        penalty = L2 * (row.sum() + WEIGHT * len(row))
        system = (fixed.T * weights) @ fixed + penalty * np.eye(fixed.shape[1])
        rows.append(np.linalg.solve(system, fixed.T @ row.astype(float)))
    return np.array(rows)


def test_factors_and_fold_in_are_those_of_the_dense_alternation(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    options = {"factors": 4, "iterations": 6, "solver_steps": 30}
    model = fit("ials", planted, {**options, "unobserved_weight": WEIGHT, "l2": L2}, seed=11)
    seen = planted.matrix.toarray() > 0
    start = np.random.default_rng(11).standard_normal((40, 4), dtype=np.float32)
    items = start.astype(np.float64) * 0.1 / np.sqrt(4)
    for _ in range(6):
        users = dense_side(seen, items)
        items = dense_side(seen.T, users)
    np.testing.assert_allclose(model.arrays["item_factors"], items, rtol=1e-2, atol=1e-3)
    chosen = np.zeros((1, 40), dtype=np.bool_)
    chosen[0, [2, 3, 5, 25]] = True
    own = dense_side(chosen, model.arrays["item_factors"].astype(np.float64))[0]
    np.testing.assert_allclose(
        model.score(history([2, 3, 5, 25])),
        model.arrays["item_factors"] @ own,
        rtol=1e-4,
        atol=1e-6,
    )


def test_few_solver_steps_end_near_the_exact_ranking(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    few, many = (fit("ials", planted, {"factors": 4, "solver_steps": steps}) for steps in (3, 40))
    query = history([0, 1, 2, 3])
    assert np.corrcoef(few.score(query), many.score(query))[0, 1] > 0.99
