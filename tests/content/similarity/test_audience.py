"""Residual co-watching against hand computations and a dense one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.content.similarity import audience as module
from matinee.content.similarity.audience import Audience
from matinee.data import Interactions
from matinee.data.vocabulary import Vocabulary


def rated(table: NDArray[Any], *, counts: bool = False) -> Interactions:
    """Ratings from a matrix of users and items; 0 is no rating."""
    users, items = np.nonzero(table)
    values = table[users, items].astype(np.float32)
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        values,
        np.zeros(len(users), dtype=np.int64),
        Vocabulary.of("viewer", [f"u{row}" for row in range(table.shape[0])]),
        Vocabulary.of("film", [f"i{row}" for row in range(table.shape[1])]),
        counts=counts,
    )


def dense(
    table: NDArray[Any], years: NDArray[np.integer], levels: list[list[int]], least: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Damped cosines by the definition, a user and a film at a time, and the same less the means.

    `levels` are the films of each level of popularity. Means are over the other films of a level;
    a sum over fewer than `least` films is divided by `least`.
    """
    weights = np.where(table > 0, 0.4 + 0.6 * (table - 1) / 4, 0)
    users, items = weights.shape
    residuals = np.zeros_like(weights)
    for item in range(items):
        if years[item]:
            near = np.exp(-0.5 * (years - years[item]) ** 2.0) * (years > 0)
        else:
            near = np.ones(items)
        activity = weights @ near
        for user in range(users):
            share = weights[:, item].sum() / activity.sum() if activity.sum() else 0
            residuals[user, item] = weights[user, item] - min(activity[user] * share, 0.8)
    lengths = np.linalg.norm(residuals, axis=0)
    cosines = residuals.T @ residuals / (np.outer(lengths, lengths) + 5)
    similar = cosines.copy()
    for item in range(items):
        for level in levels:
            others = [other for other in level if other != item]
            similar[item, level] -= cosines[item, others].sum() / max(len(others), least)
    return cosines, similar


def test_four_ratings_by_hand() -> None:
    # All of one year, so that both users have the activity 2 of 4, and each film the share 1 / 2 of
    # its season: expected is 1 / 2 everywhere, and residuals are +-1 / 2.
    table = np.array([[5, 5, 0, 0], [0, 0, 5, 5]])
    similar = Audience.of(rated(table), np.full(4, 1990)).similarity(slice(0, 4))
    same = 0.5 / (0.5 + 5)  # two residuals of 1 / 2, damped by 5
    mean = (same - same - same) / 100  # over the other films of one level, as if it had 100
    assert np.allclose(similar[0], np.array([same, same, -same, -same]) - mean)


def test_any_ratings_as_by_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LEVEL", 4)
    rng = np.random.default_rng(0)
    years = np.array([1990, 1991, 1995, 0, 1990, 2000, 0, 1992, 1990, 1995, 1996, 1990])
    popularity = rng.random(12) * rng.random((40, 1)) * 1.6
    table = np.where(rng.random((40, 12)) < popularity, rng.integers(1, 6, (40, 12)), 0)
    table[0] = 5  # a busy user, of whom more than the bound would be expected
    table[:, 5] = 0  # a film that nobody rated
    fitted = Audience.of(rated(table), years)
    watched = np.where(table > 0, 0.4 + 0.6 * (table - 1) / 4, 0).sum(axis=0)
    order = np.argsort(-watched, kind="stable").tolist()
    cosines, expected = dense(table, years, [order[:4], order[4:]], least=4)
    assert fitted.excess.nnz > np.count_nonzero(table[1:])  # the bound is at work
    assert np.allclose(fitted.similarity(slice(0, 12)), expected, atol=1e-6)
    assert np.allclose(fitted.similarity(slice(3, 5)), expected[3:5], atol=1e-6)
    assert np.allclose(fitted.certainty, np.diag(cosines), atol=1e-9)


def test_a_low_rating_counts_as_watched_and_a_high_one_for_more() -> None:
    rng = np.random.default_rng(1)
    seen = rng.random((60, 6)) < 0.3
    seen[:, 1] = seen[:, 0]
    years = np.full(6, 1990)
    low, high = (
        Audience.of(rated(np.where(seen, stars, 0)), years).similarity(slice(0, 1))[0]
        for stars in (1, 5)
    )
    assert low[1] == max(low[1:])
    assert high[1] > low[1] > 0.2


def test_what_popular_films_have_in_common_anyway_is_no_similarity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Half of the viewers watch 20 popular films and no others, half watch a fifth of all; of the
    # popular films the first two have the same viewers.
    rng = np.random.default_rng(3)
    casual = np.arange(200) < 100
    seen = rng.random((200, 60)) < np.where(casual, 0.0, 0.2)[:, None]
    seen[:, :20] = rng.random((200, 20)) < np.where(casual, 0.8, 0.2)[:, None]
    seen[:, 1] = seen[:, 0]
    years = np.full(60, 1990)
    monkeypatch.setattr(module, "_LEVEL", 20)
    fitted = Audience.of(rated(seen * 5), years)
    assert sorted(np.flatnonzero(fitted.level == 0)) == list(range(20))
    similar = fitted.similarity(slice(0, 1))[0]
    assert similar[1] > 0.5
    assert abs(similar[2:20].mean() + similar[1] / 18) < 0.05
    monkeypatch.setattr(module, "_LEVEL", 10**6)  # no level has that many: nothing is taken off
    assert Audience.of(rated(seen * 5), years).similarity(slice(0, 1))[0][2:20].mean() > 0.1


def test_counts_weigh_the_same() -> None:
    table = np.array([[1.0, 9, 0], [3, 0, 2], [0, 1, 1]])
    years = np.array([1990, 1990, 1991])
    counted = Audience.of(rated(table, counts=True), years).similarity(slice(0, 3))
    ones = Audience.of(rated((table > 0) * 5.0), years).similarity(slice(0, 3))
    assert np.allclose(counted, ones)


def test_many_users_are_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(0).integers(0, 6, (21, 5))
    years = np.full(5, 1990)
    monkeypatch.setattr(module, "_MOST_USERS", 10)
    thinned = Audience.of(rated(table), years).similarity(slice(0, 5))
    monkeypatch.undo()
    assert np.allclose(thinned, Audience.of(rated(table[::3]), years).similarity(slice(0, 5)))


def test_without_ratings_nothing_is_similar() -> None:
    fitted = Audience.of(rated(np.zeros((0, 3))), np.array([0, 0, 0]))
    assert not fitted.similarity(slice(0, 3)).any()
    assert not fitted.certainty.any()
