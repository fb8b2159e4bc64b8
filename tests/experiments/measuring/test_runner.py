"""What is the same is fitted and chosen once, and counted so."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress
from tests.experiments.toy_models import Together, TogetherConfig

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.splits import cold_viewers, random
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import candidate_model
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.runner import Runner, fits
from matinee.experiments.measuring.training_statistics import TrainingStatistics


def test_a_curve_chooses_once_and_fits_no_more_than_it_must(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    steps: list[str] = []
    candidate = candidate_model(Together, defaults=False)
    runner = Runner(candidate, planted_catalog, MetricSet.for_rankings(10), steps.append)
    divisions = cold_viewers(planted, 0)
    chosen = []
    for validation, test in divisions:
        training = TrainingStatistics(validation.train, planted_catalog)
        config, trials = runner.choose(candidate.configs, validation, training, 0)
        chosen.append((config, trials, runner.fit(config, test, 0)))
    assert len(steps) == 3 == fits(3, divisions)
    assert chosen[0][0] == TogetherConfig(sign=1)
    assert all(each == chosen[0] for each in chosen)


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [((0.200, 0.197, 0.1), 1), ((0.200, 0.195, 0.1), 0), ((0.1, 0.2, 0.197), 1)],
)
def test_options_that_ask_what_the_protocol_asks_are_preferred_within_noise(
    scores: tuple[float, ...],
    chosen: int,
    planted: Interactions,
    planted_catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    candidate = candidate_model(Together, defaults=False)
    metrics = MetricSet.for_rankings(10)
    left = list(scores)
    monkeypatch.setattr(MetricSet, "decisive", lambda *_: left.pop(0))
    preferred = {"sign": candidate.configs[1].model_dump()["sign"]}
    runner = Runner(candidate, planted_catalog, metrics, lambda _: None, preferred)
    ((validation, _),) = random(planted, 0)
    training = TrainingStatistics(validation.train, planted_catalog)
    config, trials = runner.choose(candidate.configs, validation, training, 0)
    assert config == candidate.configs[chosen]
    assert [each.score for each in trials] == list(scores)


def test_other_data_options_or_seeds_are_fitted_anew(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    steps: list[str] = []
    candidate = candidate_model(Together(), defaults=False)
    runner = Runner(candidate, planted_catalog, MetricSet.for_rankings(10), steps.append)
    one, other = (random(planted, seed)[0].test for seed in (0, 1))
    first = runner.fit(TogetherConfig(), one, 0)
    assert runner.fit(TogetherConfig(), one, 0) is first
    assert runner.fit(TogetherConfig(), one, 1) is not first
    assert runner.fit(TogetherConfig(sign=0), one, 1) is not first
    assert runner.fit(TogetherConfig(), other, 1) is not first
    assert len(steps) == 4


@pytest.mark.parametrize(
    ("protocol", "n"),
    [("random", 3), ("time", 3 + 1), ("cold", 3 + 1), ("cold-viewers", 3), ("prequential", 3 + 10)],
)
def test_as_many_fits_are_counted_as_are_made(dataset: Dataset, protocol: str, n: int) -> None:
    with Progress(console=Console(file=io.StringIO())) as progress:
        evaluate([Together, ("ease", {"l2": 5})], dataset, protocol, progress=progress)
    (task,) = progress.tasks
    given = 10 if protocol == "prequential" else 1
    assert task.total == task.completed == n + given


def test_every_point_of_a_curve_is_a_split_and_the_mean_is_over_them(dataset: Dataset) -> None:
    comparison = evaluate([Together()], dataset, "cold-viewers")
    (result,) = comparison.results
    assert [split.split for split in result.splits] == [
        "0 shown", "1 shown", "3 shown", "5 shown", "10 shown",
    ]  # fmt: skip
    each = [split.means["ndcg@10"] for split in result.splits]
    assert result.means["ndcg@10"] == pytest.approx(np.mean(each))
    assert each[0] < each[-1]
    assert comparison.receipt["protocol"]["curve"] == "ratings in the history"
