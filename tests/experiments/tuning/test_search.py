"""Searches with known outcomes, whole, interrupted and resumed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pydantic
import pytest
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans, MeansConfig, Together, TogetherConfig

from matinee.data import Catalog, Dataset, Histories, Interactions
from matinee.data.splits import Split
from matinee.errors import FailureError, InputError, OptionError, UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.experiments.recipes import Recipe
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.search import tune
from matinee.models import Config, Model, search, span
from matinee.service.train import train


class NeedyConfig(Config):
    """A strength."""

    strength: float = pydantic.Field(0.9, json_schema_extra=search(0.1, 1) | span(0.1, 1))
    """Below a half the fit fails."""


class Needy(Together):
    """Cannot be fitted with little strength."""

    Config: ClassVar[type[Config]] = NeedyConfig
    config: NeedyConfig  # type: ignore[assignment]

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        if self.config.strength < 0.5:
            raise InputError("there is too little strength")
        likes = (interactions.matrix > 3).astype(np.float32)
        noise = rng.random((interactions.n_items,) * 2, dtype=np.float32)
        weights = np.float32(self.config.strength) * (likes.T @ likes).toarray()
        self.arrays["weights"] = weights + np.float32(30 * (1 - self.config.strength)) * noise
        return self


def test_the_best_options_are_measured_on_the_test(dataset: Dataset) -> None:
    found = tune(Plan(Together), dataset, trials=8)
    assert found.metric == "ndcg@10"
    assert found.options["sign"] > 0  # negative ones avoid what should be recommended
    assert len(found.trials) == 8
    best = max(trial.score for trial in found.trials)
    assert found.validation.mean == pytest.approx(best)
    (reference,) = evaluate([Together(TogetherConfig(**found.options))], dataset).results
    assert found.test.mean == pytest.approx(reference.means["ndcg@10"])
    assert found.test.interval.low == pytest.approx(reference.intervals["ndcg@10"].low)


def test_defaults_are_tried_first(dataset: Dataset) -> None:
    assert tune(Plan("ease"), dataset, trials=1).chosen == {"l2": 300.0, "min_rating": None}


def test_trials_see_only_the_validation(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    ((validation, test),) = divide("strong", dataset)
    measured: list[Split] = []
    decisive = MetricSet.decisive

    def watched(self: MetricSet, model: Model, split: Split, training: TrainingStatistics) -> float:
        measured.append(split)
        return decisive(self, model, split, training)

    monkeypatch.setattr(MetricSet, "decisive", watched)
    tune(Plan(Needy, "strong"), dataset, trials=5)
    assert {tuple(split.users) for split in measured} == {tuple(validation.users)}
    assert not set(validation.users) & set(test.users)


@pytest.mark.parametrize("protocol", ["folds", "ratings"])
def test_ratings_use_the_first_division(dataset: Dataset, protocol: str) -> None:
    found = tune(Plan(FilmMeans, protocol), dataset, trials=4)
    first = divide(protocol, dataset)[0]
    model = FilmMeans(MeansConfig(**found.options))
    model.fit(first.test.train, dataset.catalog, rng=np.random.default_rng(0))
    errors = model.predictions(first.test.histories, first.test.wanted) - first.test.targets.data
    assert found.metric == "rmse"
    assert found.test.mean == pytest.approx(np.sqrt(np.mean(errors**2)), abs=1e-5)
    assert found.validation.mean == pytest.approx(min(trial.score for trial in found.trials))


def test_scores_are_means_over_seeds(dataset: Dataset) -> None:
    found = tune(Plan("ease", seeds=(3, 4)), dataset, trials=1)
    expected = [
        tune(Plan("ease", seeds=(seed,)), dataset, trials=1).validation.mean for seed in (3, 4)
    ]
    assert found.validation.mean == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("metric", ["recall@3", "recall", "coverage@5", "auc"])
def test_another_metric_can_decide(dataset: Dataset, metric: str) -> None:
    found = tune(Plan("ease", metric=metric), dataset, trials=2)
    assert found.metric == ("recall@10" if metric == "recall" else metric)
    k = int(metric.partition("@")[2] or 10)
    (reference,) = evaluate([("ease", found.options)], dataset, k=k).results
    assert found.test.mean == pytest.approx(reference.means[found.metric])
    assert np.isfinite(found.test.interval.low) == (found.metric in reference.intervals)


def test_fixed_options_are_not_searched(dataset: Dataset) -> None:
    found = tune(Plan("item-knn", search={"neighbours": "30"}), dataset, trials=3)
    assert all(set(trial.options) == {"weighting", "lowest_weight"} for trial in found.trials)
    assert found.options["neighbours"] == 30
    assert found.chosen["neighbours"] == 30


def test_a_search_by_name_replaces_the_default_one(dataset: Dataset) -> None:
    search = {"k1": (1, 50, "log"), "neighbours": [5, 20], "weighting": "bm25"}
    found = tune("item-knn", dataset, search=search, metric="recall@5", trials=4)
    assert found.metric == "recall@5"
    assert all(set(trial.options) == {"k1", "neighbours"} for trial in found.trials)
    assert all(1 <= trial.options["k1"] <= 50 for trial in found.trials)
    assert found.options["weighting"] == "bm25"
    assert found.about["search"] == {"k1": "1 to 50 (log)", "neighbours": "5, 20"}
    assert found.about["fixed_options"] == {"weighting": "bm25", "min_rating": None}


def test_arguments_replace_those_of_a_plan(dataset: Dataset) -> None:
    plan = Plan(FilmMeans, "folds", search={"damping": (1, 2)}, seeds=(3,))
    found = tune(plan, dataset, "ratings", search={"damping": [1, 4]}, metric="mae", trials=5)
    assert found.about["protocol"] == "ratings"
    assert found.about["seeds"] == [3]
    assert found.metric == "mae"
    assert sorted(trial.options["damping"] for trial in found.trials) == [1, 4]


def test_few_combinations_are_tried_once_each_also_when_resumed(
    dataset: Dataset, tmp_path: Path
) -> None:
    search = {"l2": [10, 100, 1000], "lowest_weight": [0.5, 1]}
    study = tmp_path / "ease.study"
    started = tune("ease", dataset, search=search, trials=6, study=study)
    tried = {tuple(trial.options.values()) for trial in started.trials}
    assert len(started.trials) == len(tried) == 6
    again = tune("ease", dataset, search=search, trials=30, study=study)
    assert again.trials == started.trials


def test_more_combinations_than_trials_are_sampled(dataset: Dataset) -> None:
    found = tune("ease", dataset, search={"l2": [10, 100, 1000]}, trials=2)
    assert len(found.trials) == 2


def test_what_is_no_data_set_is_refused() -> None:
    with pytest.raises(InputError, match="is a str and no data set"):
        tune("ease", "ml-100k")  # type: ignore[arg-type]


def test_failed_fits_are_counted_with_their_reason(dataset: Dataset) -> None:
    found = tune(Plan(Needy), dataset, trials=12)
    assert len(found.trials) + len(found.failures) == 12
    assert found.failures
    assert set(found.failures) == {"there is too little strength"}
    assert all(trial.options["strength"] >= 0.5 for trial in found.trials)


def test_a_search_without_any_score_fails(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(*_: object, **__: object) -> None:
        raise InputError("it never works")

    monkeypatch.setattr(Needy, "fit", fit)
    with pytest.raises(FailureError, match="none of 3 trials has a score: it never works"):
        tune(Plan(Needy), dataset, trials=3)


def test_plateaus_follow_from_the_trials(dataset: Dataset) -> None:
    found = tune(Plan("ease"), dataset, trials=10)
    best = max(trial.score for trial in found.trials)
    near = [trial.options["l2"] for trial in found.trials if trial.score >= 0.99 * best]
    inside = [
        trial.options["l2"]
        for trial in found.trials
        if trial.score >= found.validation.interval.low
    ]
    (plateau,) = found.plateaus
    assert found.share_near == len(near) / 10
    assert plateau.near in (f"{min(near):g} to {max(near):g}", f"{min(near):g}")
    assert plateau.inside in (f"{min(inside):g} to {max(inside):g}", f"{min(inside):g}")
    assert plateau.searched == "10 to 5000 (log)"
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["flatness"]["share_of_trials_within_1_percent"] == found.share_near
    assert len(document["trials"]) == 10


def test_the_same_plan_gives_the_same_trials(dataset: Dataset) -> None:
    one, again = (tune(Plan("ease"), dataset, trials=7) for _ in range(2))
    assert one.to_json() == again.to_json()
    other = tune(Plan("ease", seeds=(1,)), dataset, trials=7)
    assert other.trials != one.trials


def test_jobs_share_the_trials(dataset: Dataset) -> None:
    found = tune(Plan("ease"), dataset, trials=5, jobs=2)
    assert len(found.trials) == 5
    (default,) = tune(Plan("ease"), dataset, trials=1).trials
    (same,) = [trial for trial in found.trials if trial.options == default.options]
    assert same.score == pytest.approx(default.score)


def test_without_optuna_the_extra_is_named(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(InputError, match=r"pip install 'matinee\[tune\]'"):
        tune(Plan("ease"), dataset, trials=1)


class WordConfig(Config):
    word: str = "none"
    """A text, which has no range."""


class Word(Model[WordConfig]):
    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.zeros(histories.ratings.shape, dtype=np.float32)


@pytest.mark.parametrize(
    ("model", "protocol", "more", "error", "message"),
    [
        (Word, "random", {}, OptionError, "has no option to search; name one"),
        ("ease", "random", {"search": {"l2": 3}}, OptionError, "beside the fixed ones"),
        ("ease", "random", {"search": {"l3": 3}}, OptionError, "has no option 'l3'"),
        ("eaze", "random", {}, UnknownNameError, "did you mean 'ease'"),
        ("ease", "randon", {}, UnknownNameError, "did you mean 'random'"),
        ("ease", "folds", {}, InputError, "does not predict ratings"),
        ("ease", "random", {"metric": "rmse"}, OptionError, "does not fit protocol 'random'"),
        ("ease", "random", {"metric": "ndcg@x"}, OptionError, "not a metric at a list length"),
        ("ease", "random", {"metric": "ndgc@5"}, UnknownNameError, "did you mean 'ndcg'"),
        ("ease", "random", {"metric": "novelty"}, OptionError, "cannot decide"),
        ("ease", "random", {"seeds": ()}, OptionError, "seeds must be one or more"),
        ("ease", "random", {"search": ["l2"]}, OptionError, r"search names options, as .*\['l2'\]"),
        ("ease", "random", {"search": {3: 4}}, OptionError, r"search names options, as .*{3: 4}"),
        ("ease", "random", {"metric": 5}, OptionError, "a metric is a name, as 'ndcg@10', not 5"),
        ("ease", "random", {"relevant_from": "x"}, OptionError, "relevant_from must be a number"),
        ("svd", "ratings", {"relevant_from": 3}, OptionError, "relevant_from does not apply"),
        ("ease", "random", {"relevant_from": 3, "min_rating": 4}, OptionError, "is below min_rat"),
        ("random", "random", {}, OptionError, "'random' has no options, so there is nothing to tu"),
        (5, "random", {}, InputError, 'a model is a name, as "ease", or a class .* not int'),
    ],
)
def test_a_plan_is_checked_before_any_data_is_loaded(
    model: str | type[Model],
    protocol: str,
    more: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        Plan(model, protocol, **more)


@pytest.mark.parametrize(("trials", "jobs"), [(0, 1), (1, 0)])
def test_trials_and_jobs_must_be_positive(dataset: Dataset, trials: int, jobs: int) -> None:
    with pytest.raises(OptionError, match="trials and jobs must be at least 1"):
        tune(Plan("ease"), dataset, trials=trials, jobs=jobs)


def test_trials_are_a_whole_number(dataset: Dataset) -> None:
    with pytest.raises(InputError, match="trials must be a whole number, not 'x'"):
        tune("ease", dataset, trials="x")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="a study is the path of a file, not 5"):
        tune("ease", dataset, study=5)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{}, {"relevant_from": 4}, {"min_rating": 3}])
def test_the_chosen_options_train_the_model_that_was_tuned(
    dataset: Dataset, change: dict[str, Any]
) -> None:
    """Not the one of `usual_options`, which ignores low ratings."""
    found = tune("ease", dataset, trials=2, seeds=3, **change)
    threshold = "like_from" if "relevant_from" in change else "min_rating"
    assert found.chosen[threshold] == next(iter(change.values()), None)
    assert found.about["seeds"] == [3]
    ((_, test),) = divide("random", dataset, seed=3)
    trained = train(replace(dataset, interactions=test.train), "ease", **found.chosen).model
    lowest = change.get("min_rating", 0)
    kept = test.train.select(test.train.values >= lowest)
    measured = Plan("ease", **change).fitted(
        Plan("ease", **change).config(found.options), kept, dataset.catalog, 0
    )
    for name, array in measured.arrays.items():
        if name != "prior":  # popularity over all ratings or over those that are kept
            assert np.array_equal(trained.arrays[name], array), name


def test_targets_and_likes_begin_at_the_relevant_rating(dataset: Dataset) -> None:
    found = tune("ease", dataset, relevant_from=4, trials=2)
    recipe = Recipe([("ease", {"l2": found.options["l2"]})], relevant_from=4)
    (reference,) = evaluate(recipe, dataset).results
    assert found.options["like_from"] == 4
    assert found.test.mean == pytest.approx(reference.means["ndcg@10"])
    whole = tune("ease", dataset, trials=2)
    assert found.test.mean != pytest.approx(whole.test.mean)


def test_a_threshold_of_likes_can_be_searched(dataset: Dataset) -> None:
    found = tune("ease", dataset, search={"min_rating": (2, 4)}, relevant_from=4, trials=3)
    assert {2 <= trial.options["min_rating"] <= 4 for trial in found.trials} == {True}
    assert found.trials[0].options == {"min_rating": 4}  # the default for these targets
    assert found.chosen == {"min_rating": found.options["min_rating"]}
