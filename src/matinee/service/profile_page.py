"""The profile of a data set as one HTML page that opens without a network."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from matinee.data.profile import Profile
from matinee.data.profile_rows import sections
from matinee.errors import FailureError

__all__ = ["profile_page"]

_RED, _GOLD, _TEXT, _LINE = "#a3142b", "#e9a41c", "#2a1618", "#dcc7a6"
_HEIGHT = 320
"""Pixels of a chart."""


@dataclass(frozen=True)
class _Chart:
    """One figure of Plotly's JSON, with what it shows in words."""

    id: str
    title: str
    caption: str
    figure: dict[str, Any]


def profile_page(profile: Profile) -> str:
    """A page of charts and tables; Plotly's own script is part of it, so it is about 5 MB.

    Raises:
        FailureError: Plotly is not installed.
    """
    try:
        offline = importlib.import_module("plotly.offline")
        plotting = importlib.import_module("plotly.io")
    except ImportError:
        raise FailureError(
            "the HTML report needs Plotly; install it with pip install 'matinee[report]'"
        ) from None
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    charts = [
        (chart, Markup(_drawn(plotting, chart)))  # noqa: S704 - Plotly escapes < and > itself
        for chart in _charts(profile)
    ]
    return environment.get_template("profile_page.html").render(
        profile=profile,
        sections=sections(profile),
        charts=charts,
        plotly=Markup(offline.get_plotlyjs()),  # noqa: S704 - a file of Plotly's package
    )


def _drawn(plotting: Any, chart: _Chart) -> str:
    html: str = plotting.to_html(
        chart.figure,
        full_html=False,
        include_plotlyjs=False,
        include_mathjax=False,
        div_id=f"chart-{chart.id}",
        default_height=f"{_HEIGHT}px",
        config={"displayModeBar": False, "responsive": True},
    )
    return html


def _charts(profile: Profile) -> Iterator[_Chart]:
    if profile.values:
        yield _ratings(profile)
    if profile.long_tail:
        yield _long_tail(profile.long_tail.curve, profile.long_tail.top_10)
    if profile.activity:
        yield _activity(profile.activity.months)
    if profile.per_viewer:
        median = dict(profile.per_viewer.quantiles)[50]
        yield _per_viewer(profile.per_viewer.bins, median)
    if profile.films:
        yield _missing(profile)


def _ratings(profile: Profile) -> _Chart:
    values = [f"{value:g}" for value, _ in profile.values]
    counts = [count for _, count in profile.values]
    best = values[counts.index(max(counts))]
    bars = {
        "x": values,
        "y": counts,
        "hovertemplate": "rated %{x}: %{y:,}<extra></extra>",
    }
    return _Chart(
        "ratings",
        "Ratings given",
        f"{best} is given most often; the mean of all is {profile.mean:.2f}.",
        _figure([_bars(bars)], x={"title": "rating", "type": "category"}, y={"title": "ratings"}),
    )


def _long_tail(curve: tuple[tuple[float, float], ...], top_10: float) -> _Chart:
    films, ratings = zip(*curve, strict=True)
    drawn = {
        "type": "scatter",
        "mode": "lines",
        "x": films,
        "y": ratings,
        "line": {"color": _RED, "width": 3},
        "fill": "tozeroy",
        "fillcolor": "rgba(163, 20, 43, .12)",
        "hovertemplate": "the first %{x:.0%} of films have %{y:.0%} of ratings<extra></extra>",
    }
    even = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": _TEXT, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }
    axis = {"tickformat": ".0%", "range": [0, 1.01], "dtick": 0.25}
    return _Chart(
        "long-tail",
        "The long tail",
        f"The most rated tenth of the films has {top_10:.0%} of all ratings. "
        "On the dotted line all films would be rated alike.",
        _figure(
            [drawn, even],
            x={"title": "films, most rated first", **axis},
            y={"title": "share of ratings", **axis},
        ),
    )


def _activity(months: tuple[tuple[str, int], ...]) -> _Chart:
    names, counts = zip(*months, strict=True)
    bars = {
        "x": [f"{name}-01" for name in names],
        "y": counts,
        "xperiod": "M1",
        "xperiodalignment": "middle",
        "hovertemplate": "%{x|%B %Y}: %{y:,}<extra></extra>",
    }
    busiest = names[counts.index(max(counts))]
    few = {"dtick": "M1", "tickformat": "%b\n%Y"} if len(names) <= 12 else {}
    return _Chart(
        "activity",
        "Ratings over time",
        f"From {names[0]} to {names[-1]}, a bar a month; the busiest is {busiest} "
        f"with {max(counts):,} ratings.",
        _figure([_bars(bars)], x={"type": "date", **few}, y={"title": "ratings a month"}),
    )


def _per_viewer(bins: tuple[tuple[int, int, int], ...], median: float) -> _Chart:
    labels = [f"{low:,}" if low == high else f"{low:,}\u2013{high:,}" for low, high, _ in bins]
    bars = {
        "x": labels,
        "y": [held for *_, held in bins],
        "hovertemplate": "%{x} ratings: %{y:,} viewers<extra></extra>",
    }
    return _Chart(
        "per-viewer",
        "Ratings per viewer",
        f"Half of the viewers gave {median:g} ratings or fewer. The steps widen to the right.",
        _figure([_bars(bars)], x={"title": "ratings", "type": "category"}, y={"title": "viewers"}),
    )


def _missing(profile: Profile) -> _Chart:
    known = sorted(profile.known, key=lambda each: each.share)[::-1]
    bars = {
        "orientation": "h",
        "y": [each.field for each in known],
        "x": [1 - each.share for each in known],
        "text": [_share(profile.films - each.films, profile.films) for each in known],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [profile.films - each.films for each in known],
        "hovertemplate": "%{y}: unknown of %{customdata:,} films<extra></extra>",
    }
    whole = [each.field for each in known if each.films == profile.films]
    complete = f"Known of every film: {', '.join(whole)}." if whole else "No field is complete."
    return _Chart(
        "missing",
        "What is not known of the films",
        f"Share of the {profile.films:,} films that lack a field. {complete}",
        _figure(
            [_bars(bars)],
            x={"tickformat": ".0%", "range": [0, 1.1], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
            y={"type": "category", "ticksuffix": "  ", "showgrid": False},
        ),
    )


def _share(part: int, whole: int) -> str:
    """In per cent; what is not quite none or all is not rounded to it."""
    share = f"{part / whole:.0%}"
    if share == "0%" and part:
        return "<1%"
    return ">99%" if share == "100%" and part < whole else share


def _bars(trace: dict[str, Any]) -> dict[str, Any]:
    return {"type": "bar", "marker": {"color": _RED}, **trace}


def _figure(traces: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """Traces in the look of the site: no zoom, so that a thumb on a phone scrolls the page."""
    axis = {
        "fixedrange": True,
        "gridcolor": _LINE,
        "zeroline": False,
        "automargin": True,
        "title": {"standoff": 8},
    }
    layout = {
        "template": None,
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": _TEXT},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 20, "t": 12, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.15,
        "hoverlabel": {"bgcolor": _TEXT, "bordercolor": _GOLD, "font": {"color": "#fff6e5"}},
        "xaxis": _axis(axis | {"showgrid": False}, x),
        "yaxis": _axis(axis | {"rangemode": "tozero", "separatethousands": True}, y),
    }
    return {"data": traces, "layout": layout}


def _axis(ground: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """An axis whose title is given as a text."""
    title = {"text": own.get("title", ""), **ground["title"]}
    return {**ground, **own, "title": title}
