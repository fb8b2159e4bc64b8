"""Systems that are solved once they are factorised, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.models._shared.ridge import System


@pytest.mark.parametrize("diagonal", [[4.0, 3.0, 2.0], [4.0, -3.0, 2.0]])
def test_several_solves_of_a_system_that_is_positive_definite_and_of_one_that_is_not(
    diagonal: list[float],
) -> None:
    matrix = np.diag(diagonal) + 0.5
    system = System(matrix)
    for right in (np.array([1.0, -2.0, 3.0]), np.arange(6.0).reshape(3, 2)):
        np.testing.assert_allclose(matrix @ system.solve(right), right, atol=1e-12)
