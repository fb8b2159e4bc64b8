"""Results as charts and figures."""

from __future__ import annotations

import pytest

from matinee.data import Dataset
from matinee.errors import UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.charts import curve_chart, interval_chart
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe


@pytest.fixture(scope="module")
def ranked(dataset: Dataset) -> Comparison:
    recipe = Recipe([("popular", {}), ("ease", {"l2": 20.0})], seeds=(0, 1))
    return evaluate(recipe, dataset)


def test_whiskers_are_intervals_and_hollow_marks_are_behind(ranked: Comparison) -> None:
    best, other = interval_chart(ranked, ranked.metric).figure["data"]
    bounds = ranked.results[0].intervals["ndcg@10"]
    assert best["x"][0] + best["error_x"]["array"][0] == pytest.approx(bounds.high)
    assert best["x"][0] - best["error_x"]["arrayminus"][0] == pytest.approx(bounds.low)
    assert not best["marker"]["symbol"].endswith("-open")
    real = ranked.results[1].differences["ndcg@10"].real
    assert other["marker"]["symbol"].endswith("-open") is real


def test_a_metric_of_all_lists_together_has_no_whiskers(ranked: Comparison) -> None:
    chart = interval_chart(ranked, "coverage@10")
    assert chart.title == "Coverage@10"
    assert "error_x" not in chart.figure["data"][0]
    assert interval_chart(ranked, "novelty@10").caption.startswith("Models")  # neither is better


def test_splits_along_a_curve_are_one_line(dataset: Dataset, ranked: Comparison) -> None:
    curve = evaluate(["popular"], dataset, "cold-viewers", defaults=True)
    chart = curve_chart(curve, curve.metric)
    assert chart is not None
    (drawn,) = chart.figure["data"]
    (result,) = curve.results
    assert drawn["y"] == pytest.approx([split.means["ndcg@10"] for split in result.splits])
    assert curve_chart(ranked, ranked.metric) is None  # two seeds are repetitions


def test_a_figure_is_of_the_deciding_metric_or_of_another_one(ranked: Comparison) -> None:
    assert ranked.plot().layout.title.text == "NDCG@10 with 95% intervals"
    recall = ranked.plot("recall@10")
    assert recall.layout.title.text == "Recall@10 with 95% intervals"
    assert recall.data[0].x[0] == pytest.approx(ranked.results[0].means["recall@10"])
    with pytest.raises(UnknownNameError, match="did you mean 'recall@10'"):
        ranked.plot("recal@10")


def test_a_figure_of_points_along_a_curve_is_that_curve(dataset: Dataset) -> None:
    curve = evaluate([("popular", {}), ("ease", {})], dataset, "cold-viewers")
    plot = curve.plot()
    assert [each.name for each in plot.data] == [result.name for result in curve.results]
    assert len(plot.data[0].x) == len(curve.tests)


def test_a_frame_has_the_rows_and_types_of_every_comparison(
    ranked: Comparison, dataset: Dataset
) -> None:
    frame = ranked.to_frame()
    assert frame.rows(named=True) == ranked.to_rows()
    alone = evaluate([("popular", {})], dataset).to_frame()
    same = ["model", "ndcg@10", "low", "high", "difference", "p_adjusted", "effect", "real"]
    assert alone.select(same).schema == frame.select(same).schema
