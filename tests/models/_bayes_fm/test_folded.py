"""A viewer given their history, under one sample, against the algebra of normal distributions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.models._bayes_fm.folded import Asked, Sample, day_rows, known_days

F = 4
DAY = 86_400
TIMES = np.array([5 * DAY + 10, 5 * DAY + 12, 6 * DAY, 6 * DAY + 300, 9 * DAY])
ITEMS = np.array([0, 2, 3, 5, 6], dtype=np.int32)
STARS = np.array([5, 3, 4, 1, 2], dtype=np.float32)
WANTED = np.array([1, 4, 7], dtype=np.int32)
WANTED_TIMES = np.array([5 * DAY + 20, 6 * DAY + 310, 40 * DAY])
DAYS = np.array([5, 6])


@pytest.fixture
def sample() -> Sample:
    rng = np.random.default_rng(0)
    return Sample(
        mean=np.array(3.4),
        noise_precision=np.array(1.3),
        films=rng.standard_normal((8, F)),
        shown=rng.standard_normal((8, F)),
        days=rng.standard_normal((3, F)),
        viewer_mean=rng.standard_normal(F),
        viewer_precision=rng.uniform(1, 3, F),
        moments=np.array([0.4, 0.2]),
        described=np.empty((0, F)),
        steadiness=np.empty(0),
        evenness=np.array(0),
        cuts=np.empty(0),
    )


@pytest.fixture
def asked() -> Asked:
    history = sp.csr_array((STARS, ITEMS, [0, 0, 5]), shape=(2, 8))
    wanted = sp.csr_array((np.ones(3), WANTED, [0, 0, 3]), shape=(2, 8))
    return Asked(history, TIMES, wanted, WANTED_TIMES, DAYS)


def posterior(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the wanted ratings' predictions, from their joint distribution."""
    items = np.concatenate([ITEMS, WANTED])
    days = sample.days[np.array([0, 0, 1, 1, 2, 0, 1, 2])]
    films = sample.films[items]
    features = films + days
    features[:, 0] = 1
    offset = sample.mean + films[:, 0] + days[:, 0] + (films[:, 1:] * days[:, 1:]).sum(axis=1)
    expected = sample.viewer_mean + sample.shown[ITEMS].sum(axis=0) / np.sqrt(5)
    # pages: both of day 5 and the first wanted; both of day 6 apart, the second wanted with the
    # later of them; sittings: days 5 and 6 each one
    page = np.array([0, 0, 1, 2, 3, 0, 2, 4])
    sitting = np.array([0, 0, 1, 1, 2, 0, 1, 3])
    common = features @ np.diag(1 / sample.viewer_precision) @ features.T
    common += sample.moments[0] * (page[:, None] == page)
    common += sample.moments[1] * (sitting[:, None] == sitting)
    mean = offset + features @ expected
    observed = common[:5, :5] + np.eye(5) / sample.noise_precision
    gain = np.linalg.solve(observed, common[:5, 5:]).T
    return mean[5:] + gain @ (STARS - mean[:5]), common[5:, 5:] - gain @ common[:5, 5:]


def test_expected_predictions_are_those_of_the_joint_normal_distribution(
    asked: Asked, sample: Sample
) -> None:
    predicted = asked.predictions(sample, asked.viewers(sample))
    np.testing.assert_allclose(predicted, posterior(sample)[0], rtol=1e-5)


def test_draws_have_its_mean_and_covariance(asked: Asked, sample: Sample) -> None:
    rng = np.random.default_rng(1)
    draws = np.array([asked.predictions(sample, asked.viewers(sample, rng)) for _ in range(20_000)])
    mean, covariance = posterior(sample)
    spread = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose((draws.mean(axis=0) - mean) / spread, 0, atol=0.04)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.05 * spread.max() ** 2)


def test_a_viewer_without_a_history_is_what_viewers_are(asked: Asked, sample: Sample) -> None:
    np.testing.assert_allclose(asked.viewers(sample).rows[0], sample.viewer_mean)


def test_a_day_is_found_only_where_it_is_known() -> None:
    times = np.array([5 * DAY, 6 * DAY + 1, 7 * DAY, 0, 4 * DAY])
    np.testing.assert_array_equal(day_rows(times, DAYS), [0, 1, 2, 2, 2])
    np.testing.assert_array_equal(known_days(np.array([6 * DAY, 0, 5 * DAY, 6 * DAY])), DAYS)


def noisy(sample: Sample, spread: float) -> Asked:
    """A viewer of 60 ratings of 60 films made of the sample, with noise of their own."""
    rng = np.random.default_rng(4)
    items = np.arange(60, dtype=np.int32)
    row = sample.viewer_mean + rng.standard_normal(F) / np.sqrt(sample.viewer_precision)
    features = sample.films.copy()
    features[:, 0] = 1
    stars = sample.mean + sample.films[:, 0] + features @ row + rng.standard_normal(60) * spread
    history = sp.csr_array((stars, items, [0, 0, 60]), shape=(2, 60))
    nothing, no_times = sp.csr_array(history.shape), np.empty(0, dtype=np.int64)
    return Asked(history, np.zeros(60, dtype=np.int64), nothing, no_times, DAYS)


@pytest.fixture
def uneven(sample: Sample) -> Sample:
    films = np.random.default_rng(5).standard_normal((60, F))
    return sample._replace(
        films=films,
        shown=np.empty((0, F)),
        days=np.zeros((3, F)),
        moments=np.zeros(2),
        noise_precision=np.array(1.0),
        steadiness=np.ones(60),
        evenness=np.array(4.0),
    )


@pytest.mark.parametrize("spread", [0.3, 1.5])
def test_how_steady_a_viewer_is_shows_in_their_history(uneven: Sample, spread: float) -> None:
    asked = noisy(uneven, spread)
    *_, (_, expected) = asked.under([uneven])
    assert expected.steadiness[1] == pytest.approx(64 / (4 + 60 * spread**2), rel=0.4)
    # without a history a viewer is as steady as others
    assert expected.steadiness[0] == pytest.approx(1)
    rng = np.random.default_rng(6)
    drawn = [viewers.steadiness for _, viewers in asked.under([uneven] * 1_000, rng)]
    assert np.mean(drawn, axis=0)[1] == pytest.approx(expected.steadiness[1], rel=0.08)


def test_a_row_behind_levels_is_expected_as_it_is_drawn(uneven: Sample) -> None:
    asked = noisy(uneven, 1.0)
    cut = uneven._replace(cuts=np.array([1.5, 2.5, 3.5, 4.5]), steadiness=np.empty(0))
    asked = Asked(
        asked._histories,
        np.zeros(60, dtype=np.int64),
        sp.csr_array(asked._histories.shape),
        np.empty(0, dtype=np.int64),
        DAYS,
        stars=np.arange(1.0, 6),
    )
    *_, (_, expected) = asked.under([cut] * 60)
    rng = np.random.default_rng(7)
    drawn = np.array([viewers.rows[1] for _, viewers in asked.under([cut] * 1_500, rng)])
    off = (expected.rows[1] - drawn.mean(axis=0)) / drawn.std(axis=0)
    np.testing.assert_allclose(off, 0, atol=0.3)


def test_attributes_move_what_is_expected_beforehand(asked: Asked, sample: Sample) -> None:
    known = sp.csr_array(np.array([[1.0, 0, 1], [0, 0, 0]]))
    described = np.arange(3 * F, dtype=np.float64).reshape(3, F)
    asked = Asked(asked._histories, TIMES, asked._histories, TIMES, DAYS, described=known)
    moved = asked.viewers(sample._replace(described=described)).rows
    np.testing.assert_allclose(moved[0], sample.viewer_mean + described[0] + described[2])
