"""What ratings count by their height and their age, against sums written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matinee.data import Context, Interactions, Query
from matinee.models import Config, Model
from matinee.models._shared.worth import HalfLife, HalfLifeFilms, recency

FADING = ("ease", "dlae", "dlae-content", "item-knn", "user-knn")
DAY = 86_400


class Halves(Config):
    """The two options alone."""

    half_life: HalfLife = 0.0
    half_life_films: HalfLifeFilms = 0.0


def one_row(times: list[int], **halves: float) -> list[float] | None:
    left = recency(Halves(**halves), np.array(times, dtype=np.int64), np.array([0, len(times)]))
    return None if left is None else left.tolist()


def test_a_rating_counts_half_after_every_half_life() -> None:
    now = 1_000_000_000
    times = [now - 20 * DAY, now, now - 10 * DAY]
    assert one_row(times, half_life=10) == pytest.approx([0.25, 1, 0.5])
    assert one_row(times, half_life_films=1) == pytest.approx([0.25, 1, 0.5])
    assert one_row(times, half_life=10, half_life_films=2) == pytest.approx([0.125, 1, 0.5**1.5])


def test_ratings_of_one_moment_count_alike_and_those_without_a_time_as_the_oldest() -> None:
    assert one_row([DAY, DAY, 2 * DAY], half_life_films=1) == pytest.approx([0.5, 0.5, 1])
    assert one_row([0, DAY, 2 * DAY], half_life=1) == pytest.approx([0.5, 0.5, 1])
    assert one_row([0, 0, 2 * DAY], half_life_films=1) == pytest.approx([0.5, 0.5, 1])


def test_without_times_or_options_nothing_fades() -> None:
    assert one_row([0, 0], half_life=1, half_life_films=1) is None
    assert one_row([1, 2]) is None
    assert one_row([], half_life=1) is None


def test_what_is_next_to_nothing_is_nothing() -> None:
    assert one_row([1, 1 + 100 * DAY], half_life=1) == [0, 1]


@given(
    st.lists(st.lists(st.sampled_from([0, 5, 7, 9, 9 + DAY]), max_size=6), min_size=1, max_size=5)
)
def test_every_row_is_for_itself(rows: list[list[int]]) -> None:
    together = np.array([time for row in rows for time in row], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    left = recency(Halves(half_life=1, half_life_films=2), together, starts)
    expected = [one_row(row, half_life=1, half_life_films=2) or [1.0] * len(row) for row in rows]
    flat = [each for row in expected for each in row]
    got = np.ones(len(together)) if left is None else left
    np.testing.assert_allclose(got, flat, rtol=1e-6)


@pytest.mark.parametrize("name", FADING)
def test_answers_follow_the_latest_ratings_one_by_one_and_together(
    name: str, fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit(name, planted, {"half_life_films": 2})
    items = np.array([1, 2, 3, 4, 21, 22, 23], dtype=np.int32)
    values = np.array([5, 4, 5, 2, 5, 4, 5], dtype=np.float32)
    forward, backward = np.arange(7) * DAY + 1, np.arange(7)[::-1] * DAY + 1
    new = [model.score(queried(items, values, times)) for times in (forward, backward)]
    comedies, horrors = np.arange(5, 20), np.arange(25, 40)
    leans = [scores[horrors].mean() - scores[comedies].mean() for scores in new]
    assert leans[0] > 0 > leans[1]
    histories = sp.csr_array((np.tile(values, 2), np.tile(items, 2), [0, 7, 14]), shape=(2, 40))
    seconds = sp.csr_array(
        (np.concatenate([forward, backward]), histories.indices, histories.indptr), shape=(2, 40)
    )
    together = model.scores_at(histories, Context(seconds, sp.csr_array((2, 40), dtype=np.int64)))
    np.testing.assert_allclose(together, new, rtol=1e-4, atol=1e-6)
    query = queried(items, values, forward)
    parts = model.contributions(query, 30)
    assert parts is not None
    assert parts.sum() == pytest.approx(new[0][30], rel=1e-4)


def queried(items: NDArray[np.int32], values: NDArray[np.float32], times: NDArray[Any]) -> Query:
    order = np.argsort(times)
    return Query(items=items[order], values=values[order], times=times[order].astype(np.int64))


@pytest.mark.parametrize("name", ["ease", "item-knn", "user-knn"])
def test_a_low_rating_speaks_against_where_it_is_worth_less_than_nothing(
    name: str, fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit(name, planted, {"lowest_worth": -1})
    comedies = np.arange(10, 20)
    liked, disliked = (
        model.score(history([25, 26, 1, 2, 3], [5, 5, stars, stars, stars]))[comedies].mean()
        for stars in (5, 1)
    )
    assert disliked < liked
