"""Gaps between groups on planted data that serve one group worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.experiments.toy_models import Answer, FilmMeans, Together, answering

from matinee.data import Catalog, Dataset, Interactions
from matinee.experiments.comparing.gaps import all_gaps, gaps
from matinee.experiments.comparing.summary import summarised
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.experiments.statistics.differences import Gap

FEW = 4


@pytest.fixture(scope="module")
def grouped(dataset: Dataset) -> Dataset:
    demographics = pl.DataFrame(
        {
            "user_id": dataset.interactions.user_ids.ids.tolist(),
            "loves": ["comedies" if row < 30 else "horrors" for row in range(60)],
            "club": ["a few" if row < FEW else "many" for row in range(60)],
        }
    )
    return replace(dataset, demographics=demographics)


class OnlyComedies(Answer):
    """Recommends comedies to everybody."""

    def fit(self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator):  # type: ignore[no-untyped-def]
        self.arrays["drawn"] = np.array(
            ["Comedy" in film.genres for film in catalog.films()], dtype=np.float32
        )
        return self


@pytest.fixture(scope="module")
def comparison(grouped: Dataset) -> Comparison:
    comedies = OnlyComedies(answering("drawn").config)
    return evaluate(Recipe([Together(), comedies], seeds=(0, 1)), grouped)


def one(comparison: Comparison, model: str, grouping: str, metric: str = "ndcg@10") -> Gap:
    (found,) = [
        gap
        for gap in comparison.gaps
        if model in gap.model and (gap.grouping, gap.metric) == (grouping, metric)
    ]
    return found


def test_the_neglected_group_is_named_and_its_gap_excludes_0(comparison: Comparison) -> None:
    gap = one(comparison, "drawn", "loves")
    assert (gap.best, gap.worst) == ("comedies", "horrors")
    assert gap.means[1] == pytest.approx(0, abs=0.05)
    assert gap.gap == pytest.approx(gap.means[0] - gap.means[1])
    assert gap.interval.excludes_zero
    assert gap.interval.low <= gap.gap <= gap.interval.high


def test_a_groups_mean_is_the_mean_over_splits_of_its_viewers(
    comparison: Comparison, grouped: Dataset
) -> None:
    gap = one(comparison, "drawn", "loves")
    (result,) = [each for each in comparison.results if "drawn" in each.name]
    expected = np.mean(
        [split.values["ndcg@10"][split.users < 30].mean() for split in result.splits]
    )
    assert gap.means[0] == pytest.approx(expected)
    everyone = np.concatenate([split.users for split in result.splits])
    assert gap.viewers == (len(set(everyone[everyone < 30])), len(set(everyone[everyone >= 30])))


def test_a_small_group_is_listed_and_never_named(comparison: Comparison) -> None:
    gap = one(comparison, "drawn", "club")
    assert gap.viewers[0] == FEW
    assert np.isfinite(gap.means).all()
    assert gap.best is None
    assert gap.worst is None
    assert np.isnan(gap.gap)
    assert gap.to_json(whole=False) == {"gap": None, "interval": [None, None], "worst": None}


def test_lower_is_better_swaps_best_and_worst(grouped: Dataset) -> None:
    comparison = evaluate([FilmMeans()], grouped, "folds")
    gap = one(comparison, "", "loves", "rmse")
    means = dict(zip(gap.labels, gap.means, strict=True))
    assert gap.best == min(means, key=lambda label: means[label])
    assert gap.worst == max(means, key=lambda label: means[label])
    assert gap.gap > 0


def test_a_pooled_error_is_pooled_within_the_group(grouped: Dataset) -> None:
    comparison = evaluate([FilmMeans()], grouped, "folds")
    splits = comparison.results[0].splits
    inside = [split.users < 30 for split in splits]
    expected = [
        np.sqrt(np.average(split.values["rmse"][rows] ** 2, weights=split.weights[rows]))
        for split, rows in zip(splits, inside, strict=True)
    ]
    assert one(comparison, "", "loves", "rmse").means[0] == pytest.approx(np.mean(expected))


def test_every_metric_over_viewers_has_gaps_and_the_document_is_compact(
    comparison: Comparison,
) -> None:
    metrics = {gap.metric for gap in comparison.gaps}
    assert metrics == set(comparison.results[0].intervals)
    groups = {each["grouping"]: each for each in comparison.to_json()["groups"]}
    assert {"loves", "club", "taste"} <= set(groups)
    decided = groups["loves"]["metrics"]["ndcg@10"]
    assert groups["loves"]["groups"] == ["comedies", "horrors"]
    assert len(decided[comparison.results[0].name]["means"]) == 2
    assert "means" not in groups["loves"]["metrics"]["recall@10"][comparison.results[0].name]


def test_gaps_of_one_metric_are_those_of_the_comparison(comparison: Comparison) -> None:
    found = gaps(comparison, "recall@10")
    same_metric = [gap for gap in comparison.gaps if gap.metric == "recall@10"]
    assert [(gap.model, gap.grouping, gap.worst) for gap in found] == [
        (gap.model, gap.grouping, gap.worst) for gap in same_metric
    ]
    np.testing.assert_allclose(numbers(found), numbers(same_metric))


def test_other_list_lengths_are_available_by_name(grouped: Dataset) -> None:
    comparison = evaluate([Together()], grouped, k=(5, 10))
    assert not any(gap.metric.endswith("@5") for gap in comparison.gaps)
    assert {gap.metric for gap in gaps(comparison, "ndcg@5")} == {"ndcg@5"}


def test_small_blocks_of_metrics_give_the_same(comparison: Comparison) -> None:
    found = all_gaps(
        comparison.results, comparison.tests, comparison.demographics, comparison.metric, block=300
    )
    whole_gaps = sorted(comparison.gaps, key=_key)
    np.testing.assert_allclose(numbers(sorted(found, key=_key)), numbers(whole_gaps))
    measured = {result.name: result.splits for result in comparison.results}
    again = summarised(measured, MetricSet.for_rankings(10), block=300)
    for some, whole in zip(again, comparison.results, strict=True):
        assert some.differences.keys() == whole.differences.keys()
        for metric, bounds in whole.intervals.items():
            other = some.intervals[metric]
            np.testing.assert_allclose([other.low, other.high], [bounds.low, bounds.high])


def _key(gap: Gap) -> tuple[str, str, str]:
    return gap.grouping, gap.metric, gap.model


def numbers(found: Sequence[Gap]) -> list[tuple[float, float, float]]:
    return [(gap.gap, gap.interval.low, gap.interval.high) for gap in found]


def test_without_demographics_histories_still_group(grouped: Dataset) -> None:
    bare = evaluate([Together()], replace(grouped, demographics=None), "random")
    assert {gap.grouping for gap in bare.gaps} == {"activity", "taste"}
