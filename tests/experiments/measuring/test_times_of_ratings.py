"""Models are told when ratings were given, where the protocol says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans

from matinee.data import Catalog, Context, Interactions
from matinee.data.splits import folds, random
from matinee.experiments.measuring.prediction_intervals import prediction_intervals
from matinee.experiments.measuring.scoring import prediction_errors


class TellsTheSecond(FilmMeans):
    """Predicts the second, modulo 5, give or take one; 3 where it is not told."""

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        return np.full(wanted.nnz, 3, dtype=np.float32)

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        assert context.history_times.shape == histories.data.shape
        return (context.wanted_times % 5).astype(np.float32)

    def intervals(
        self, histories: sp.csr_array, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        told = self.predictions(histories, wanted)
        return told - 1, told + 1

    def intervals_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        told = self.predictions_at(histories, wanted, context)
        return told - 1, told + 1


def test_a_model_is_told_when_in_the_order_of_the_targets(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fold = (np.arange(len(planted)) % 3).astype(np.int8)
    test = folds(planted, fold, 0)[0].test
    model = TellsTheSecond().fit(test.train, planted_catalog, rng=np.random.default_rng(0))
    given = planted.select(fold == 0)
    seconds = np.zeros(given.matrix.shape)
    seconds[given.users, given.items] = given.times % 5
    rows = np.repeat(test.users, np.diff(test.targets.indptr))
    told = seconds[rows, test.targets.indices]
    np.testing.assert_array_equal(prediction_errors(model, test), told - test.targets.data)
    ends = prediction_intervals(model, test)
    assert ends is not None
    np.testing.assert_array_equal(ends[0], told - 1)


def test_where_films_are_ranked_it_is_not_told_when_the_targets_were_watched(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    timed = replace(planted, times=planted.times + 1)
    test = random(timed, 0)[0].test
    model = TellsTheSecond().fit(test.train, planted_catalog, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(prediction_errors(model, test), -test.targets.data)
    ends = prediction_intervals(model, test)
    assert ends is not None
    np.testing.assert_array_equal(ends[1], np.ones(test.targets.nnz))


def test_it_is_told_nothing_where_nothing_is_known(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    timeless = replace(planted, times=np.zeros(len(planted), dtype=np.int64))
    test = random(timeless, 0)[0].test
    model = TellsTheSecond().fit(test.train, planted_catalog, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(prediction_errors(model, test), 3 - test.targets.data)
    ends = prediction_intervals(model, test)
    assert ends is not None
    np.testing.assert_array_equal(ends[1], np.full(test.targets.nnz, 4.0))
