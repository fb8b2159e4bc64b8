"""Precision, recall and NDCG as lists grow from one film to the longest that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matinee import metrics
from matinee.experiments.measuring.inputs import RankingInputs
from matinee.experiments.measuring.results import ModelResult
from matinee.metrics import Metric
from matinee.service.pages.charts import Chart, Table, figure
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["length_charts"]

_SAID = {
    "precision": "The share of a list that is found later: it falls as lists grow.",
    "recall": "The share of what is to be found that a list holds: it rises as lists grow.",
    "ndcg": "What is found counts more the nearer it is to the top.",
}
_MOST_POINTS = 20


def length_charts(subject: Subject) -> Iterator[Chart]:
    """One chart a metric; none where lists hold one film."""
    lengths = _lengths(subject)
    for name, said in _SAID.items() if len(lengths) > 1 else ():
        yield _chart(subject, metrics.get(name), lengths, said)


def _chart(subject: Subject, metric: Metric, lengths: list[int], said: str) -> Chart:
    curves = [_curve(subject, result, metric, lengths) for result in subject.comparison.results]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": lengths,
            "y": curve,
            "line": {"color": look.colour, "dash": look.dash, "width": 2},
            "marker": {"symbol": look.shape, "size": 7, "color": look.colour},
            "hovertemplate": "%{y:.4f} at %{x}<extra></extra>",
        }
        for curve, look in zip(curves, subject.series, strict=True)
    ]
    name = written.title(metric.name)
    return Chart(
        f"length-{metric.name}",
        f"{name} by length of the list",
        said,
        figure(traces, x={"title": "films in the list (k)", "nticks": 8}, y={"title": name}),
        legend=subject.series,
        table=Table(
            ("k", *(look.name for look in subject.series)),
            tuple(
                (f"{length}", *(written.number(curve[place]) for curve in curves))
                for place, length in enumerate(lengths)
            ),
        ),
    )


def _lengths(subject: Subject) -> list[int]:
    """All lengths, or about twenty of them that grow by a factor."""
    lists = subject.comparison.results[0].splits[0].lists
    longest = 0 if lists is None else min(lists.items.shape[1], len(subject.comparison.catalog))
    if longest <= _MOST_POINTS:
        return list(range(1, longest + 1))
    return sorted({round(each) for each in np.geomspace(1, longest, _MOST_POINTS)})


def _curve(
    subject: Subject, result: ModelResult, metric: Metric, lengths: list[int]
) -> list[float]:
    """The mean over splits of the mean over viewers, at each length."""
    sums = np.zeros(len(lengths))
    for split, (test, training) in zip(result.splits, subject.test_splits, strict=True):
        if split.lists is None:
            continue
        inputs = RankingInputs(test, split.lists, training)
        sums += [metric.mean(inputs.measured(metric, length), split.weights) for length in lengths]
    curve: list[float] = (sums / len(result.splits)).tolist()
    return curve
