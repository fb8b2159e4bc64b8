"""How well groups of viewers are served: means with intervals, and the widest gaps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Gap
from matinee.service.pages.charts import Chart, Series, Table, Trace, figure, label
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["group_charts", "group_tables", "widest_gaps"]

_MOST_DRAWN = 8
"""Groups of a chart; a grouping with more is a table."""
_SPREAD, _STEP = 0.7, 0.2
"""Of the distance between two groups: what the models of one take together, and each at most."""


def group_charts(subject: Subject) -> Iterator[Chart]:
    """One a grouping of few groups, under the deciding metric."""
    for gaps in _by_grouping(subject):
        if len(gaps[0].labels) <= _MOST_DRAWN:
            yield _chart(subject, gaps)


def group_tables(subject: Subject) -> Iterator[tuple[str, Table]]:
    """The groupings of many groups, with their names."""
    for gaps in _by_grouping(subject):
        if len(gaps[0].labels) > _MOST_DRAWN:
            yield _name(gaps[0]), _table(gaps)


def widest_gaps(subject: Subject) -> Table:
    """A row a grouping and model: the distance of its best from its worst served group."""
    return Table(
        ("grouping", "model", "widest gap [95%]", "best served", "worst served"),
        tuple(
            (
                _name(gap),
                gap.model,
                f"{written.number(gap.gap)} {written.bounds(gap.interval)}",
                gap.best or written.NONE,
                gap.worst or written.NONE,
            )
            for gaps in _by_grouping(subject)
            for gap in gaps
        ),
        words=True,
    )


def _by_grouping(subject: Subject) -> Iterator[list[Gap]]:
    """The gaps of all models under the deciding metric, best model first."""
    decisive = [gap for gap in subject.comparison.gaps if gap.metric == subject.comparison.metric]
    for grouping in dict.fromkeys(gap.grouping for gap in decisive):
        yield [gap for gap in decisive if gap.grouping == grouping]


def _name(gap: Gap) -> str:
    return gap.grouping[:1].upper() + gap.grouping[1:].replace("_", " ")


def _chart(subject: Subject, gaps: list[Gap]) -> Chart:
    first, metric = gaps[0], subject.comparison.metric
    step = min(_STEP, _SPREAD / max(1, len(gaps) - 1))
    start = step * (len(gaps) - 1) / 2
    traces = [
        _dots(gap, look, start - step * place)
        for place, (gap, look) in enumerate(zip(gaps, subject.series, strict=True))
    ]
    places = range(len(first.labels))
    return Chart(
        f"groups-{first.grouping}",
        f"By {_name(first).lower()}",
        _said(gaps),
        figure(
            traces,
            x={"title": written.title(metric), "showgrid": True, "nticks": 6},
            y={
                "tickvals": [-place for place in places],
                "ticktext": [label(each) for each in first.labels],
                "range": [0.6 - len(places), 0.6],
                "showgrid": False,
            },
        ),
        height=90 + len(places) * (24 + 13 * len(gaps)),
        legend=subject.series,
        table=_table(gaps),
    )


def _dots(gap: Gap, look: Series, offset: float) -> Trace:
    """Means with whiskers, a little above or below the middle of each group."""
    known = np.flatnonzero(np.isfinite(gap.means)).tolist()
    means = [float(gap.means[place]) for place in known]
    bounds = [gap.intervals[place] for place in known]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": means,
        "y": [offset - place for place in known],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(0, each.high - mean) for each, mean in zip(bounds, means, strict=True)],
            "arrayminus": [
                max(0, mean - each.low) for each, mean in zip(bounds, means, strict=True)
            ],
            "color": look.colour,
            "thickness": 1.5,
            "width": 3,
        },
        "marker": {"color": look.colour, "symbol": look.shape, "size": 8},
        "customdata": [label(gap.labels[place]) for place in known],
        "hovertemplate": f"{label(look.name)}, %{{customdata}}: %{{x:.4f}}<extra></extra>",
    }


def _said(gaps: list[Gap]) -> str:
    """About the best model: who is served worst, and whether that is real."""
    best = gaps[0]
    small = min(best.viewers) < FEWEST_VIEWERS
    note = (
        f" A group of fewer than {FEWEST_VIEWERS} viewers is shown and not judged." if small else ""
    )
    if best.worst is None or best.best is None:
        return f"No two groups are large enough, or none is better served.{note}"
    gap = f"{written.number(best.gap)} {written.bounds(best.interval)}"
    if best.interval.excludes_zero:
        return (
            f"{best.model} serves \u201c{best.best}\u201d best and \u201c{best.worst}\u201d worst, "
            f"{gap} apart.{note}"
        )
    return f"The widest gap of {best.model}, {gap}, may be chance.{note}"


def _table(gaps: list[Gap]) -> Table:
    first = gaps[0]
    return Table(
        ("group", "viewers", *(gap.model for gap in gaps)),
        tuple(
            (
                name,
                f"{first.viewers[place]:,}",
                *(written.bounded(float(gap.means[place]), gap.intervals[place]) for gap in gaps),
            )
            for place, name in enumerate(first.labels)
        ),
    )
