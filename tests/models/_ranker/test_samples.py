"""Examples of the ranker: scores that are kept, and those that are computed twice."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Year

from matinee.models import create
from matinee.models._ranker import samples


def test_scores_that_are_too_many_to_keep_are_computed_again(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    def weights() -> np.ndarray:
        model = create("ranker").fit(year.ratings, year.catalog, rng=np.random.default_rng(0))
        return model.arrays["common"]

    kept = weights()
    monkeypatch.setattr(samples, "_MOST_SCORES", 0)
    np.testing.assert_array_equal(weights(), kept)
