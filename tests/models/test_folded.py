"""A viewer given their history, under one sample, against the algebra of normal distributions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.models._folded import Asked, Sample, day_rows, known_days

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
