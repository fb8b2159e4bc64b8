"""Accuracy against everything else a model is weighed by, with the models nobody beats in both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matinee.experiments.comparing.pareto import Axis, axes, front
from matinee.service.pages.charts import Chart, Table, figure, label
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["trade_off_charts"]

_WIDE = 20
"""Costs that differ by more than this factor are shown on a scale of factors."""
_UNITS = {
    "fit seconds": ("Time to fit (s)", 1.0),
    "fit memory": ("Memory to fit (MB)", 1e-6),
    "answer seconds": ("Time to answer one viewer (ms)", 1e3),
}


def trade_off_charts(subject: Subject) -> Iterator[Chart]:
    """One chart an axis beside the deciding metric; none for a model alone."""
    if len(subject.comparison.results) < 2:
        return
    known = axes(subject.comparison)
    (deciding,) = [axis for axis in known if axis.name == subject.comparison.metric]
    for axis in known:
        if axis is not deciding:
            yield _chart(subject, axis, deciding)


def _chart(subject: Subject, across: Axis, up: Axis) -> Chart:
    name, unit = _UNITS.get(across.name, (written.title(across.name), 1.0))
    x = [unit * value for value in across.values]
    kept = front(
        np.column_stack([across.values, up.values]),
        [across.higher_is_better, up.higher_is_better],
    )
    order = sorted(np.flatnonzero(kept).tolist(), key=lambda place: x[place])
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [x[place] for place in order],
        "y": [up.values[place] for place in order],
        "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }
    marks = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [x[place]],
            "y": [up.values[place]],
            "cliponaxis": False,
            "marker": {
                "color": look.colour,
                "symbol": look.shape if kept[place] else f"{look.shape}-open",
                "size": 12,
                "line": {"width": 2, "color": look.colour},
            },
            "hovertemplate": f"{label(look.name)}: %{{x:.4g}}, %{{y:.4f}}<extra></extra>",
        }
        for place, look in enumerate(subject.series)
    ]
    logarithmic = min(x) > 0 and max(x) > _WIDE * min(x)
    scale = {"type": "log", "dtick": 1} if logarithmic else {"nticks": 6}
    title = written.title(up.name)
    best = [subject.series[place].name for place in order]
    return Chart(
        f"trade-off-{across.name.partition('@')[0].replace(' ', '-')}",
        f"{title} and {name[:1].lower() + name[1:]}",
        f"{_corner(across, up)} is better. Filled marks, on the dotted line, are beaten by no "
        f"other in both: {written.listed(best)}.",
        figure(
            [line, *marks],
            x={"title": name, "showgrid": True, **scale},
            y={"title": title, "rangemode": "normal", "nticks": 6},
        ),
        legend=subject.series,
        table=Table(
            ("model", title, name, "beaten by none"),
            tuple(
                (
                    look.name,
                    written.number(up.values[place]),
                    f"{x[place]:.4g}",
                    "yes" if kept[place] else "no",
                )
                for place, look in enumerate(subject.series)
            ),
        ),
    )


def _corner(across: Axis, up: Axis) -> str:
    side = "right" if across.higher_is_better else "left"
    return f"{'Up' if up.higher_is_better else 'Down'} and to the {side}"
