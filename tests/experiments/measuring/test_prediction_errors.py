"""Errors of predicted ratings, against the model's own predictions and the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans, MeansConfig, Together

from matinee.data import Dataset, Histories
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.prediction_errors import PredictionErrors
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.receipts.split_record import from_record, to_record


class Bounded(FilmMeans):
    """Intervals of half a star on either side."""

    def intervals(
        self, histories: Histories, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        predicted = self.predictions(histories, wanted)
        return predicted - 0.5, predicted + 0.5


@pytest.fixture(scope="module")
def comparison(dataset: Dataset) -> Comparison:
    return evaluate([FilmMeans, Bounded(MeansConfig(damping=9))], dataset, "folds", defaults=True)


def test_every_rating_of_the_folds_has_one_row_with_its_prediction(
    dataset: Dataset, comparison: Comparison
) -> None:
    errors = comparison.errors("film-means")
    ratings = dataset.interactions
    assert len(errors) == len(ratings)
    known = pl.DataFrame(
        {
            "user": ratings.user_ids.ids[ratings.users],
            "item": ratings.item_ids.ids[ratings.items],
            "value": ratings.values,
            "title": [each.label for each in dataset.catalog.films(ratings.items)],
        }
    )
    joined = errors.join(known, on=["user", "item", "title"], how="inner", validate="1:1")
    assert len(joined) == len(ratings)
    assert joined["rating"].equals(joined["value"].rename("rating"))
    for division in divide("folds", dataset):
        test = division.test
        model = FilmMeans().fit(test.train, dataset.catalog, rng=np.random.default_rng(0))
        own = errors.filter(pl.col("split") == test.name)
        predicted = model.predictions(test.histories, test.wanted)
        np.testing.assert_allclose(own["predicted"], predicted, atol=1e-6)
        np.testing.assert_allclose(own["error"], predicted - test.targets.data, atol=1e-6)
        trained = zip(test.train.users.tolist(), test.train.items.tolist(), strict=True)
        users, items = map(list, zip(*trained, strict=True))
        for user, item, n_user, n_item in (
            own.sample(20, seed=1)
            .select("user", "item", "viewer_ratings", "film_ratings")
            .iter_rows()
        ):
            assert n_user == users.count(ratings.user_ids.row(user))
            assert n_item == items.count(ratings.item_ids.row(item))


def test_errors_give_the_metric_of_every_split(comparison: Comparison) -> None:
    for result in comparison.results:
        errors = comparison.errors(result.name)
        for split in result.splits:
            own = errors.filter(pl.col("split") == split.split)["error"].to_numpy()
            assert np.sqrt(np.square(own).mean()) == pytest.approx(split.means["rmse"], rel=1e-5)


def test_intervals_are_those_of_the_model_and_null_without(comparison: Comparison) -> None:
    bounded = next(each.name for each in comparison.results if each.name.startswith("bounded"))
    errors = comparison.errors(bounded)
    np.testing.assert_allclose(errors["high"] - errors["low"], 1, atol=1e-5)
    np.testing.assert_allclose(errors["low"] + 0.5, errors["predicted"], atol=1e-5)
    others = comparison.errors("film-means")
    assert others["low"].null_count() == others["high"].null_count() == len(others)
    assert others.schema == errors.schema


def test_the_best_model_is_the_default(comparison: Comparison) -> None:
    assert comparison.errors().equals(comparison.errors(comparison.results[0].name))


def test_of_many_targets_a_sample_keeps_its_places(
    dataset: Dataset, comparison: Comparison
) -> None:
    test = comparison.tests[0]
    n = test.targets.nnz
    numbers = np.arange(n, dtype=np.float64)
    sampled = PredictionErrors.of(numbers, (numbers - 1, numbers + 1), most=7)
    assert sampled.places is not None
    assert len(sampled.errors) == len(np.unique(sampled.places)) == 7
    assert sampled.places.max() < n
    np.testing.assert_array_equal(sampled.errors, sampled.places)
    frame = sampled.frame(test, dataset.catalog)
    whole = PredictionErrors.of(numbers, None).frame(test, dataset.catalog)
    columns = ["split", "user", "item", "title", "rating", "error"]
    assert frame.select(columns).equals(whole.select(columns)[sampled.places])
    np.testing.assert_array_equal(frame["high"], sampled.places + 1)


def test_a_record_keeps_a_sample_with_intervals(comparison: Comparison) -> None:
    numbers = np.arange(40, dtype=np.float64)
    errors = PredictionErrors.of(numbers, (numbers, numbers), most=9)
    result = replace(comparison.results[0].splits[0], errors=errors)
    again = from_record(*to_record(result)).errors
    assert again is not None
    for name, column in vars(errors).items():
        np.testing.assert_array_equal(getattr(again, name), column)


def test_without_predicted_ratings_there_are_no_errors(dataset: Dataset) -> None:
    ranked = evaluate([Together()], dataset, "random")
    with pytest.raises(InputError, match=r"ranks films .* evaluate with protocol 'ratings'"):
        ranked.errors()


def test_an_unknown_model_is_refused(comparison: Comparison) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'film-means'"):
        comparison.errors("film-mean")
    with pytest.raises(UnknownNameError, match="unknown model '5'"):
        comparison.errors(5)  # type: ignore[arg-type]
