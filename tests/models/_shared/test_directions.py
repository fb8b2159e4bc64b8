"""Bases of the subspace iteration, against QR decompositions."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.models._shared.directions import _orthonormal


@pytest.mark.parametrize("last", [1.0, 1e-3, 1e-7])
def test_a_basis_is_orthonormal_and_of_the_same_space(last: float) -> None:
    columns = np.random.default_rng(0).standard_normal((200, 6))
    some = (columns * np.geomspace(1, last, 6)).astype(np.float32)
    basis = _orthonormal(some)
    assert basis.dtype == np.float32
    np.testing.assert_allclose(basis.T @ basis, np.eye(6), atol=1e-5)
    expected = np.linalg.qr(some)[0]
    np.testing.assert_allclose(basis @ basis.T, expected @ expected.T, atol=1e-4)


def test_dependent_columns_are_no_error() -> None:
    some = np.random.default_rng(0).standard_normal((50, 3)).astype(np.float32)
    basis = _orthonormal(np.hstack([some, some, np.zeros((50, 1), dtype=np.float32)]))
    np.testing.assert_allclose(basis.T @ basis, np.eye(7), atol=1e-5)
