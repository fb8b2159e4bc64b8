"""The results of a comparison as charts: intervals of each model, curves over splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matinee.display import formats
from matinee.display.charts import Chart, dots, figure, label, line, row_axis, series
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.protocols import PROTOCOLS

if TYPE_CHECKING:
    from matinee.experiments.measuring.results import Comparison

__all__ = ["curve_chart", "interval_chart"]

_ROW = 34
"""Pixels per model."""


def interval_chart(comparison: Comparison, metric: str) -> Chart:
    """Means and 95% intervals; hollow marks are significantly behind the best of the comparison.

    Metrics of all lists together, such as coverage, have no interval.
    """
    names = [result.name for result in comparison.results]
    traces = []
    for place, (result, look) in enumerate(zip(comparison.results, series(names), strict=True)):
        mean, interval = result.means[metric], result.intervals.get(metric)
        difference = result.differences.get(metric)
        behind = difference is not None and difference.real
        hover = f"{label(result.name)}: {formats.bounded(mean, interval)}"
        bounds = [(interval.low, interval.high)] if interval else []
        traces.append(dots(look, [mean], [-place], hover, bounds=bounds, hollow=behind, size=11))
    title = formats.title(metric)
    return Chart(
        "intervals",
        f"{title} with 95% intervals"
        if any(metric in each.intervals for each in comparison.results)
        else title,
        f"{_better(metric)}{_about_marks(comparison)}",
        figure(
            traces,
            x={"title": title, "showgrid": True, "nticks": 6},
            y=row_axis(names),
        ),
        height=90 + _ROW * len(names),
    )


def _better(metric: str) -> str:
    higher = metric_of(metric).higher_is_better
    return "" if higher is None else f"{'Right' if higher else 'Left'} is better. "


def _about_marks(comparison: Comparison) -> str:
    if len(comparison.results) == 1:
        return "The whiskers show how much the value may vary with other viewers."
    return (
        "Models with a hollow mark are significantly behind the best; those with a filled one are "
        "not. Intervals may overlap although the paired difference is significant."
    )


def _fits(comparison: Comparison) -> str:
    """How often each model was fitted, where the log is replayed."""
    if not comparison.is_replay:
        return ""
    fits = formats.listed(f"{result.name} {result.fits:,}" for result in comparison.results)
    return f" Fits for the tests: {fits}."


def curve_chart(comparison: Comparison, metric: str) -> Chart | None:
    """One line per model; `None` if splits are repetitions, or there is only one."""
    protocol = PROTOCOLS.get(comparison.receipt["protocol"]["name"])
    varies = protocol.curve if protocol else ""
    places = list(dict.fromkeys(split.split for split in comparison.results[0].splits))
    if not varies or len(places) < 2:
        return None
    looks = series([result.name for result in comparison.results])
    traces = []
    for result, look in zip(comparison.results, looks, strict=True):
        values = [
            [split.means[metric] for split in result.splits if split.split == name]
            for name in places
        ]
        means = [sum(each) / len(each) for each in values]
        hover = f"{label(look.name)}: %{{y:.4f}}"
        traces.append(line(look, [label(name) for name in places], means, hover, dots=True))
    title = formats.title(metric)
    return Chart(
        "curve",
        f"{title} along {varies}",
        f"The splits of this protocol are points along {varies}; a model's mean is taken over this "
        f"line.{_fits(comparison)}",
        figure(traces, x={"type": "category"}, y={"title": title}),
        legend=looks,
        wide=True,
    )
