"""Searches whose outcome is known, stopped and gone on with, here and in processes."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pydantic
import pytest
from tests.experiments.toy_models import FilmMeans, MeansConfig, Together, TogetherConfig

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.splits import Split
from matinee.errors import DataError, FailureError, InputError, OptionError, UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.background import Background
from matinee.experiments.measuring.measure import Yardstick
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.tuning import trials
from matinee.experiments.tuning.search import tune
from matinee.models import Config, Model, search


@pytest.fixture(scope="module")
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    fold = (np.random.default_rng(0).permutation(len(planted)) % 5).astype(np.int8)
    return Dataset("planted", planted, planted_catalog, "ours", folds=fold)


class NeedyConfig(Config):
    """What is needed."""

    strength: float = pydantic.Field(0.9, json_schema_extra=search(0.1, 1))
    """Below a half the fit fails."""


class Needy(Together):
    """Cannot be fitted with little strength, and counts its fits."""

    Config: ClassVar[type[Config]] = NeedyConfig
    config: NeedyConfig  # type: ignore[assignment]
    fits: ClassVar[list[tuple[float, int]]] = []

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        Needy.fits.append((self.config.strength, len(interactions)))
        if self.config.strength < 0.5:
            raise InputError("there is too little strength")
        likes = (interactions.matrix > 3).astype(np.float32)
        noise = rng.random((interactions.n_items,) * 2, dtype=np.float32)
        weights = np.float32(self.config.strength) * (likes.T @ likes).toarray()
        self.arrays["weights"] = weights + np.float32(30 * (1 - self.config.strength)) * noise
        return self


def test_the_best_is_found_and_looked_at_on_the_test_once(dataset: Dataset) -> None:
    found = tune(Together, dataset, trials=8)
    assert found.metric == "ndcg@10"
    assert found.options["sign"] > 0  # negative ones avoid what should be recommended
    assert len(found.trials) == 8
    best = max(trial.score for trial in found.trials)
    assert found.validation.mean == pytest.approx(best)
    (reference,) = evaluate([Together(TogetherConfig(**found.options))], dataset).results
    assert found.test.mean == pytest.approx(reference.means["ndcg@10"])
    assert found.test.interval.low == pytest.approx(reference.intervals["ndcg@10"].low)


def test_defaults_are_tried_first(dataset: Dataset) -> None:
    assert tune("ease", dataset, trials=1).chosen == {"l2": 300.0}


def test_the_test_is_never_looked_at_before_the_end(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    Needy.fits.clear()
    ((validation, test),) = divide("strong", dataset)
    asked: list[list[int]] = []
    decisive = Yardstick.decisive

    def watched(self: Yardstick, model: Model, split: Split, background: Background) -> float:
        asked.append(split.users.tolist())
        return decisive(self, model, split, background)

    monkeypatch.setattr(Yardstick, "decisive", watched)
    tune(Needy, dataset, "strong", trials=5)
    assert {tuple(each) for each in asked} == {tuple(validation.users.tolist())}
    assert not set(validation.users.tolist()) & set(test.users.tolist())


def test_folds_look_at_the_first_division_alone(dataset: Dataset) -> None:
    found = tune(FilmMeans, dataset, "folds", trials=4)
    first = divide("folds", dataset)[0]
    model = FilmMeans(MeansConfig(**found.options))
    model.fit(first.test.train, dataset.catalog, rng=np.random.default_rng(0))
    errors = model.predictions(first.test.histories, first.test.wanted) - first.test.targets.data
    assert found.metric == "rmse"
    assert found.test.mean == pytest.approx(np.sqrt(np.mean(errors**2)), abs=1e-5)
    assert found.validation.mean == pytest.approx(min(trial.score for trial in found.trials))


def test_scores_are_means_over_seeds(dataset: Dataset) -> None:
    found = tune("ease", dataset, trials=1, seeds=(3, 4))
    expected = [tune("ease", dataset, trials=1, seeds=(seed,)).validation.mean for seed in (3, 4)]
    assert found.validation.mean == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("metric", ["recall@3", "recall", "coverage@5", "auc"])
def test_another_metric_can_decide(dataset: Dataset, metric: str) -> None:
    found = tune("ease", dataset, trials=2, metric=metric)
    assert found.metric == ("recall@10" if metric == "recall" else metric)
    k = int(metric.partition("@")[2] or 10)
    (reference,) = evaluate([("ease", found.options)], dataset, k=k).results
    assert found.test.mean == pytest.approx(reference.means[found.metric])
    assert np.isfinite(found.test.interval.low) == (found.metric in reference.intervals)


def test_given_options_are_not_searched(dataset: Dataset) -> None:
    found = tune("item-knn", dataset, trials=3, fixed={"neighbours": "30"})
    assert all(set(trial.options) == {"weighting", "lowest_worth"} for trial in found.trials)
    assert found.options["neighbours"] == 30
    assert found.chosen["neighbours"] == 30


def test_options_that_cannot_be_fitted_are_told_and_left_out(dataset: Dataset) -> None:
    found = tune(Needy, dataset, trials=12)
    assert len(found.trials) + len(found.failures) == 12
    assert found.failures
    assert set(found.failures) == {"there is too little strength"}
    assert all(trial.options["strength"] >= 0.5 for trial in found.trials)


def test_a_search_in_which_nothing_can_be_fitted_fails(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(*_: object, **__: object) -> None:
        raise InputError("it never works")

    monkeypatch.setattr(Needy, "fit", fit)
    with pytest.raises(FailureError, match="none of 3 trials could be scored: it never works"):
        tune(Needy, dataset, trials=3)


def test_flatness_is_what_the_trials_say(dataset: Dataset) -> None:
    found = tune("ease", dataset, trials=10)
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
    assert plateau.searched == "50 to 1000 (log)"
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["flatness"]["share_of_trials_within_1_percent"] == found.share_near
    assert len(document["trials"]) == 10


class TestStudy:
    def test_one_that_was_stopped_goes_on_as_if_it_had_not_been(
        self, dataset: Dataset, tmp_path: Path
    ) -> None:
        whole = tune("ease", dataset, trials=9)
        for n in (2, 7, 9):
            found = tune("ease", dataset, trials=n, study=tmp_path / "ease.study")
            assert found.trials == whole.trials[:n]

    def test_an_interrupt_keeps_what_was_finished(
        self, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = tune("ease", dataset, trials=6)
        answer = trials.Question.answer
        asked: list[object] = []

        def stopping(self: trials.Question, options: dict[str, Any]) -> trials.Answer:
            asked.append(options)
            if len(asked) == 4:
                raise KeyboardInterrupt
            return answer(self, options)

        monkeypatch.setattr(trials.Question, "answer", stopping)
        with pytest.raises(KeyboardInterrupt):
            tune("ease", dataset, trials=6, study=tmp_path / "ease.study")
        found = tune("ease", dataset, trials=6, study=tmp_path / "ease.study")
        assert len(asked) == 4 + 3
        assert found.trials == whole.trials

    def test_a_line_that_was_cut_off_is_left_out(self, dataset: Dataset, tmp_path: Path) -> None:
        study = tmp_path / "ease.study"
        tune("ease", dataset, trials=3, study=study)
        study.write_bytes(study.read_bytes() + b'{"op_code":6,"wor')
        assert len(tune("ease", dataset, trials=4, study=study).trials) == 4

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"seeds": (1,)}, "another seeds"),
            ({"metric": "recall@5"}, "another metric"),
            ({"min_rating": 2.0}, "another min rating"),
            ({"fixed": {"min_rating": 3}}, "another fixed options"),
        ],
    )
    def test_trials_of_something_else_are_refused(
        self, dataset: Dataset, tmp_path: Path, change: dict[str, Any], named: str
    ) -> None:
        study = tmp_path / "ease.study"
        tune("ease", dataset, trials=1, study=study)
        with pytest.raises(InputError, match=f"was made with {named}"):
            tune("ease", dataset, trials=1, study=study, **change)

    @pytest.mark.parametrize(
        "content",
        [
            "not JSON\n",
            "not JSON",
            '{"a": 1}\n',
            "[1]\n",
            "[" * 100_000 + "\n",
            '{"op_code": 0, "study_name": "another"}\n',
            '{"op_code": 0, "study_name": "matinee", "directions": [2]}\nnot JSON\n',
            '{"op_code": 0, "study_name": "matinee"}\n',
            '{"op_code": 9, "study_name": "matinee"}\n',
        ],
    )
    def test_a_file_that_is_no_study_is_refused_and_left_as_it_is(
        self, dataset: Dataset, tmp_path: Path, content: str
    ) -> None:
        other = tmp_path / "notes.txt"
        other.write_text(content)
        with pytest.raises(DataError, match=r"notes\.txt is no study of matinee"):
            tune("ease", dataset, trials=1, study=other)
        assert other.read_text() == content

    def test_nothing_in_one_is_unpickled(
        self, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("something was unpickled")

        tune("ease", dataset, trials=2, study=tmp_path / "ease.study")
        monkeypatch.setattr(pickle, "loads", refuse)
        monkeypatch.setattr(pickle, "load", refuse)
        assert len(tune("ease", dataset, trials=3, study=tmp_path / "ease.study").trials) == 3
        for line in (tmp_path / "ease.study").read_text().splitlines():
            json.loads(line)

    def test_a_folder_that_is_not_there_is_told(self, dataset: Dataset, tmp_path: Path) -> None:
        with pytest.raises(FailureError, match="cannot be kept: No such file"):
            tune("ease", dataset, trials=1, study=tmp_path / "none" / "ease.study")


def test_processes_share_the_work_and_score_alike(dataset: Dataset) -> None:
    found = tune("ease", dataset, trials=5, jobs=2)
    assert len(found.trials) == 5
    (default,) = tune("ease", dataset, trials=1).trials
    (same,) = [trial for trial in found.trials if trial.options == default.options]
    assert same.score == pytest.approx(default.score)


def test_without_optuna_the_extra_is_named(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(InputError, match=r"pip install 'matinee\[tune\]'"):
        tune("ease", dataset, trials=1)


@pytest.mark.parametrize(
    ("model", "protocol", "more", "error", "said"),
    [
        ("popular", "random", {}, OptionError, "has no option to search; see: matinee models"),
        ("ease", "random", {"fixed": {"l2": 3}}, OptionError, "beside those that are fixed"),
        ("ease", "random", {"fixed": {"l3": 3}}, OptionError, "has no option 'l3'"),
        ("eaze", "random", {}, UnknownNameError, "did you mean 'ease'"),
        ("ease", "randon", {}, UnknownNameError, "did you mean 'random'"),
        ("ease", "folds", {}, InputError, "does not predict ratings"),
        ("ease", "random", {"metric": "rmse"}, OptionError, "does not suit protocol 'random'"),
        ("ease", "random", {"metric": "ndcg@x"}, OptionError, "no metric at a length"),
        ("ease", "random", {"metric": "ndgc@5"}, UnknownNameError, "did you mean 'ndcg'"),
        ("ease", "random", {"metric": "novelty"}, OptionError, "cannot decide"),
        ("ease", "random", {"trials": 0}, OptionError, "at least one trial"),
        ("ease", "random", {"seeds": ()}, OptionError, "one seed"),
    ],
)
def test_what_cannot_be_searched_is_said(
    dataset: Dataset,
    model: str,
    protocol: str,
    more: dict[str, Any],
    error: type[Exception],
    said: str,
) -> None:
    with pytest.raises(error, match=said):
        tune(model, dataset, protocol, **more)
