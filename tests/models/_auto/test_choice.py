"""The choice between candidates: combinations are preferred, but not below popularity."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Interactions
from matinee.models._auto import choice
from matinee.models._auto.choice import _preferred, popularity_record
from matinee.models._shared.raced_popularity import HALF_LIVES, PopularityRace


def test_a_combination_that_is_as_good_as_the_best_is_preferred() -> None:
    rng = np.random.default_rng(0)
    best = rng.random(400)
    assert _preferred({"ials": best, "ease-sparse + ials": best - 0.005}) == "ease-sparse + ials"
    assert _preferred({"ials": best, "ease-sparse + ials": best - 0.05}) == "ials"


def test_a_weak_part_earns_its_place() -> None:
    """It stays out where what it adds may be chance, and comes in where it is more."""
    rng = np.random.default_rng(0)
    sound = rng.random(400)
    noise = rng.normal(0, 0.1, 400)
    noise -= noise.mean()
    error = float(noise.std()) / 20
    rows = {"ease": sound - 0.01, "ials": sound - 0.02, "item-knn": sound - 0.1}
    rows["ease + ials"] = sound
    for adds, chosen in ((1.9, "ease + ials"), (2.1, "ease + item-knn")):
        rows["ease + item-knn"] = sound + noise + adds * error
        assert _preferred(rows, parts_earn_places=True) == chosen
        assert _preferred(rows) == "ease + item-knn"


def test_no_combination_below_popularity_is_preferred() -> None:
    """Two in a hundred below the best, but below popularity as well."""
    best = np.random.default_rng(0).random(400) + 1
    rows = {"popular": best - 0.004, "ials": best, "ease-sparse + ials": best - 0.008}
    assert _preferred(rows) == "ials"
    rows["ease-sparse + ials"] = best - 0.003
    assert _preferred(rows) == "ease-sparse + ials"


def test_the_record_of_newcomers_is_that_of_the_prior(
    planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: 7 days are .1 better than all others at one cut and .3 at the other."""
    quality = np.full((2, len(HALF_LIVES) + 1), 0.2)
    quality[:, 2] = [0.3, 0.5]
    race = PopularityRace(quality, np.array([10, 15]))
    monkeypatch.setattr(choice, "race_of", lambda *_: race)
    record = popularity_record(planted, None)
    assert record is not None
    assert (record.count, record.chosen) == (25, "trending half_life=7")
    first, second = record.candidates[:2]
    assert (first.quality, first.low, first.high) == (0.4, 0, 0)
    error = np.std([0.1, 0.3], ddof=1) / np.sqrt(2)
    assert second.high == pytest.approx(-0.2 + 1.96 * error, abs=1e-5)
    monkeypatch.setattr(choice, "race_of", lambda *_: PopularityRace(quality[:1], np.array([10])))
    assert popularity_record(planted, None) is None
