"""When learned weights are used."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.models._ranker.learning import Gains, selection_of

Pair = tuple[np.ndarray, np.ndarray]


def pair(gain: float, n: int = 50, noise: float = 0.1, seed: int = 0) -> Pair:
    base = np.full(n, 0.3)
    return base + gain + noise * np.random.default_rng(seed).standard_normal(n), base


def test_the_error_of_own_lists_is_that_of_the_users() -> None:
    pairs = [pair(0.02), pair(0.03, seed=1)]
    gains = Gains.of(pairs, one_list=False)
    own = np.concatenate([each[0] - each[1] for each in pairs])
    assert gains.mean == pytest.approx(own.mean())
    assert gains.error == pytest.approx(own.std(ddof=1) / 10)
    assert gains.users == 100
    assert gains.cuts == 2


def test_the_error_of_one_list_is_that_of_the_cuts() -> None:
    pairs = [pair(0.02), pair(0.05, seed=1), pair(0.01, n=10)]
    gains = Gains.of(pairs, one_list=True)
    own = np.array([(each[0] - each[1]).mean() for each in pairs])
    assert gains.mean == pytest.approx(own.mean())
    assert gains.error == pytest.approx(own.std(ddof=1) / np.sqrt(3))


def test_weights_pay_where_the_gain_exceeds_its_error() -> None:
    assert Gains.of([pair(0.05), pair(0.05, seed=1)], one_list=False).pays
    assert not Gains.of([pair(-0.05), pair(-0.05, seed=1)], one_list=False).pays
    assert not Gains.of([pair(0.3, noise=0), pair(-0.28, noise=0)], one_list=True).pays


def test_a_single_cut_decides_nothing() -> None:
    for pairs in ([], [pair(0.5)]):
        for one_list in (True, False):
            gains = Gains.of(pairs, one_list=one_list)
            assert not gains.decided
            assert not gains.pays


def test_the_selection_names_winner_and_loser() -> None:
    good = Gains.of([pair(0.05), pair(0.05, seed=1)], one_list=False)
    bad = Gains.of([pair(-0.05), pair(-0.06, seed=1)], one_list=True)
    known, new = selection_of(good, bad).races
    assert known.chosen == known.candidates[0].name == "learned weights"
    assert new.chosen == new.candidates[0].name == "raced popularity"
    assert known.candidates[1].high < 0
    assert known.candidates[0].quality > known.candidates[1].quality
    fallback = selection_of(Gains.of([], one_list=False), Gains.of([], one_list=True)).races
    assert [race.chosen for race in fallback] == ["ease-sparse", "raced popularity"]
