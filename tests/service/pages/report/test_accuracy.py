"""Charts of the deciding metric: means, viewers, groups, trade-offs, points of a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.report.accuracy import per_viewer_chart, trade_off_charts
from matinee.service.pages.report.subject import Subject


def with_values(comparison: Comparison, *values: Sequence[float]) -> Subject:
    """Every model with these values of the deciding metric, on one split."""
    metric = comparison.metric
    return Subject(
        replace(
            comparison,
            results=tuple(
                replace(
                    result,
                    splits=(replace(result.splits[0], values={metric: np.array(each)}),),
                )
                for result, each in zip(comparison.results, values, strict=True)
            ),
        )
    )


def test_curves_are_shares_of_viewers_above_each_value(ranked: Comparison) -> None:
    subject = with_values(ranked, [0, 0.5, 0.5, 1, np.nan], [0, 0, 0, 0.25, 0])
    chart = per_viewer_chart(subject)
    first, second = (
        dict(zip(np.round(trace["x"], 2).tolist(), trace["y"], strict=True))
        for trace in chart.figure["data"]
    )
    assert [first[x] for x in (0, 0.48, 0.5, 1)] == [0.75, 0.75, 0.25, 0]
    assert [second[x] for x in (0, 0.24, 0.26)] == pytest.approx([0.2, 0.2, 0])
    assert "finds nothing for 25% of them, " in chart.caption
    assert chart.caption.endswith("for 80%.")


def test_curves_of_errors_are_shares_of_viewers_at_or_below(predicted: Comparison) -> None:
    subject = with_values(predicted, [0.5, 1, 1, 1], [2, 2, 2, 2])
    chart = per_viewer_chart(subject)
    first, second = (trace["y"] for trace in chart.figure["data"])
    assert chart.figure["data"][0]["x"][-1] == pytest.approx(2)
    assert first[0] == 0
    assert first[-1] == second[-1] == 1
    assert second[-2] == 0
    assert "Half of the viewers have 1.0000 or less" in chart.caption


def test_trade_offs_mark_unbeaten_models(ranked: Comparison, alone: Comparison) -> None:
    assert list(trade_off_charts(Subject(alone))) == []
    first, second = ranked.results
    high = {"ndcg@10": 0.3, "coverage@10": 0.2, "diversity@10": 0.7}
    low = {"ndcg@10": 0.1, "coverage@10": 0.1, "diversity@10": 0.9}
    best = replace(first, means={**first.means, **high})
    worse = replace(second, means={**second.means, **low})
    charts = {c.id: c for c in trade_off_charts(Subject(replace(ranked, results=(best, worse))))}
    beaten = {
        name: [row[-1] for row in chart.table.rows]  # type: ignore[union-attr]
        for name, chart in charts.items()
    }
    assert beaten["trade-off-coverage"] == ["yes", "no"]
    assert beaten["trade-off-diversity"] == ["yes", "yes"]
    assert "Up and to the right" in charts["trade-off-diversity"].caption
    assert "Up and to the left" in charts["trade-off-fit-seconds"].caption
