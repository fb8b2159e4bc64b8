"""How the deciding metric is spread over viewers: a mean hides who gets nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.results import ModelResult
from matinee.service.pages.charts import Chart, Table, figure
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["per_viewer_chart"]

_POINTS = 51
_MOST = 0.99
"""Share of viewers that the axis covers where a metric has no highest value."""

Values = NDArray[np.float64]


def per_viewer_chart(subject: Subject) -> Chart:
    """For each value the share of viewers served better: counted, never a point a viewer."""
    metric = subject.comparison.metric
    values = [_values(result, metric) for result in subject.comparison.results]
    low, high = subject.decides.bounds
    if not np.isfinite(high):
        high = max(float(np.quantile(each, _MOST)) for each in values if len(each))
    grid = np.linspace(low, high, _POINTS)
    better = _at_most if subject.lower_is_better else _more_than
    curves = [better(each, grid) for each in values]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": grid.tolist(),
            "y": curve.tolist(),
            "line": {"color": look.colour, "dash": look.dash, "width": 2.5},
            "hovertemplate": "%{y:.0%} of viewers have "
            f"{'at most' if subject.lower_is_better else 'more than'} %{{x:.2f}}<extra></extra>",
        }
        for curve, look in zip(curves, subject.series, strict=True)
    ]
    words = "at most" if subject.lower_is_better else "more than"
    return Chart(
        "per-viewer",
        f"{written.title(metric)} of single viewers",
        f"The share of viewers who get {words} a value; a higher line serves viewers better. "
        + _said(subject, values),
        figure(
            traces,
            x={"title": f"{written.title(metric)} of a viewer", "range": [low, high]},
            y={"title": f"viewers with {words} that", "tickformat": ".0%", "rangemode": "tozero"},
        ),
        legend=subject.series,
        table=_table(subject, values),
    )


def _values(result: ModelResult, metric: str) -> Values:
    """All viewers of all splits who have a value, ascending."""
    values = np.concatenate([split.values[metric] for split in result.splits])
    return np.sort(values[np.isfinite(values)])


def _more_than(values: Values, grid: Values) -> Values:
    above: Values = 1 - np.searchsorted(values, grid, side="right") / max(1, len(values))
    return above


def _at_most(values: Values, grid: Values) -> Values:
    below: Values = np.searchsorted(values, grid, side="right") / max(1, len(values))
    return below


def _said(subject: Subject, values: list[Values]) -> str:
    if subject.lower_is_better:
        medians = [float(np.median(each)) if len(each) else float("nan") for each in values]
        best = int(np.nanargmin(medians))
        name = subject.series[best].name
        return f"Half of the viewers have {written.number(medians[best])} or less with {name}."
    nothing = [_share_at(each, 0) for each in values]
    most, least = int(np.argmax(nothing)), int(np.argmin(nothing))
    said = f"{subject.series[least].name} has nothing for {written.share(nothing[least])} of them"
    if most == least:
        return f"{said}."
    return f"{said}, {subject.series[most].name} for {written.share(nothing[most])}."


def _share_at(values: Values, value: float) -> float:
    return float(np.mean(values == value)) if len(values) else float("nan")


def _table(subject: Subject, values: list[Values]) -> Table:
    """Quartiles, and the share of viewers for whom there is nothing."""
    quartiles = [
        np.quantile(each, [0.25, 0.5, 0.75]) if len(each) else [float("nan")] * 3 for each in values
    ]
    rows = [
        (look.name, f"{len(each):,}", written.share(_share_at(each, 0)), *map(written.number, cut))
        for look, each, cut in zip(subject.series, values, quartiles, strict=True)
    ]
    return Table(("model", "viewers", "at 0", "25%", "median", "75%"), tuple(rows))
