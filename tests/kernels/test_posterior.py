"""Means and covariances, compared with dense matrices."""

from __future__ import annotations

import itertools

import numpy as np

from matinee.kernels.posterior import posteriors


def test_rows_solve_the_normal_equations() -> None:
    rng = np.random.default_rng(0)
    indptr = np.array([0, 3, 3, 20], dtype=np.int32)
    features, targets = rng.standard_normal((20, 5)), rng.standard_normal(20)
    precision = rng.uniform(0.5, 2, 5)
    means, covariances = posteriors(indptr, features, targets, precision)
    for row, (start, end) in enumerate(itertools.pairwise(indptr)):
        own = features[start:end]
        covariance = np.linalg.inv(np.diag(precision) + own.T @ own)
        np.testing.assert_allclose(covariances[row], covariance, rtol=1e-9, atol=1e-12)
        expected = covariance @ own.T @ targets[start:end]
        np.testing.assert_allclose(means[row], expected, rtol=1e-9, atol=1e-12)


def test_rows_without_entries_have_the_prior() -> None:
    nothing = np.empty((0, 2)), np.empty(0)
    means, covariances = posteriors(np.zeros(2, dtype=np.int32), *nothing, np.array([2.0, 4.0]))
    assert not means.any()
    np.testing.assert_allclose(covariances[0], np.diag([0.5, 0.25]))
