"""Provider exposure by hand and by invariants."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.metrics.exposure import exposure_disparity, provider_exposure

PROVIDERS = sp.csr_array(np.array([[1.0, 0], [1, 0], [0, 1], [1, 1], [0, 0]]))
"""Two films by A, one by B, one by both, one without a provider."""


def test_the_first_rank_has_the_most_exposure_and_two_providers_share_it() -> None:
    second = 1 / np.log2(3)
    shares = provider_exposure(np.array([[0, 2]]), PROVIDERS)
    assert shares == pytest.approx([1 / (1 + second), second / (1 + second)], abs=1e-12)
    assert provider_exposure(np.array([[3], [4]]), PROVIDERS).tolist() == [0.5, 0.5]


def test_disparity_is_zero_for_all_films_and_one_minus_its_share_for_one_provider() -> None:
    assert exposure_disparity(np.arange(5)[:, None], PROVIDERS) == pytest.approx(0, abs=1e-12)
    # B has 1.5 of the 4 films with a provider
    assert exposure_disparity(np.array([[2], [2]]), PROVIDERS) == pytest.approx(1 - 1.5 / 4)


def test_without_providers_there_is_no_value() -> None:
    assert np.isnan(exposure_disparity(np.array([[4], [-1]]), PROVIDERS))
    for n_providers in (3, 0):
        nobody = sp.csr_array((5, n_providers), dtype=np.float32)
        assert np.isnan(exposure_disparity(np.array([[4]]), nobody))
