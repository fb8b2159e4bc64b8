"""Effects of pages and sittings against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.models._bayes_fm.moments import Moments, same_moments

VARIANCES = np.array([0.7, 0.3])
STRENGTHS = np.random.default_rng(9).uniform(0.5, 2, 20)
"""Of twenty ratings, one over the standard deviation of the noise of each."""


@pytest.fixture
def moments() -> Moments:
    """Twenty ratings on nine pages in four sittings; the last page has none of them."""
    pages = np.random.default_rng(0).integers(0, 8, 20)
    return Moments(pages, np.array([0, 0, 1, 1, 1, 2, 3, 3, 3]))


def incidence(moments: Moments) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pages = np.eye(len(moments.sittings))
    sittings = np.eye(moments.sittings.max() + 1)[moments.sittings]
    return pages[moments.pages], sittings[moments.pages]


def covariance(moments: Moments) -> NDArray[np.float64]:
    of_pages, of_sittings = incidence(moments)
    common = VARIANCES[0] * of_pages @ of_pages.T + VARIANCES[1] * of_sittings @ of_sittings.T
    return np.asarray(np.diag(1 / np.square(STRENGTHS)) + common)


def test_whitened_columns_multiply_as_by_the_inverse_covariance(moments: Moments) -> None:
    columns = np.random.default_rng(1).standard_normal((20, 3))
    white = moments.whitened(columns, STRENGTHS, VARIANCES)
    expected = columns.T @ np.linalg.inv(covariance(moments)) @ columns
    np.testing.assert_allclose(white.T @ white, expected, rtol=1e-9)


def test_effects_are_their_expectation_given_all_ratings(moments: Moments) -> None:
    remains = np.random.default_rng(2).standard_normal(20)
    of_pages, of_sittings = incidence(moments)
    weighted = np.linalg.solve(covariance(moments), remains)
    pages = VARIANCES[0] * of_pages.T @ weighted
    sittings = VARIANCES[1] * of_sittings.T @ weighted
    expected = pages + sittings[moments.sittings]
    found = moments.effects(remains, STRENGTHS, VARIANCES)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_freedom_is_the_trace_of_what_smooths_ratings_to_effects(moments: Moments) -> None:
    noise = np.diag(1 / np.square(STRENGTHS))
    smoother = (covariance(moments) - noise) @ np.linalg.inv(covariance(moments))
    found = moments.freedom(STRENGTHS, VARIANCES).sum()
    assert found == pytest.approx(np.trace(smoother))


def test_drawn_effects_have_the_variances_of_both_levels(moments: Moments) -> None:
    rng = np.random.default_rng(3)
    draws = np.array([moments.drawn(VARIANCES, rng) for _ in range(20_000)])
    common = np.cov(draws[:, 0], draws[:, 1])
    np.testing.assert_allclose(common, [[1.0, 0.3], [0.3, 1.0]], atol=0.03)
    assert abs(np.cov(draws[:, 0], draws[:, 5])[0, 1]) < 0.03


def test_no_variance_changes_nothing(moments: Moments) -> None:
    columns = np.random.default_rng(4).standard_normal((20, 2))
    white = moments.whitened(columns, STRENGTHS, np.zeros(2))
    np.testing.assert_array_equal(white, columns * STRENGTHS[:, None])
    assert not moments.effects(columns[:, 0], STRENGTHS, np.zeros(2)).any()
    assert not moments.freedom(STRENGTHS, np.zeros(2)).any()


def test_a_page_ends_with_a_pause_and_a_sitting_with_the_quarter() -> None:
    hour = 1_000_000 * 3600
    times = np.array([hour, hour + 15, hour + 31, hour + 901, hour, 0, 0])
    viewers = np.array([4, 4, 4, 4, 9, 4, 4])
    found = same_moments(viewers, times)
    pages, sittings = found.pages, found.sittings[found.pages]
    assert pages[0] == pages[1]
    assert len(set(pages.tolist())) == 6
    assert sittings[0] == sittings[1] == sittings[2]
    # the next quarter, another viewer, and two ratings without a time
    assert len(set(sittings.tolist())) == 5


def test_the_order_of_ratings_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    viewers, times = rng.integers(0, 4, 200), 880_000_000 + rng.integers(0, 4000, 200)
    order = rng.permutation(200)
    pages, moved = same_moments(viewers, times), same_moments(viewers[order], times[order])
    np.testing.assert_array_equal(pages.pages[order], moved.pages)


def test_nothing_has_no_moments() -> None:
    nothing = same_moments(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    assert nothing.whitened(np.empty((0, 3)), np.empty(0), VARIANCES).shape == (0, 3)
    assert nothing.effects(np.empty(0), np.empty(0), VARIANCES).shape == (0,)
