"""The half-life of the prior is the one that predicts newcomers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Interactions, Vocabulary
from matinee.metrics.gain import ndcg
from matinee.models import damped_popularity
from matinee.models._shared import raced_popularity as module
from matinee.models._shared.popularity import recent_popularity
from matinee.models._shared.raced_popularity import (
    HALF_LIVES,
    popularity_race,
    raced_popularity,
    winning_half_life,
)

DAY = 86_400


def newcomers(n_days: int, fashion: int | None) -> Interactions:
    """Six new users a day with six films each, of sixty.

    With a fashion, films 0 to 11 are watched in the first days, the next twelve later, and so on;
    without, low rows are more popular at all times.
    """
    rng = np.random.default_rng(3)
    users, items, times = [], [], []
    steady = 1 / (1 + np.arange(60))
    for user in range(6 * n_days):
        day = user // 6
        odds = steady.copy()
        if fashion is not None:
            odds = np.where(np.arange(60) // 12 == day // fashion % 5, 1.0, 0.01)
        users += [user] * 6
        items += rng.choice(60, 6, replace=False, p=odds / odds.sum()).tolist()
        times += [(10_000 + day) * DAY + rng.integers(DAY)] * 6
    return Interactions(
        np.array(users, dtype=np.int32),
        np.array(items, dtype=np.int32),
        np.full(len(users), 4, dtype=np.float32),
        np.array(times, dtype=np.int64),
        Vocabulary.of("viewer", range(6 * n_days)),
        Vocabulary.of("film", range(60)),
    )


def test_fashions_want_a_short_half_life() -> None:
    ratings = newcomers(100, fashion=20)
    half_life = winning_half_life(popularity_race(ratings).quality)
    assert half_life is not None
    assert half_life <= 7
    np.testing.assert_array_equal(raced_popularity(ratings), recent_popularity(ratings, half_life))


def test_steady_tastes_want_popularity_that_does_not_fade() -> None:
    ratings = newcomers(100, fashion=None)
    race = popularity_race(ratings).quality
    assert race.shape == (5, len(HALF_LIVES) + 1)
    half_life = winning_half_life(race)
    assert half_life is None or half_life >= 30
    gains = race[:, :3] - race[:, -1:]
    assert (gains.mean(axis=0) < 0).all()


def test_the_longest_half_life_within_the_noise_of_the_best_wins() -> None:
    race = np.full((4, len(HALF_LIVES) + 1), 0.3)
    race[:, 2] = [0.4, 0.2, 0.4, 0.21]  # mean gain .0025, standard error .057
    assert winning_half_life(race) is None
    race[:, 2] = [0.4, 0.39, 0.4, 0.41]
    assert winning_half_life(race) == HALF_LIVES[2]
    race[:, 5] = [0.39, 0.4, 0.41, 0.398]  # .0005 less, standard error .005
    assert winning_half_life(race) == HALF_LIVES[5]
    assert winning_half_life(race[:1]) is None


def test_the_quality_is_that_of_the_metric() -> None:
    ratings = newcomers(40, fashion=10)
    race = popularity_race(ratings).quality
    # the cut after half of the days, by hand: the last 20 days before it, the next 10 after it
    days = ratings.times // DAY - 10_000
    latest = ratings.times.max()
    age = (latest - ratings.times) // DAY
    ages = np.unique(age)[::-1]
    shares = np.cumsum([np.count_nonzero(age == each) for each in ages]) / len(age)
    place = int(np.searchsorted(shares, 0.5))
    end = min(int(np.searchsorted(shares, shares[place] + 0.25)), len(ages) - 1)
    before = ratings.select(age >= ages[place])
    after = ratings.select((age < ages[place]) & (age >= ages[end]))
    new = ~np.isin(after.users, before.users)
    users = np.unique(after.users[new])
    scores = damped_popularity(before)
    order = np.argsort(-scores, kind="stable")[:10]
    found = after.select(new).matrix[users].toarray() > 0
    expected = ndcg(found[:, order], found.sum(axis=1)).mean()
    assert len(np.unique(scores)) == len(scores[scores > 0]) + 1 or days.max() > 0
    assert race[0, -1] <= expected + 1e-9  # ties count against the list
    assert race[0, -1] == pytest.approx(expected, abs=0.05)


def test_data_without_times_or_newcomers_keeps_damped_popularity() -> None:
    ratings = newcomers(40, fashion=5)
    timeless = replace(ratings, times=np.zeros(len(ratings), dtype=np.int64))
    one_day = replace(ratings, times=np.full(len(ratings), 10_000 * DAY))
    same = replace(ratings, users=(ratings.users % 5).astype(np.int32))
    for each in (timeless, one_day, same.latest(), ratings.select(slice(0))):
        assert len(popularity_race(each).quality) == 0
        np.testing.assert_array_equal(raced_popularity(each), damped_popularity(each))


def test_only_likes_count_as_found() -> None:
    ratings = newcomers(100, fashion=20)
    low = replace(ratings, values=np.where(ratings.items % 2 == 0, 5, 1).astype(np.float32))
    assert len(popularity_race(low, like_from=6).quality) == 0
    assert (popularity_race(low, like_from=4).quality != popularity_race(low).quality).any()


def test_large_data_is_raced_on_a_share_of_its_users(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = newcomers(100, fashion=20)
    whole = popularity_race(ratings).quality
    monkeypatch.setattr(module, "_MOST", len(ratings) // 3)
    third = popularity_race(ratings).quality
    assert (third != whole).any()
    assert winning_half_life(third) in HALF_LIVES[:3]


def test_the_race_is_run_once_for_the_same_ratings(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = newcomers(40, fashion=5)
    first = raced_popularity(ratings)
    monkeypatch.setattr(module, "popularity_race", lambda *_: pytest.fail("raced again"))
    again = raced_popularity(ratings)
    np.testing.assert_array_equal(again, first)
    again[:] = 0
    np.testing.assert_array_equal(raced_popularity(ratings), first)
