"""Intervals over cuts in time: newcomers of a cut share one list, and count as one observation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from matinee.experiments.statistics.bootstrap import interval, resampled_means, viewers_of
from matinee.experiments.statistics.cut_bootstrap import Cuts
from matinee.experiments.statistics.sample import Sample
from matinee.experiments.statistics.significance import p_values

CUTS, KNOWN, NEW = 5, 10, 40


def samples(
    rng: np.random.Generator,
    *,
    list_spread: float,
    models: int = 1,
    new: int = NEW,
    marked: bool = True,
) -> list[Sample]:
    """Cuts with recurring known viewers, and newcomers whose list is good or bad for all of them.

    The expectation of every value is 0.
    """
    of_viewers = rng.normal(0, 0.5, (KNOWN, 1))
    cuts = []
    for cut in range(CUTS):
        of_lists = rng.normal(0, list_spread, (1, models))
        known = of_viewers + rng.normal(0, 1, (KNOWN, models))
        newcomers = of_lists + rng.normal(0, 1, (new, models))
        viewers = np.concatenate([np.arange(KNOWN), 1000 * (cut + 1) + np.arange(new)])
        mask = np.arange(KNOWN + new) >= KNOWN
        values = np.concatenate([known, newcomers])
        cuts.append(
            Sample(
                viewers,
                np.ones((len(viewers), 1)),
                values,
                np.ones(models),
                mask if marked else None,
                cut,
            )
        )
    return cuts


def coverage(list_spread: float, *, marked: bool, repetitions: int = 150) -> float:
    """Share of simulated evaluations whose interval contains the truth."""
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(repetitions):
        drawn = resampled_means(samples(rng, list_spread=list_spread, marked=marked), resamples=300)
        bounds = interval(drawn[:, 0])
        inside += bounds.low <= 0 <= bounds.high
    return inside / repetitions


@pytest.mark.parametrize("list_spread", [1.0, 0.0])
def test_the_interval_covers_the_truth_where_newcomers_share_a_list(list_spread: float) -> None:
    assert coverage(list_spread, marked=True) >= 0.9


def test_an_interval_over_viewers_alone_would_not() -> None:
    assert coverage(1.0, marked=False) < 0.6


def test_the_newcomers_part_varies_as_student_says() -> None:
    """With newcomers alone and no resampled viewer, the deviations are those of a t interval."""
    rng = np.random.default_rng(0)
    means = rng.normal(0, 1, CUTS)
    cuts = [
        Sample(
            np.array([cut]), np.ones((1, 1)), means[[cut], None], np.ones(1), np.array([True]), cut
        )
        for cut in range(CUTS)
    ]
    drawn = resampled_means(cuts, resamples=20_000)[:, 0]
    assert drawn.mean() == pytest.approx(means.mean(), abs=0.02)
    standard_error = means.std(ddof=1) / sqrt(CUTS)
    t = stats.t.ppf(0.975, CUTS - 1) / stats.norm.ppf(0.975)
    assert drawn.std() == pytest.approx(t * standard_error, rel=0.02)


def test_known_viewers_are_resampled_as_everywhere() -> None:
    marked = samples(np.random.default_rng(1), list_spread=1, new=1)
    known = [each.select(~each.newcomers) for each in marked]  # type: ignore[operator]
    plain = [Sample(each.viewers, each.weights, each.values, each.powers) for each in known]
    assert Cuts.of(known) is None
    np.testing.assert_array_equal(resampled_means(known), resampled_means(plain))


def test_a_single_cut_with_newcomers_is_resampled_by_viewer() -> None:
    one = samples(np.random.default_rng(1), list_spread=1)[:1]
    plain = [Sample(one[0].viewers, one[0].weights, one[0].values, one[0].powers)]
    np.testing.assert_array_equal(resampled_means(one), resampled_means(plain))


def test_seeds_of_one_cut_are_no_further_cuts() -> None:
    """The same values under two seeds say nothing new: the interval stays as wide."""
    once = samples(np.random.default_rng(2), list_spread=1)
    twice = [*once, *once]
    assert Cuts(twice).factor == Cuts(once).factor
    one, two = (interval(resampled_means(each)[:, 0]) for each in (once, twice))
    assert (two.low, two.high) == pytest.approx((one.low, one.high))


def test_a_metric_that_newcomers_lack_is_that_of_known_viewers() -> None:
    cuts = samples(np.random.default_rng(3), list_spread=1, models=2)
    for each in cuts:
        assert each.newcomers is not None
        each.values[each.newcomers, 1] = np.nan
    drawn = resampled_means(cuts)
    drawn = drawn[np.isfinite(drawn).all(axis=1)]  # a resample can lack all ten known viewers
    assert len(drawn) > 990
    known = [each.select(~each.newcomers) for each in cuts]  # type: ignore[operator]
    assert drawn[:, 1].mean() == pytest.approx(
        np.mean([each.means()[1] for each in known]), abs=0.05
    )


def differing(cuts: list[Sample], shift: NDArray[np.float64]) -> list[Sample]:
    """The same cuts, with the newcomers of each better or worse by a constant."""
    changed = []
    for each, by in zip(cuts, shift.tolist(), strict=True):
        assert each.newcomers is not None
        values = each.values + by * each.newcomers[:, None]
        changed.append(
            Sample(each.viewers, each.weights, values, each.powers, each.newcomers, each.cut)
        )
    return changed


def test_a_lead_on_newcomers_needs_more_than_one_cut() -> None:
    """One list that is better for forty newcomers is one observation for a permutation, too."""
    cuts = samples(np.random.default_rng(5), list_spread=0)
    lucky = differing(cuts, np.array([0.5, 0, 0, 0, 0]))
    (p,) = p_values(lucky, cuts, permutations=500)
    assert p > 0.9
    plain = [
        [Sample(each.viewers, each.weights, each.values, each.powers) for each in side]
        for side in (lucky, cuts)
    ]
    (by_viewer,) = p_values(*plain, permutations=500)
    assert by_viewer < 0.01
    assert len(viewers_of(cuts)) == KNOWN + CUTS * NEW
