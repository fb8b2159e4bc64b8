"""Normal variables behind levels, against SciPy's truncated normal distribution and by count."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, truncnorm

from matinee.models._bayes_fm.levels import (
    Levels,
    bounds_of,
    chances_at_most,
    drawn_latent,
    expected_latent,
    expected_stars,
    nearest_level,
    quantile,
)

CUTS = np.array([-1.0, 0.2, 1.5])
STARS = np.array([1.0, 2.0, 4.0, 5.0])
CODES = np.array([0, 1, 2, 3, 0, 3])
MEAN = np.array([0.3, 0.1, -2.0, 1.0, 9.0, -9.0])
SPREAD = np.array([1.0, 0.5, 1.0, 2.0, 1.0, 1.0])


def test_expectations_are_those_of_truncated_normal_variables() -> None:
    mean, variance = expected_latent(bounds_of(CUTS, CODES), MEAN, SPREAD)
    low, high = ((each - MEAN) / SPREAD for each in bounds_of(CUTS, CODES))
    theirs = truncnorm(low, high, MEAN, SPREAD)
    np.testing.assert_allclose(mean, theirs.mean(), rtol=1e-6)
    np.testing.assert_allclose(variance, theirs.var(), rtol=1e-4)


def test_draws_lie_between_the_bounds_and_have_their_expectation() -> None:
    rng = np.random.default_rng(0)
    bounds = bounds_of(CUTS, CODES)
    draws = np.array([drawn_latent(bounds, MEAN, SPREAD, rng) for _ in range(20_000)])
    assert (draws >= bounds[0] - 1e-9).all()
    assert (draws <= bounds[1] + 1e-9).all()
    expected = expected_latent(bounds, MEAN, SPREAD)[0]
    np.testing.assert_allclose(draws.mean(axis=0), expected, atol=0.03)


def test_the_furthest_rating_is_still_drawn() -> None:
    rng = np.random.default_rng(1)
    bounds = bounds_of(CUTS, np.array([0, 3]))
    far = drawn_latent(bounds, np.array([1e4, -1e4]), np.ones(2), rng)
    assert np.isfinite(far).all()
    assert np.isfinite(expected_latent(bounds, np.array([1e4, -1e4]), np.ones(2))).all()


def test_expected_stars_weigh_every_level_by_its_chance() -> None:
    at_most = chances_at_most(MEAN, SPREAD, CUTS)
    np.testing.assert_allclose(at_most[0], [*norm.cdf(CUTS - 0.3), 1])
    chances = np.diff(at_most, axis=1, prepend=0)
    np.testing.assert_allclose(expected_stars(MEAN, SPREAD, CUTS, STARS), chances @ STARS)


def test_a_quantile_lies_within_the_stretch_of_its_level() -> None:
    at_most = np.array([[0.1, 0.5, 1.0], [0.0, 0.0, 1.0]])
    stars = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(quantile(at_most, 0.1, stars), [1.5, 2.6])
    np.testing.assert_allclose(quantile(at_most, 0.3, stars), [2.0, 2.8])


def test_a_rating_between_levels_counts_as_the_nearest() -> None:
    ratings = np.array([0.5, 1.4, 3.2, 4.6, 7.0])
    np.testing.assert_array_equal(nearest_level(ratings, STARS), [0, 0, 2, 3, 3])


def test_cuts_are_found_again() -> None:
    rng = np.random.default_rng(2)
    predicted = rng.normal(0, 1, 5_000)
    codes = np.searchsorted(CUTS, predicted + rng.standard_normal(5_000))
    levels, found = Levels(np.bincount(codes)), []
    for step in range(400):
        levels.draw_cuts(codes, predicted, np.ones(5_000), rng)
        if step >= 200:
            found.append(levels.cuts)
    np.testing.assert_allclose(np.mean(found, axis=0), CUTS, atol=0.06)
