"""The fold-in under one sample against the algebra of normal distributions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Histories
from matinee.models._bayes_fm.fold_in import FoldIn, Sample

F = 4
DAY = 86_400
TIMES = np.array([5 * DAY + 10, 5 * DAY + 12, 6 * DAY, 6 * DAY + 300, 9 * DAY])
ITEMS = np.array([0, 2, 3, 5, 6], dtype=np.int32)
STARS = np.array([5, 3, 4, 1, 2], dtype=np.float32)
WANTED = np.array([1, 4, 7], dtype=np.int32)
WANTED_TIMES = np.array([5 * DAY + 20, 6 * DAY + 310, 40 * DAY])


@pytest.fixture
def sample() -> Sample:
    rng = np.random.default_rng(0)
    return Sample(
        mean=np.array(3.4),
        noise_precision=np.array(1.3),
        items=rng.standard_normal((8, F)),
        implicit=rng.standard_normal((8, F)),
        user_mean=rng.standard_normal(F),
        user_precision=rng.uniform(1, 3, F),
        session_variances=np.array([0.4, 0.2]),
        item_scales=np.empty(0),
        user_freedom=np.array(0),
    )


@pytest.fixture
def fold_in() -> FoldIn:
    """A newcomer and a user with five ratings and three to predict."""
    ratings = sp.csr_array((STARS, ITEMS, [0, 0, 5]), shape=(2, 8))
    wanted = sp.csr_array((WANTED_TIMES, WANTED, [0, 0, 3]), shape=(2, 8))
    return FoldIn(Histories(ratings, TIMES), wanted)


def posterior(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the ratings to predict, from the joint distribution of all ratings."""
    features = sample.items[np.concatenate([ITEMS, WANTED])].copy()
    offset = sample.mean + features[:, 0]
    features[:, 0] = 1
    expected = sample.user_mean + sample.implicit[ITEMS].sum(axis=0) / np.sqrt(5)
    # the first wanted rating is on the page of day 5, the second on the later page of day 6;
    # days 5 and 6 have a session each
    page = np.array([0, 0, 1, 2, 3, 0, 2, 4])
    session = np.array([0, 0, 1, 1, 2, 0, 1, 3])
    common = features @ np.diag(1 / sample.user_precision) @ features.T
    common += sample.session_variances[0] * (page[:, None] == page)
    common += sample.session_variances[1] * (session[:, None] == session)
    mean = offset + features @ expected
    observed = common[:5, :5] + np.eye(5) / sample.noise_precision
    gain = np.linalg.solve(observed, common[:5, 5:]).T
    return mean[5:] + gain @ (STARS - mean[:5]), common[5:, 5:] - gain @ common[:5, 5:]


def test_expected_ratings_are_those_of_the_joint_normal_distribution(
    fold_in: FoldIn, sample: Sample
) -> None:
    rating, noise = fold_in.ratings(sample, fold_in.update(sample))
    np.testing.assert_allclose(rating, posterior(sample)[0], rtol=1e-5)
    np.testing.assert_allclose(noise, 1 / 1.3)


def test_draws_have_its_mean_and_covariance(fold_in: FoldIn, sample: Sample) -> None:
    rng = np.random.default_rng(1)
    draws = np.array(
        [fold_in.ratings(sample, fold_in.update(sample, rng))[0] for _ in range(20_000)]
    )
    mean, covariance = posterior(sample)
    spread = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose((draws.mean(axis=0) - mean) / spread, 0, atol=0.04)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.05 * spread.max() ** 2)


def test_a_newcomer_has_the_prior_mean(fold_in: FoldIn, sample: Sample) -> None:
    np.testing.assert_allclose(fold_in.update(sample).rows[0], sample.user_mean)


@pytest.mark.parametrize("spread", [0.3, 1.5])
def test_the_precision_of_a_user_is_learned_from_their_history(
    sample: Sample, spread: float
) -> None:
    rng = np.random.default_rng(4)
    features = np.random.default_rng(5).standard_normal((60, F))
    noisy = sample._replace(
        items=features.copy(),
        implicit=np.empty((0, F)),
        session_variances=np.zeros(2),
        noise_precision=np.array(1.0),
        item_scales=np.ones(60),
        user_freedom=np.array(4.0),
    )
    row = sample.user_mean + rng.standard_normal(F) / np.sqrt(sample.user_precision)
    offsets = sample.mean + features[:, 0]
    features[:, 0] = 1
    stars = offsets + features @ row + rng.standard_normal(60) * spread
    stars = stars.astype(np.float32)
    ratings = sp.csr_array((stars, np.arange(60), [0, 0, 60]), shape=(2, 60))
    fold_in = FoldIn(Histories(ratings), sp.csr_array(ratings.shape, dtype=np.int64))
    *_, (_, expected) = fold_in.posterior([noisy])
    assert expected.scales[1] == pytest.approx(64 / (4 + 60 * spread**2), rel=0.4)
    assert expected.scales[0] == pytest.approx(1)  # a newcomer is like everybody
    rng = np.random.default_rng(6)
    draws = [users.scales for _, users in fold_in.posterior([noisy] * 1_000, rng)]
    assert np.mean(draws, axis=0)[1] == pytest.approx(expected.scales[1], rel=0.08)
