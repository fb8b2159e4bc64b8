"""Implicit ALS against the same alternation in dense NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model, create
from matinee.models.ials import Ials, IalsConfig

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


def test_dislikes_are_noes_of_their_own_weight(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    options = {"factors": 3, "iterations": 4, "solver_steps": 30, "like_from": 4}
    model = fit(
        "ials",
        planted,
        {**options, "dislike_weight": 0.6, "unobserved_weight": WEIGHT, "l2": L2},
        seed=3,
    )
    stars = planted.matrix.toarray()
    items = np.random.default_rng(3).standard_normal((40, 3), dtype=np.float32) * 0.1 / np.sqrt(3)
    for _ in range(4):
        users = disliking_side(stars, items.astype(np.float64))
        items = disliking_side(stars.T, users)
    np.testing.assert_allclose(model.arrays["item_factors"], items, rtol=1e-2, atol=2e-3)
    shown = np.zeros((1, 40))
    shown[0, [2, 3, 5, 25]] = [5, 4, 1, 2]
    factors = model.arrays["item_factors"]
    own = disliking_side(shown, factors.astype(np.float64))[0]
    query = history([2, 3, 5, 25], [5, 4, 1, 2])
    np.testing.assert_allclose(model.score(query), factors @ own, rtol=1e-4, atol=1e-6)
    together = model.scores(planted.matrix)
    first = planted.matrix[[0]]
    alone = model.score(history(first.indices.tolist(), first.data.tolist()))
    np.testing.assert_allclose(together[0], alone, rtol=1e-4, atol=1e-6)
    parts = model.contributions(query, 9)
    assert parts is not None
    np.testing.assert_allclose(parts.sum(), model.score(query)[9], rtol=1e-4)


def disliking_side(stars: NDArray[Any], fixed: NDArray[np.float64]) -> NDArray[np.float64]:
    """`dense_side` with dislikes below 4, which weigh .6 beyond what is not seen."""
    rows = []
    for row in stars:
        likes, dislikes = row >= 4, (row > 0) & (row < 4)
        weights = WEIGHT + likes + 0.6 * dislikes
        penalty = L2 * (likes.sum() + 0.6 * dislikes.sum() + WEIGHT * len(row))
        system = (fixed.T * weights) @ fixed + penalty * np.eye(fixed.shape[1])
        rows.append(np.linalg.solve(system, fixed.T @ likes.astype(float)))
    return np.array(rows)


def grown(planted: Interactions) -> tuple[Interactions, Catalog]:
    """The films of `planted` in another order, five more, and ratings of these by everybody."""
    order = np.random.default_rng(1).permutation(45)
    ids = [*planted.item_ids.ids.tolist(), *(f"new {each}" for each in range(5))]
    catalog = Catalog.of(Film(id=ids[each], title=ids[each]) for each in order)
    rows = np.argsort(order).astype(np.int32)
    more = np.arange(planted.n_users, dtype=np.int32)
    interactions = Interactions(
        users=np.concatenate([planted.users, more]),
        items=np.concatenate([rows[planted.items], rows[40 + more % 5]]),
        values=np.concatenate([planted.values, np.full(len(more), 5, dtype=np.float32)]),
        times=np.zeros(len(planted) + len(more), dtype=np.int64),
        user_ids=planted.user_ids,
        item_ids=catalog.item_ids,
    )
    return interactions, catalog


def loss(model: Model, interactions: Interactions) -> float:
    """What a fit makes small, viewers folded in."""
    users, items = model.factors(interactions.matrix) or (np.empty(0), np.empty(0))
    seen = interactions.matrix.toarray() > 0
    predicted = users @ items.T
    error = ((1 - predicted[seen]) ** 2).sum() + 0.1 * (predicted**2).sum()
    for factors, counts, others in (
        (users, seen.sum(axis=1), seen.shape[1]),
        (items, seen.sum(axis=0), seen.shape[0]),
    ):
        error += 0.02 * ((counts + 0.1 * others) * (factors**2).sum(axis=1)).sum()
    return float(error)


def test_three_iterations_from_an_earlier_fit_are_nearly_as_good_as_fifteen_from_nothing(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    earlier = fit("ials", planted, {"factors": 8, "iterations": 30})
    assert isinstance(earlier, Ials)
    before = earlier.arrays["item_factors"].copy()
    now, catalog = grown(planted)
    warm = [
        Ials(IalsConfig(factors=8, iterations=3)).fit_from(
            earlier, planted.item_ids, now, catalog, rng=np.random.default_rng(4)
        )
        for _ in range(2)
    ]
    cold, brief = (
        create("ials", {"factors": 8, "iterations": iterations}).fit(
            now, catalog, rng=np.random.default_rng(4)
        )
        for iterations in (15, 3)
    )
    assert loss(warm[0], now) <= loss(cold, now) * 1.01 < loss(brief, now)
    np.testing.assert_array_equal(earlier.arrays["item_factors"], before)
    for key, array in warm[0].arrays.items():
        np.testing.assert_array_equal(warm[1].arrays[key], array)


def test_an_earlier_fit_of_other_factors_or_films_is_refused(
    fit: Callable[..., Model], planted: Interactions, planted_catalog: Catalog
) -> None:
    earlier = fit("ials", planted, {"factors": 8})
    assert isinstance(earlier, Ials)
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="8 factors and this one 64"):
        Ials().fit_from(earlier, planted.item_ids, planted, planted_catalog, rng=rng)
    fewer = Vocabulary.of("film", range(3))
    with pytest.raises(InputError, match="40 films and earlier_ids 3"):
        Ials(IalsConfig(factors=8)).fit_from(earlier, fewer, planted, planted_catalog, rng=rng)


def test_dislikes_alone_are_refused(fit: Callable[..., Model], planted: Interactions) -> None:
    with pytest.raises(InputError, match="lower like_from"):
        fit("ials", planted, {"like_from": 6})
