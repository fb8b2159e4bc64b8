"""Sums of leaves, compared with a plain walk and with LightGBM's predictions."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.kernels.threads import threads
from matinee.kernels.trees import sums_of_leaves
from matinee.models._blend.boosted import trees_of

Arrays = tuple[NDArray[Any], ...]


def plainly(rows: NDArray[np.float32], trees: Arrays) -> NDArray[np.float64]:
    roots, columns, thresholds, children, leaves = trees
    sums = np.zeros(len(rows))
    for root in roots:
        nodes = np.full(len(rows), root)
        while (nodes >= 0).any():
            moving = np.flatnonzero(nodes >= 0)
            at = nodes[moving]
            right = rows[moving, columns[at]] > thresholds[at]
            nodes[moving] = children[at, right.astype(int)]
        sums += leaves[-1 - nodes]
    return sums


def grown(rng: np.random.Generator, n_trees: int) -> Arrays:
    """Trees of three splits and four leaves each, and one that is a single leaf."""
    firsts = 3 * np.arange(n_trees)
    below = np.stack([firsts + 1, firsts + 2], axis=1)
    ends = -1 - 4 * np.arange(n_trees)
    children = np.stack(
        [below, np.stack([ends, ends - 1], axis=1), np.stack([ends - 2, ends - 3], axis=1)], axis=1
    ).reshape(-1, 2)
    return (
        np.append(firsts, -1 - 4 * n_trees).astype(np.int32),
        rng.integers(0, 5, 3 * n_trees).astype(np.int32),
        rng.integers(-2, 3, 3 * n_trees).astype(np.float64),
        children.astype(np.int32),
        rng.standard_normal(4 * n_trees + 1),
    )


def test_sums_are_those_of_a_plain_walk_with_any_number_of_threads() -> None:
    rng = np.random.default_rng(0)
    trees = grown(rng, 7)
    rows = rng.integers(-3, 4, (50, 5)).astype(np.float32)  # many at a threshold itself
    for n in (1, 2):
        with threads(n):
            np.testing.assert_allclose(sums_of_leaves(rows, *trees), plainly(rows, trees))


def test_without_trees_every_row_is_zero() -> None:
    nothing = tuple(trees_of([]).values())
    np.testing.assert_array_equal(sums_of_leaves(np.ones((3, 2), np.float32), *nothing), 0)


@pytest.mark.parametrize("objective", ["lambdarank", "regression"])
def test_sums_are_what_lightgbm_predicts(objective: str) -> None:
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((600, 6)).astype(np.float32)
    rows[:, 3] = np.round(rows[:, 3])
    labels = (rows[:, 0] + np.abs(rows[:, 3]) + rng.standard_normal(600) > 1).astype(np.float32)
    booster = lightgbm.train(
        {
            "objective": objective,
            "num_threads": 1,
            "min_data_in_leaf": 5,
            "use_missing": False,
            "verbose": -1,
        },
        lightgbm.Dataset(rows, labels, group=np.full(30, 20)),
        25,
    )
    trees = trees_of([tree["tree_structure"] for tree in booster.dump_model()["tree_info"]])
    fresh = np.concatenate([rows, rng.standard_normal((400, 6)).astype(np.float32)])
    expected = booster.predict(fresh)
    np.testing.assert_allclose(sums_of_leaves(fresh, *trees.values()), expected, atol=1e-6, rtol=0)
    np.testing.assert_allclose(plainly(fresh, tuple(trees.values())), expected, atol=1e-6, rtol=0)
