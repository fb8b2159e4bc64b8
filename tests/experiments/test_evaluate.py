"""Comparisons on planted data of small models with known outcomes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress
from sklearn.metrics import root_mean_squared_error
from tests.experiments.toy_models import FilmMeans, Together, TogetherConfig, answering, film_means

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.errors import FailureError, InputError, OptionError, UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.experiments.recipes import Recipe
from matinee.metrics.gain import ndcg


def without_times(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {
            name: without_times(each)
            for name, each in plain.items()
            if not name.endswith(("_seconds", "fit_bytes"))
        }
    return [without_times(each) for each in plain] if isinstance(plain, list) else plain


def test_the_model_that_knows_tastes_wins_and_its_lead_is_real(dataset: Dataset) -> None:
    comparison = evaluate([answering("drawn"), Together()], dataset, "random")
    best, other = comparison.to_rows()
    assert comparison.metric == "ndcg@10"
    assert best["model"] == "together"
    assert best["difference"] is None
    assert other["model"] == "answer (what=drawn)"
    assert isinstance(other["difference"], float)
    assert other["difference"] == pytest.approx(
        comparison.results[1].means["ndcg@10"] - comparison.results[0].means["ndcg@10"]
    )
    assert other["real"] is True
    interval = comparison.results[0].intervals["ndcg@10"]
    assert interval.low < comparison.results[0].means["ndcg@10"] < interval.high


def test_values_are_those_of_the_metric_on_the_test_split(dataset: Dataset) -> None:
    comparison = evaluate(Recipe([Together()], seeds=(4,)), dataset)
    ((_, test),) = divide("random", dataset, seed=4)
    model = Together().fit(test.train, dataset.catalog, rng=np.random.default_rng(4))
    hits = ranked_lists(model.scores(test.histories), test.targets, test.seen, 10).hits
    expected = ndcg(hits, np.diff(test.targets.indptr))
    (split,) = comparison.results[0].splits
    np.testing.assert_array_equal(split.values["ndcg@10"], expected)
    np.testing.assert_array_equal(split.users, test.users)
    assert comparison.results[0].means["ndcg@10"] == pytest.approx(expected.mean())


@pytest.mark.parametrize("protocol", ["random", "strong", "last"])
def test_a_model_that_recommends_seen_films_gains_nothing(dataset: Dataset, protocol: str) -> None:
    comparison = evaluate([answering("seen"), answering("constant")], dataset, protocol)
    assert [result.means["ndcg@10"] for result in comparison.results] == [0, 0]
    assert not comparison.results[1].differences["ndcg@10"].real


def test_constant_scores_give_the_worst_result(dataset: Dataset) -> None:
    comparison = evaluate([answering("constant")], dataset, "random")
    means = comparison.results[0].means
    of_hits = [label for label in means if {"hits", "gains"} & set(metric_of(label).inputs)]
    assert "ndcg@10" in of_hits
    assert {label: means[label] for label in of_hits} == dict.fromkeys(of_hits, 0)


@pytest.mark.parametrize(
    ("what", "protocol", "message"),
    [
        ("not a number", "random", "scored 1 films with no finite number"),
        ("minus infinity", "random", "with no finite number"),
        ("minus infinity", "time", "with no finite number"),
        ("float64", "random", "scores gave float64"),
        ("too few films", "random", r"gave float32\[\d+, 39\], but float32\[\d+, 40\]"),
        ("not a number", "folds", "predicted .* no finite number"),
        ("too few films", "folds", "predictions gave float32"),
    ],
)
def test_unusable_answers_are_an_error_that_names_the_model(
    dataset: Dataset, what: str, protocol: str, message: str
) -> None:
    with pytest.raises(FailureError, match=rf"model 'answer'.*{message}"):
        evaluate([answering(what)], dataset, protocol)


def test_minus_infinity_for_seen_films_is_no_error(dataset: Dataset) -> None:
    comparison = evaluate([answering("seen as minus infinity")], dataset, "random")
    assert comparison.results[0].means["ndcg@10"] == 0


def test_a_model_that_only_ranks_cannot_predict_ratings(dataset: Dataset) -> None:
    with pytest.raises(InputError, match="ranks films and does not predict ratings"):
        evaluate([FilmMeans(), "ease"], dataset, "folds")


def test_a_model_of_ratings_can_be_ranked(dataset: Dataset) -> None:
    comparison = evaluate([FilmMeans()], dataset, "random")
    assert 0 <= comparison.results[0].means["ndcg@10"] <= 1


def test_rmse_is_pooled_in_each_fold_and_averaged_over_folds(dataset: Dataset) -> None:
    comparison = evaluate([FilmMeans()], dataset, "folds")
    assert dataset.folds is not None
    per_fold = []
    for fold in range(5):
        train = dataset.interactions.select(dataset.folds != fold)
        test = dataset.interactions.select(dataset.folds == fold)
        predicted = film_means(train, 2.0)[test.items]
        per_fold.append(root_mean_squared_error(test.values, predicted))
    (result,) = comparison.results
    assert comparison.metric == "rmse"
    assert [split.split for split in result.splits] == ["u1", "u2", "u3", "u4", "u5"]
    assert [split.means["rmse"] for split in result.splits] == pytest.approx(per_fold, abs=1e-6)
    assert result.means["rmse"] == pytest.approx(np.mean(per_fold), abs=1e-6)
    assert result.intervals["rmse"].low < result.means["rmse"] < result.intervals["rmse"].high


class TestOptions:
    def test_are_chosen_by_their_score_on_validation(self, dataset: Dataset) -> None:
        ((validation, _),) = divide("random", dataset)
        comparison = evaluate([Together], dataset, "random")
        (split,) = comparison.results[0].splits
        assert split.origin == "validation"
        assert split.options == {"sign": 1}
        assert [trial.options["sign"] for trial in split.trials] == [-1, 0, 1]
        for trial in split.trials:
            model = Together(TogetherConfig(**trial.options))
            model.fit(validation.train, dataset.catalog, rng=np.random.default_rng(0))
            scores = model.scores(validation.histories)
            hits = ranked_lists(scores, validation.targets, validation.seen, 10).hits
            expected = ndcg(hits, np.diff(validation.targets.indptr)).mean()
            assert trial.score == pytest.approx(expected)

    def test_of_ratings_are_chosen_by_the_lowest_error_inside_each_fold(
        self, dataset: Dataset
    ) -> None:
        comparison = evaluate([FilmMeans], dataset, "folds")
        for split, (validation, _) in zip(
            comparison.results[0].splits, divide("folds", dataset), strict=True
        ):
            best = min(split.trials, key=lambda trial: trial.score)
            assert split.options == best.options
            for trial in split.trials:
                means = film_means(validation.train, trial.options["damping"])
                target = validation.targets.tocoo()
                expected = root_mean_squared_error(target.data, means[target.col])
                assert trial.score == pytest.approx(expected, abs=1e-6)

    def test_are_the_defaults_on_request(self, dataset: Dataset) -> None:
        (result,) = evaluate(["ease"], dataset, "random", defaults=True).results
        assert result.splits[0].origin == "defaults"
        assert result.splits[0].trials == ()
        assert result.splits[0].options["l2"] == 300

    def test_after_a_name_are_used_unchanged(self, dataset: Dataset) -> None:
        comparison = evaluate([("ease", {"l2": 7}), ("ease", {"l2": "9000"})], dataset, "random")
        found = {result.name: result.splits[0] for result in comparison.results}
        assert set(found) == {"ease (l2=7)", "ease (l2=9000)"}
        assert found["ease (l2=7)"].options["l2"] == 7
        assert found["ease (l2=7)"].origin == "given"

    def test_that_do_not_exist_are_an_error(self, dataset: Dataset) -> None:
        with pytest.raises(OptionError, match="model 'ease' has no option 'l3'"):
            evaluate([("ease", {"l3": 7})], dataset, "random")

    def test_are_chosen_for_every_seed_and_counted_as_steps(self, dataset: Dataset) -> None:
        with Progress(console=Console(file=io.StringIO())) as progress:
            recipe = Recipe([Together, ("ease", {"l2": 5})], seeds=(0, 1))
            evaluate(recipe, dataset, progress=progress)
        (task,) = progress.tasks
        assert task.total == task.completed == 2 * (3 + 1)

    def test_of_folds_are_fitted_once_more_on_the_whole_train(self, dataset: Dataset) -> None:
        with Progress(console=Console(file=io.StringIO())) as progress:
            evaluate([FilmMeans], dataset, "folds", progress=progress)
        (task,) = progress.tasks
        assert task.total == task.completed == 5 * (2 + 1)


class TestLikes:
    """Who learns from likes learns from the ratings that count as found."""

    def thresholds(self, recipe: Recipe, dataset: Dataset) -> dict[str, dict[str, object]]:
        """The thresholds that are set, by model."""
        return {
            each.name: {
                option: each.splits[0].options[option]
                for option in ("like_from", "min_rating")
                if each.splits[0].options.get(option) is not None
            }
            for each in evaluate(recipe, dataset).results
        }

    def test_begin_at_the_relevant_rating_unless_the_option_is_set(self, dataset: Dataset) -> None:
        models: list[ModelLike] = [
            "ease",
            ("ease", {"l2": 7}),
            ("ease", {"min_rating": 2}),
            "prefix-knn",
            FilmMeans(),
        ]
        recipe = Recipe(models, relevant_from=4, defaults=True)
        assert self.thresholds(recipe, dataset) == {
            "ease": {"like_from": 4},
            "ease (l2=7)": {"like_from": 4},
            "ease (min_rating=2)": {"min_rating": 2},
            "prefix-knn": {"min_rating": 4},
            "film-means": {},
        }

    def test_are_all_ratings_where_all_are_relevant(self, dataset: Dataset) -> None:
        assert self.thresholds(Recipe(["ease"], defaults=True), dataset) == {"ease": {}}

    def test_begin_there_in_every_trial(self, dataset: Dataset) -> None:
        ((result,), (usual,)) = (
            evaluate(Recipe(["ease"], relevant_from=lowest), dataset).results
            for lowest in (4, None)
        )
        trials = result.splits[0].trials
        assert {trial.options["like_from"] for trial in trials} == {4}
        assert len(trials) == len(usual.splits[0].trials) > 1


def test_a_model_of_ratings_learns_from_low_ones_that_are_no_targets(dataset: Dataset) -> None:
    """The same fit and scores, whose lists are held against the high ratings alone."""
    (result,) = evaluate(Recipe([FilmMeans()], relevant_from=4), dataset).results
    ((_, test),) = divide("random", dataset)
    model = FilmMeans().fit(test.train, dataset.catalog, rng=np.random.default_rng(0))
    scores = model.scores(test.histories)
    high = test.targets.toarray() >= 4
    found = []
    for row in np.flatnonzero(high.any(axis=1)):
        free = np.flatnonzero(test.seen[[row]].toarray()[0] == 0)
        order = sorted(free, key=lambda film: (-scores[row, film], high[row, film]))
        found.append(np.mean(high[row, order[:10]]))
    assert result.means["precision@10"] == pytest.approx(np.mean(found))


def test_one_name_is_one_model(dataset: Dataset) -> None:
    (result,) = evaluate("popular", dataset, defaults=True).results
    assert result.name == "popular"
    (result,) = evaluate(("popular", {"damping": 3}), dataset).results
    assert result.name == "popular (damping=3)"


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (5, 'a model is a name, as "ease", or a class of your own, not int'),
        (None, 'a model is a name, as "ease", or a class of your own, not NoneType'),
        ({"ease": 1}, 'a model is a name, as "ease", or a class of your own, not dict'),
        ([dict], 'a model is a name, as "ease", or a class of your own, not dict'),
        ([("ease",)], r"a model with options is a pair, as \(\"ease\", .*, not \('ease',\)"),
        ([("ease", 5)], r"a model with options is a pair, as .*, not \('ease', 5\)"),
        ([("ease", {}, {})], r"a model with options is a pair, as .*, not \('ease', {}, {}\)"),
        ([(5, {})], 'a model is a name, as "ease", or a class of your own, not int'),
    ],
)
def test_what_is_no_model_is_refused(dataset: Dataset, models: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        evaluate(models, dataset)


def test_what_is_no_ledger_is_refused(dataset: Dataset) -> None:
    with pytest.raises(InputError, match=r"a ledger is a Ledger of a folder, .*, not 'run'"):
        evaluate("popular", dataset, ledger="run")  # type: ignore[arg-type]


def test_data_that_is_no_data_set_is_refused() -> None:
    with pytest.raises(
        InputError, match=r'data is a str and no data set; load it first: matinee\.load\("ml-100k"'
    ):
        evaluate("popular", "ml-100k")  # type: ignore[arg-type]


def test_every_seed_has_its_own_split_and_the_mean_is_over_them(dataset: Dataset) -> None:
    (result,) = evaluate(Recipe([Together()], seeds=(0, 1, 2)), dataset, "strong").results
    each = [split.means["ndcg@10"] for split in result.splits]
    assert [split.split for split in result.splits] == ["seed 0", "seed 1", "seed 2"]
    assert len(set(each)) > 1
    assert result.means["ndcg@10"] == pytest.approx(np.mean(each))


def test_the_same_seeds_give_the_same_document_but_for_the_times(dataset: Dataset) -> None:
    one, again = (
        evaluate(Recipe([answering("drawn"), Together()], seeds=(3,)), dataset).to_json()
        for _ in range(2)
    )
    assert without_times(one) == without_times(again)


def test_the_document_is_json_with_a_receipt(dataset: Dataset) -> None:
    recipe = Recipe([Together, ("ease", {"l2": 9000})], k=(5, 10), min_rating=2)
    comparison = evaluate(recipe, dataset)
    plain = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    receipt = plain["receipt"]
    assert receipt["data"]["sha256"] == dataset.interactions.content_hash
    assert receipt["protocol"]["name"] == "random"
    assert receipt["protocol"]["min_rating"] == 2
    assert receipt["seeds"] == [0]
    assert receipt["k"] == [5, 10]
    assert "non-targets come first" in receipt["ties"]
    assert receipt["metrics"]["ndcg"]["definition"]
    assert {"matinee", "numpy", "scipy", "python"} <= set(receipt["versions"])
    assert receipt["machine"]["threads"]["blas"] >= 1
    chosen, given = sorted(plain["results"], key=lambda result: -len(result["splits"][0]["tried"]))
    assert len(chosen["splits"][0]["tried"]) == 3
    assert chosen["splits"][0]["options_from"] == "validation"
    assert chosen["splits"][0]["fit_seconds"] > 0
    assert given["splits"][0]["options"]["l2"] == 9000
    assert set(plain["results"][1]["metrics"]["ndcg@10"]) == {
        "mean",
        "interval",
        "difference_to_best",
    }
    assert {"ndcg@5", "ndcg@10", "coverage@5", "coverage@10"} <= set(chosen["metrics"])


def test_the_label_shows_which_length_decides(dataset: Dataset) -> None:
    assert evaluate([Together()], dataset, k=(20, 3)).metric == "ndcg@3"
    assert evaluate([Together()], dataset, k=(20, 10, 3)).metric == "ndcg@10"


def test_lists_longer_than_the_catalogue_are_measured_to_their_end(dataset: Dataset) -> None:
    (result,) = evaluate([Together()], dataset, k=1000).results
    assert result.means["recall@1000"] == 1
    assert result.means["coverage@1000"] == 1


def test_equal_models_do_not_differ(dataset: Dataset) -> None:
    models = [Together(), Together(TogetherConfig(sign=0.5))]
    second = evaluate(models, dataset, "random").results[1]
    assert second.differences["ndcg@10"].mean == 0
    assert not second.differences["ndcg@10"].real


@pytest.mark.parametrize(
    ("models", "protocol", "error", "message"),
    [
        ([], "random", InputError, "no model to evaluate"),
        (["eaze"], "random", UnknownNameError, "unknown model 'eaze'; did you mean 'ease'"),
        (["ease"], "fold", UnknownNameError, "did you mean 'folds'"),
    ],
)
def test_unknown_names_are_reported_before_any_fit(
    dataset: Dataset, models: list[str], protocol: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        evaluate(models, dataset, protocol)


def test_ease_on_movielens_reaches_its_known_accuracy(mirror: Path, tmp_path: Path) -> None:
    movielens = load("ml-100k", Cache(tmp_path, mirror=mirror))
    ease, popular = evaluate(["popular", ("ease", {"l2": 300})], movielens, "random").results
    assert ease.name == "ease (l2=300)"
    assert 0.325 < ease.means["ndcg@10"] < 0.355
    assert popular.differences["ndcg@10"].real


def test_film_means_on_movielens_reach_their_known_error(mirror: Path, tmp_path: Path) -> None:
    movielens = load("ml-100k", Cache(tmp_path, mirror=mirror))
    (result,) = evaluate([FilmMeans()], movielens, "folds").results
    assert result.means["rmse"] == pytest.approx(1.024, abs=0.005)
    assert [len(split.users) for split in result.splits] == [459, 653, 869, 923, 927]
