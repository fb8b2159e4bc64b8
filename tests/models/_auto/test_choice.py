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


def test_of_combinations_level_with_the_best_one_most_parts_are_preferred() -> None:
    """A third part may cost what chance explains, and no more."""
    rng = np.random.default_rng(0)
    best = rng.random(400)
    noise = rng.normal(0, 0.1, 400)
    noise -= noise.mean()
    rows = {"a + b": best, "ials": best - 0.01, "a + b + c": best + noise - 0.004}
    assert _preferred(rows, most_parts=True) == "a + b + c"
    assert _preferred(rows) == "a + b"
    rows["a + b + c"] = best + noise - 0.006
    assert _preferred(rows, most_parts=True) == "a + b"


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
