"""Random effects of pages and sessions against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.models._bayes_fm.sessions import Sessions, sessions_of

VARIANCES = np.array([0.7, 0.3])
SCALES = np.random.default_rng(9).uniform(0.5, 2, 20)
"""One over the standard deviation of the noise of twenty ratings."""


@pytest.fixture
def sessions() -> Sessions:
    """Twenty ratings on nine pages in four sessions; the last page has no rating."""
    pages = np.random.default_rng(0).integers(0, 8, 20)
    return Sessions(pages, np.array([0, 0, 1, 1, 1, 2, 3, 3, 3]))


def incidence(sessions: Sessions) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    of_pages = np.eye(len(sessions.sessions))
    of_sessions = np.eye(sessions.sessions.max() + 1)[sessions.sessions]
    return of_pages[sessions.pages], of_sessions[sessions.pages]


def covariance(sessions: Sessions) -> NDArray[np.float64]:
    of_pages, of_sessions = incidence(sessions)
    effects = VARIANCES[0] * of_pages @ of_pages.T + VARIANCES[1] * of_sessions @ of_sessions.T
    return np.asarray(np.diag(1 / np.square(SCALES)) + effects)


def test_products_of_white_columns_include_the_inverse_covariance(sessions: Sessions) -> None:
    columns = np.random.default_rng(1).standard_normal((20, 3))
    white = sessions.whiten(columns, SCALES, VARIANCES)
    expected = columns.T @ np.linalg.inv(covariance(sessions)) @ columns
    np.testing.assert_allclose(white.T @ white, expected, rtol=1e-9)


def test_effects_are_expectations_given_all_ratings(sessions: Sessions) -> None:
    residuals = np.random.default_rng(2).standard_normal(20)
    of_pages, of_sessions = incidence(sessions)
    weighted = np.linalg.solve(covariance(sessions), residuals)
    pages = VARIANCES[0] * of_pages.T @ weighted
    expected = pages + (VARIANCES[1] * of_sessions.T @ weighted)[sessions.sessions]
    effects = sessions.effects(residuals, SCALES, VARIANCES)
    np.testing.assert_allclose(effects, expected, rtol=1e-9, atol=1e-12)


def test_degrees_of_freedom_are_the_trace_of_the_smoother(sessions: Sessions) -> None:
    noise = np.diag(1 / np.square(SCALES))
    smoother = (covariance(sessions) - noise) @ np.linalg.inv(covariance(sessions))
    freedom = sessions.degrees_of_freedom(SCALES, VARIANCES).sum()
    assert freedom == pytest.approx(np.trace(smoother))


def test_draws_from_the_prior_have_both_variances(sessions: Sessions) -> None:
    rng = np.random.default_rng(3)
    draws = np.array([sessions.draw(VARIANCES, rng) for _ in range(20_000)])
    same_session = np.cov(draws[:, 0], draws[:, 1])
    np.testing.assert_allclose(same_session, [[1.0, 0.3], [0.3, 1.0]], atol=0.03)
    assert abs(np.cov(draws[:, 0], draws[:, 5])[0, 1]) < 0.03


def test_without_variance_there_are_no_effects(sessions: Sessions) -> None:
    columns = np.random.default_rng(4).standard_normal((20, 2))
    white = sessions.whiten(columns, SCALES, np.zeros(2))
    np.testing.assert_array_equal(white, columns * SCALES[:, None])
    assert not sessions.effects(columns[:, 0], SCALES, np.zeros(2)).any()
    assert not sessions.degrees_of_freedom(SCALES, np.zeros(2)).any()


def test_a_pause_ends_a_page_and_a_quarter_hour_ends_a_session() -> None:
    hour = 1_000_000 * 3600
    times = np.array([hour, hour + 15, hour + 31, hour + 901, hour, 0, 0])
    users = np.array([4, 4, 4, 4, 9, 4, 4])
    result = sessions_of(users, times)
    pages, sessions = result.pages, result.sessions[result.pages]
    assert pages[0] == pages[1]
    assert len(set(pages.tolist())) == 6
    assert sessions[0] == sessions[1] == sessions[2]
    # the next quarter hour, another user, and two unknown times have sessions of their own
    assert len(set(sessions.tolist())) == 5


def test_the_order_of_ratings_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    users, times = rng.integers(0, 4, 200), 880_000_000 + rng.integers(0, 4000, 200)
    order = rng.permutation(200)
    sorted_, shuffled = sessions_of(users, times), sessions_of(users[order], times[order])
    np.testing.assert_array_equal(sorted_.pages[order], shuffled.pages)


def test_no_ratings_have_no_sessions() -> None:
    empty = sessions_of(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    assert empty.whiten(np.empty((0, 3)), np.empty(0), VARIANCES).shape == (0, 3)
    assert empty.effects(np.empty(0), np.empty(0), VARIANCES).shape == (0,)
