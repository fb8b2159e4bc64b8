"""Few ratings are predicted about as by the baseline, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Fit, Predict, Ratings

from matinee.data import Histories, Interactions, Query
from matinee.models._bayes_fm.little_data import Shrinkage

QUICK: dict[str, object] = {"burn_in": 10, "sweeps": 40, "samples": 20}


@pytest.mark.parametrize("seed", range(4))
def test_four_ratings_are_predicted_near_their_mean_whatever_the_seed(
    fit: Fit, ratings: Ratings, predict: Predict, seed: int
) -> None:
    train = ratings([[2, 4, 0], [3, 0, 5]])
    model = fit("bayes-fm", train, QUICK, seed=seed)
    for query in (Query(), Query.of(train.history(0))):
        assert predict(model, query, [0, 1, 2]) == pytest.approx(3.5, abs=0.6)
        assert np.abs(model.score(query)).max() < 10


def test_the_share_of_the_machine_grows_with_the_data_until_nothing_is_changed(
    planted: Interactions,
) -> None:
    scale = {"scale": np.array(planted.scale, dtype=np.float32)}
    histories, wild = Histories.of_interactions(planted), np.array([20.0, -7.0])
    moved = []
    for n in (10, 500, 900):
        shrinkage = Shrinkage(scale | Shrinkage.arrays_of(planted.select(slice(n))), histories)
        assert shrinkage.variances(np.array([1e9]))[0] <= 16
        high, low = shrinkage.means(wild, [0, 0], [3, 3])
        assert 1 <= low < high <= 5
        moved.append(high - low)
    assert moved == pytest.approx([4 * 0.01, 4 * 0.5, 4 * 0.9])
    enough = planted.select(np.arange(1000) % len(planted))
    assert Shrinkage.arrays_of(enough) == {}
    unchanged = Shrinkage(scale, histories)
    assert unchanged.means(wild, [0, 0], [3, 3]) is wild
    assert unchanged.variances(wild) is wild
