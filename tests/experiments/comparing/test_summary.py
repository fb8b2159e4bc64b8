"""Differences and pairs of a comparison against values computed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.experiments.toy_models import FilmMeans, MeansConfig, Together, answering

from matinee.data import Dataset
from matinee.experiments.comparing.pareto import axes, not_dominated
from matinee.experiments.comparing.summary import samples_of
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.experiments.statistics.significance import holm, p_values


@pytest.fixture(scope="module")
def comparison(dataset: Dataset) -> Comparison:
    models: list[ModelLike] = [
        answering("drawn"),
        Together(),
        ("ease", {"l2": 500}),
        ("popular", {}),
    ]
    return evaluate(Recipe(models, seeds=(0, 1)), dataset)


def test_p_is_adjusted_over_all_differences_to_the_best(comparison: Comparison) -> None:
    best, *others = comparison.results
    for metric in ("ndcg@10", "recall@10"):
        p = np.array(
            [
                p_values(samples_of([other.splits], [metric]), samples_of([best.splits], [metric]))[
                    0
                ]
                for other in others
            ]
        )
        assert [other.differences[metric].p_value for other in others] == pytest.approx(p)
        assert [other.differences[metric].p_adjusted for other in others] == pytest.approx(holm(p))


def test_every_pair_has_the_better_model_first(comparison: Comparison) -> None:
    names = [result.name for result in comparison.results]
    assert [(pair.better, pair.other) for pair in comparison.pairs] == [
        (names[one], names[other]) for one in range(4) for other in range(one + 1, 4)
    ]
    assert all(pair.difference.mean >= 0 for pair in comparison.pairs)
    p = np.array([pair.difference.p_value for pair in comparison.pairs])
    adjusted = [pair.difference.p_adjusted for pair in comparison.pairs]
    assert adjusted == pytest.approx(holm(p))


def test_a_pair_with_the_best_is_the_negative_difference(comparison: Comparison) -> None:
    pair = comparison.pairs[0]
    assert pair.other == comparison.results[1].name
    to_best = comparison.results[1].differences[comparison.metric]
    assert pair.difference.mean == pytest.approx(-to_best.mean)
    assert pair.difference.p_value == pytest.approx(to_best.p_value)
    assert pair.difference.interval.low == pytest.approx(-to_best.interval.high)
    assert pair.difference.effect.cohens_d == pytest.approx(-to_best.effect.cohens_d)
    assert pair.difference.effect.superiority == pytest.approx(1 - to_best.effect.superiority)


def test_a_difference_is_real_by_interval_and_by_p(comparison: Comparison) -> None:
    for result in comparison.results[1:]:
        for difference in result.differences.values():
            by_both = difference.interval.excludes_zero and difference.p_adjusted < 0.05
            assert difference.real == by_both
    rows = {row["model"]: row for row in comparison.to_rows()}
    assert rows["popular"]["real"] is True
    assert rows["popular"]["effect"] == "large"
    assert isinstance(rows["popular"]["p_adjusted"], float)
    assert rows[comparison.results[0].name]["p_adjusted"] is None


def test_of_errors_the_lower_is_better(dataset: Dataset) -> None:
    damped = [FilmMeans(MeansConfig(damping=each)) for each in (0.5, 1000.0)]
    best, other = evaluate(damped, dataset, "folds").results
    difference = other.differences["rmse"]
    assert difference.mean == pytest.approx(other.means["rmse"] - best.means["rmse"])
    assert difference.mean > 0
    assert difference.effect.cohens_d > 0
    assert difference.effect.superiority < 0.5  # worse for most viewers


def test_one_model_has_no_differences(dataset: Dataset) -> None:
    comparison = evaluate([Together()], dataset, "random")
    assert comparison.pairs == ()
    assert comparison.results[0].differences == {}
    assert not_dominated(comparison) == (comparison.results[0].name,)


def test_the_best_by_the_deciding_metric_is_on_the_front(comparison: Comparison) -> None:
    names = [axis.name for axis in axes(comparison)]
    assert names[0] == "ndcg@10"
    assert {"coverage@10", "fit seconds", "answer seconds"} <= set(names)
    assert comparison.results[0].name in not_dominated(comparison)


def test_criteria_of_ratings_are_error_and_cost(dataset: Dataset) -> None:
    damped = [FilmMeans(MeansConfig(damping=each)) for each in (0.5, 2.0)]
    found = axes(evaluate(damped, dataset, "folds"))
    assert found[0].name == "rmse"
    assert not found[0].higher_is_better
    assert not any("@" in axis.name or axis.name == "answer seconds" for axis in found)
