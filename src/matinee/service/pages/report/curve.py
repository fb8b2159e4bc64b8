"""The deciding metric along the splits of a protocol where these are points of one curve."""

from __future__ import annotations

from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.service.pages.charts import Chart, figure, label
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["curve_chart"]


def curve_chart(subject: Subject) -> Chart | None:
    """One line a model; `None` where splits are repetitions of the same, or there is but one."""
    comparison = subject.comparison
    protocol = PROTOCOLS.get(comparison.receipt["protocol"]["name"])
    varies = protocol.curve if protocol else ""
    names = [split.split for split in comparison.results[0].splits]
    places = list(dict.fromkeys(names))
    if not varies or len(places) < 2:
        return None
    metric = comparison.metric
    traces = []
    for result, look in subject.models:
        values = [
            [split.means[metric] for split in result.splits if split.split == name]
            for name in places
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [label(name) for name in places],
                "y": [sum(each) / len(each) for each in values],
                "line": {"color": look.colour, "dash": look.dash, "width": 2},
                "marker": {"symbol": look.shape, "size": 8, "color": look.colour},
                "hovertemplate": f"{label(look.name)}: %{{y:.4f}}<extra></extra>",
            }
        )
    return Chart(
        "curve",
        f"{written.title(metric)} along {varies}",
        f"The splits of this protocol are points along {varies}; the mean of a model is one over "
        "this line. The table of splits has the numbers.",
        figure(traces, x={"type": "category"}, y={"title": written.title(metric)}),
        legend=subject.series,
        wide=True,
    )
