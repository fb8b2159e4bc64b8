"""Dots with whiskers: the deciding metric of every model."""

from __future__ import annotations

from matinee.service.pages.charts import Chart, figure, label
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["interval_chart"]

_ROW = 34
"""Pixels of a model."""


def interval_chart(subject: Subject) -> Chart:
    """Means and 95% intervals, best on top; hollow where the distance to the best is real."""
    comparison, metric = subject.comparison, subject.comparison.metric
    traces = []
    for place, (result, look) in enumerate(subject.models):
        mean, interval = result.means[metric], result.intervals[metric]
        difference = result.differences.get(metric)
        behind = difference is not None and difference.real
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [mean],
                "y": [-place],
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [interval.high - mean],
                    "arrayminus": [mean - interval.low],
                    "color": look.colour,
                    "thickness": 2,
                    "width": 6,
                },
                "marker": {
                    "color": look.colour,
                    "size": 11,
                    "symbol": f"{look.shape}-open" if behind else look.shape,
                    "line": {"width": 2, "color": look.colour},
                },
                "hovertemplate": f"{label(result.name)}: "
                f"{written.bounded(mean, interval)}<extra></extra>",
            }
        )
    names = [label(result.name) for result in comparison.results]
    better = "Left" if subject.lower_is_better else "Right"
    return Chart(
        "intervals",
        f"{written.title(metric)} with 95% intervals",
        f"{better} is better. "
        + (
            "A hollow mark is really behind the best; a filled one cannot be told apart from it. "
            "Intervals of two models may overlap and their paired difference still be real."
            if len(names) > 1
            else "The whiskers are how far the value could be off with other such viewers."
        ),
        figure(
            traces,
            x={"title": written.title(metric), "showgrid": True, "nticks": 6},
            y={
                "tickvals": [-place for place in range(len(names))],
                "ticktext": names,
                "range": [0.6 - len(names), 0.6],
                "showgrid": False,
            },
        ),
        height=90 + _ROW * len(names),
    )
