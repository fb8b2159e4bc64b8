"""What metrics ask for, as an evaluation gives it."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans

from matinee import metrics
from matinee.data import Catalog, Dataset, Histories, Interactions, rows_of
from matinee.data.splits import Split, random
from matinee.errors import FailureError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.inputs import RankingInputs, RatingInputs
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.experiments.measuring.scoring import prediction_intervals
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric
from matinee.models import Model

K, CUT = 7, 4
OF_RATINGS = {"errors", "ratings", "lower", "upper", "scale"}


class SureOfItself(FilmMeans):
    """Film means, each half a star up or down."""

    def intervals(
        self, histories: Histories, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        predicted = self.predictions(histories, wanted)
        return predicted - 0.5, predicted + 0.5


@pytest.fixture(scope="module")
def split(planted: Interactions) -> Split:
    return random(planted, 0)[0].test


@pytest.fixture(scope="module")
def training(split: Split, planted_catalog: Catalog) -> TrainingStatistics:
    return TrainingStatistics(split.train, planted_catalog)


@pytest.fixture(scope="module")
def inputs(split: Split, training: TrainingStatistics) -> RankingInputs:
    scores = np.random.default_rng(0).random(split.targets.shape, dtype=np.float32)
    lists = ranked_lists(scores, split.targets, split.seen, K, positions=True)
    test_scores = scores[rows_of(split.targets), split.targets.indices]
    return RankingInputs(split, replace(lists, test_scores=test_scores), training)


def asking_for(name: str) -> Metric:
    """A metric that gives back what it is given under one name."""

    def echo(given: Any) -> Any:
        return given

    parameter = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    echo.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
    return Metric("echo", echo, "list", None, "what it is given", "ours")


def written_shape(name: str, sizes: dict[str, int]) -> tuple[int, ...]:
    """The shape that `INPUTS` promises: "int64[n, k], ..." is (60, 4)."""
    inside = metrics.INPUTS[name].partition("[")[2].partition("]")[0]
    return tuple(
        sum(sizes[part] if part in sizes else int(part) for part in each.split(" + "))
        for each in inside.split(", ")
    )


@pytest.mark.parametrize("name", sorted(set(metrics.INPUTS) - OF_RATINGS))
def test_a_ranking_gives_everything_in_the_shape_that_is_written_down(
    inputs: RankingInputs, split: Split, training: TrainingStatistics, name: str
) -> None:
    sizes = {
        "n": len(split.users),
        "k": CUT,
        "t": split.targets.nnz,
        "j": split.judgements.nnz,
        "n_items": len(training.catalog),
        "n_viewers": split.train.n_users,
        "n_genres": 2,
        "n_providers": 1,
    }
    given = inputs.measured(asking_for(name), CUT)
    if metrics.INPUTS[name].startswith("int,"):
        assert isinstance(given, int)
        assert given > 0
    else:
        assert given.shape == written_shape(name, sizes)
        kind = metrics.INPUTS[name].removeprefix("sparse ").partition("[")[0]
        assert given.dtype.kind == np.dtype(kind).kind


@pytest.mark.parametrize("name", [*sorted(OF_RATINGS), "bounds"])
def test_predicted_ratings_give_everything_in_the_shape_that_is_written_down(
    split: Split, name: str
) -> None:
    ends = split.targets.data.astype(np.float64)
    given = RatingInputs(split, np.zeros(split.targets.nnz), (ends, ends)).measured(
        asking_for(name)
    )
    sizes = {"n": len(split.users), "t": split.targets.nnz}
    assert given.shape == written_shape(name, sizes)


def test_popularitys_lists_are_the_most_rated_unseen_films(
    split: Split, training: TrainingStatistics
) -> None:
    usual = training.usual_items(split, K)
    for viewer in range(len(split.users)):
        seen = set(split.seen[[viewer]].indices.tolist())
        unseen = [film for film in range(training.n_items) if film not in seen]
        best = sorted(unseen, key=lambda film: (-training.item_counts[film], film))
        assert usual[viewer].tolist() == best[:K]


def test_popularitys_lists_are_made_once_for_all_models(
    split: Split, training: TrainingStatistics
) -> None:
    first = training.usual_items(split, 5)
    assert np.shares_memory(training.usual_items(split, 3), first)
    assert training.usual_items(split, 9).shape[1] == 9


def test_counts_are_those_of_the_training_part(split: Split, training: TrainingStatistics) -> None:
    counts = np.count_nonzero(split.train.matrix.toarray(), axis=0)
    np.testing.assert_array_equal(training.item_counts, counts)
    assert training.n_viewers == np.count_nonzero(np.diff(split.train.matrix.indptr))


def test_intervals_are_measured_where_a_model_gives_them(
    split: Split, training: TrainingStatistics
) -> None:
    rng = np.random.default_rng(0)
    fitted = SureOfItself().fit(split.train, training.catalog, rng=rng)
    measured = MetricSet.for_ratings().measure(fitted, split, training)
    assert measured.means["interval-width"] == pytest.approx(1.0, abs=1e-6)
    predicted = fitted.predictions(split.histories, split.wanted).astype(np.float64)
    inside = np.abs(predicted - split.targets.data) <= 0.5
    assert measured.means["interval-coverage"] == pytest.approx(inside.mean(), abs=1e-12)
    assert len(measured.values["interval-coverage"]) == len(split.users)


def test_metrics_of_intervals_have_no_value_where_a_model_gives_none(
    split: Split, training: TrainingStatistics
) -> None:
    fitted = FilmMeans().fit(split.train, training.catalog, rng=np.random.default_rng(0))
    assert fitted.intervals(split.histories, split.wanted) is None
    measured = MetricSet.for_ratings().measure(fitted, split, training)
    known = {label for label, mean in measured.means.items() if np.isfinite(mean)}
    assert known == set(measured.means) - {"interval-coverage", "interval-width"}
    assert {"rmse", "mae", "explained-variance"} <= known


@pytest.mark.parametrize("models", [(SureOfItself, FilmMeans), (FilmMeans, SureOfItself)])
def test_models_with_and_without_intervals_are_compared_side_by_side(
    planted: Interactions, planted_catalog: Catalog, models: tuple[type[Model], ...]
) -> None:
    fold = (np.arange(len(planted)) % 5).astype(np.int8)
    dataset = Dataset("planted", planted, planted_catalog, "ours", folds=fold)
    comparison = evaluate(models, dataset, "folds", defaults=True)
    by_name = {result.name: result for result in comparison.results}
    sure, other = by_name["sure-of-itself"], by_name["film-means"]
    assert np.isfinite(sure.intervals["interval-coverage"].low)
    assert np.isnan(other.means["interval-coverage"])
    assert np.isfinite(other.intervals["rmse"].low)


@pytest.mark.parametrize(
    ("lower", "upper", "message"),
    [
        ([1.0], [0.0], "gave 1 prediction intervals that are not finite or end below"),
        ([np.nan], [1.0], "prediction intervals that are not finite"),
        ([1.0], [np.inf], "prediction intervals that are not finite"),
        ([1.0] * 3, [1.0] * 3, r"intervals gave \[3\] lower and \[3\] upper ends"),
    ],
)
def test_unusable_intervals_are_an_error_that_names_the_model(
    split: Split,
    planted_catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    lower: list[float],
    upper: list[float],
    message: str,
) -> None:
    model = SureOfItself().fit(split.train, planted_catalog, rng=np.random.default_rng(0))
    ends = [np.ones(split.targets.nnz), np.ones(split.targets.nnz)]
    ends[0][0], ends[1][0] = lower[0], upper[0]
    if len(lower) > 1:
        ends = [np.array(lower), np.array(upper)]
    monkeypatch.setattr(SureOfItself, "intervals", lambda *_: tuple(ends))
    with pytest.raises(FailureError, match=f"model 'sure-of-itself'.*{message}"):
        prediction_intervals(model, split)
