"""The choice between candidates: combinations are preferred, but not below popularity."""

from __future__ import annotations

import numpy as np

from matinee.data import Interactions
from matinee.models._auto.choice import _preferred, popularity_record
from matinee.models._shared.raced_popularity import race_of, raced_popularity


def test_a_combination_that_is_as_good_as_the_best_is_preferred() -> None:
    rng = np.random.default_rng(0)
    best = rng.random(400)
    assert _preferred({"ials": best, "ease-sparse + ials": best - 0.005}) == "ease-sparse + ials"
    assert _preferred({"ials": best, "ease-sparse + ials": best - 0.05}) == "ials"


def test_no_combination_below_popularity_is_preferred() -> None:
    """Two in a hundred below the best, but below popularity as well."""
    best = np.random.default_rng(0).random(400) + 1
    rows = {"popular": best - 0.004, "ials": best, "ease-sparse + ials": best - 0.008}
    assert _preferred(rows) == "ials"
    rows["ease-sparse + ials"] = best - 0.003
    assert _preferred(rows) == "ease-sparse + ials"


def test_the_record_of_newcomers_is_that_of_the_prior(planted: Interactions) -> None:
    race = race_of(planted)
    record = popularity_record(planted, None)
    assert (record is None) == (len(race.quality) < 2)
    if record is not None:
        assert record.count == race.newcomers.sum()
    assert raced_popularity(planted).shape == (planted.n_items,)
