"""The deciding metric: intervals, single viewers, curves over splits, and trade-offs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matinee.display import formats
from matinee.display.charts import Chart, dots, figure, label, line
from matinee.display.table import Table
from matinee.experiments.comparing.pareto import Axis, axes, front
from matinee.experiments.measuring.results import ModelResult
from matinee.service.pages.report.subject import Subject

__all__ = ["per_viewer_chart", "trade_off_charts"]

_POINTS = 51
_MOST = 0.99
"""Share of viewers the axis covers if a metric has no maximum."""

Values = NDArray[np.float64]
_WIDE = 20
"""Costs that differ by more than this factor have a logarithmic axis."""
_UNITS = {
    "fit seconds": ("Time to fit (s)", 1.0),
    "fit memory": ("Memory to fit (MB)", 1e-6),
    "answer seconds": ("Time to answer one viewer (ms)", 1e3),
}


def per_viewer_chart(subject: Subject) -> Chart:
    """For each value, the share of viewers above it (or below, for errors)."""
    metric = subject.comparison.metric
    values = [_values(result, metric) for result in subject.comparison.results]
    low, high = subject.decides.bounds
    if not np.isfinite(high):
        high = max(float(np.quantile(each, _MOST)) for each in values if len(each))
    grid = np.linspace(low, high, _POINTS)
    words = "at most" if subject.lower_is_better else "more than"
    hover = f"%{{y:.0%}} of viewers have {words} %{{x:.2f}}"
    traces = [
        line(
            look,
            grid.tolist(),
            _shares(each, grid, at_most=subject.lower_is_better).tolist(),
            hover,
        )
        for each, look in zip(values, subject.series, strict=True)
    ]
    return Chart(
        "per-viewer",
        f"{formats.title(metric)} of single viewers",
        f"The share of viewers with {words} a value; a higher line serves viewers better. "
        + _extremes(subject, values),
        figure(
            traces,
            x={"title": f"{formats.title(metric)} of a viewer", "range": [low, high]},
            y={"title": f"viewers with {words} that", "tickformat": ".0%", "rangemode": "tozero"},
        ),
        legend=subject.series,
        table=_quartiles(subject, values),
    )


def _values(result: ModelResult, metric: str) -> Values:
    """The finite values of all viewers in all splits, ascending."""
    values = np.concatenate([split.values[metric] for split in result.splits])
    return np.sort(values[np.isfinite(values)])


def _shares(values: Values, grid: Values, *, at_most: bool) -> Values:
    """The share of values at most as large as each point of the grid, or larger than it."""
    below: Values = np.searchsorted(values, grid, side="right") / max(1, len(values))
    return below if at_most else 1 - below


def _extremes(subject: Subject, values: list[Values]) -> str:
    if subject.lower_is_better:
        medians = [float(np.median(each)) if len(each) else float("nan") for each in values]
        best = int(np.nanargmin(medians))
        name = subject.series[best].name
        return f"Half of the viewers have {formats.number(medians[best])} or less with {name}."
    nothing = [_share_at(each, 0) for each in values]
    most, least = int(np.argmax(nothing)), int(np.argmin(nothing))
    text = f"{subject.series[least].name} finds nothing for {formats.share(nothing[least])} of them"
    if most == least:
        return f"{text}."
    return f"{text}, {subject.series[most].name} for {formats.share(nothing[most])}."


def _share_at(values: Values, value: float) -> float:
    return float(np.mean(values == value)) if len(values) else float("nan")


def _quartiles(subject: Subject, values: list[Values]) -> Table:
    """Quartiles, and the share of viewers with a value of 0."""
    quartiles = [
        np.quantile(each, [0.25, 0.5, 0.75]) if len(each) else [float("nan")] * 3 for each in values
    ]
    rows = [
        (look.name, f"{len(each):,}", formats.share(_share_at(each, 0)), *map(formats.number, cut))
        for look, each, cut in zip(subject.series, values, quartiles, strict=True)
    ]
    return Table(("model", "viewers", "at 0", "25%", "median", "75%"), tuple(rows))


def trade_off_charts(subject: Subject) -> Iterator[Chart]:
    """One chart for each axis other than the deciding metric; none for a single model."""
    if len(subject.comparison.results) < 2:
        return
    known = axes(subject.comparison)
    (deciding,) = [axis for axis in known if axis.name == subject.comparison.metric]
    for axis in known:
        if axis is not deciding:
            yield _chart(subject, axis, deciding)


def _chart(subject: Subject, across: Axis, up: Axis) -> Chart:
    name, unit = _UNITS.get(across.name, (formats.title(across.name), 1.0))
    title = formats.title(up.name)
    x = [unit * value for value in across.values]
    unbeaten = front(
        np.column_stack([across.values, up.values]),
        [across.higher_is_better, up.higher_is_better],
    )
    order = sorted(np.flatnonzero(unbeaten).tolist(), key=lambda place: x[place])
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [x[place] for place in order],
        "y": [up.values[place] for place in order],
        "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }
    marks = [
        dots(
            look,
            [x[place]],
            [up.values[place]],
            f"{label(look.name)}: %{{x:.4g}}, %{{y:.4f}}",
            hollow=not unbeaten[place],
            size=12,
        )
        for place, look in enumerate(subject.series)
    ]
    logarithmic = min(x) > 0 and max(x) > _WIDE * min(x)
    scale = {"type": "log", "dtick": 1} if logarithmic else {"nticks": 6}
    sides = "Up" if up.higher_is_better else "Down", "right" if across.higher_is_better else "left"
    best = [subject.series[place].name for place in order]
    return Chart(
        f"trade-off-{across.name.partition('@')[0].replace(' ', '-')}",
        f"{title} and {name[:1].lower() + name[1:]}",
        f"{sides[0]} and to the {sides[1]} is better. Unbeaten in both, with filled "
        f"marks on the dotted line: {formats.listed(best)}.",
        figure(
            [line, *marks],
            x={"title": name, "showgrid": True, **scale},
            y={"title": title, "rangemode": "normal", "nticks": 6},
        ),
        legend=subject.series,
        table=Table(
            ("model", title, name, "unbeaten"),
            tuple(
                (look.name, formats.number(y), f"{cost:.4g}", "yes" if filled else "no")
                for look, y, cost, filled in zip(
                    subject.series, up.values, x, unbeaten, strict=True
                )
            ),
        ),
    )
