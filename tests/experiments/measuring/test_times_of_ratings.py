"""Models see the times of ratings to predict, and never those of ranked targets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans

from matinee.data import Catalog, Histories, Interactions
from matinee.data.splits import Split, folds, random
from matinee.experiments.measuring.scoring import prediction_errors, prediction_intervals


class Clock(FilmMeans):
    """Predicts the second of the rating, modulo 5, with an interval of one star around it."""

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        return np.asarray(wanted.data % 5, dtype=np.float32)

    def intervals(
        self, histories: Histories, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        predicted = self.predictions(histories, wanted)
        return predicted - 1, predicted + 1


def fitted(split: Split, catalog: Catalog) -> Clock:
    return Clock().fit(split.train, catalog, rng=np.random.default_rng(0))


def test_times_come_in_the_order_of_the_targets(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fold = (np.arange(len(planted)) % 3).astype(np.int8)
    test = folds(planted, fold, 0)[0].test
    model = fitted(test, planted_catalog)
    hidden = planted.select(fold == 0)
    seconds = np.zeros(hidden.matrix.shape)
    seconds[hidden.users, hidden.items] = hidden.times % 5
    rows = np.repeat(test.users, np.diff(test.targets.indptr))
    expected = seconds[rows, test.targets.indices]
    np.testing.assert_array_equal(prediction_errors(model, test), expected - test.targets.data)
    ends = prediction_intervals(model, test)
    assert ends is not None
    np.testing.assert_array_equal(ends[0], expected - 1)


def test_times_of_ranked_targets_are_hidden(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    test = random(replace(planted, times=planted.times + 1), 0)[0].test
    model = fitted(test, planted_catalog)
    np.testing.assert_array_equal(prediction_errors(model, test), -test.targets.data)
    ends = prediction_intervals(model, test)
    assert ends is not None
    np.testing.assert_array_equal(ends[1], np.ones(test.targets.nnz))
