"""Charts in the style of the site: Plotly's JSON, with the same in words and numbers.

Colours are names of `colours.css`, "var(--red)". A page replaces them by the colours of the light
scheme, the dark scheme or print; `figure.py` by those of the light scheme.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matinee.display.table import Table

__all__ = [
    "HEIGHT",
    "Chart",
    "Series",
    "Trace",
    "bars",
    "dots",
    "figure",
    "heat",
    "label",
    "line",
    "row_axis",
    "series",
]

HEIGHT = 320
"""Pixels of a chart."""
_COLOURS = 8
_SHAPES = ("circle", "square", "diamond", "triangle-up")
_DASHES = ("solid", "dash", "dot")
_WIDTH = 18
"""Characters per line of a label."""

Trace = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """The look of one series in all charts of a page, recognisable without colour."""

    name: str
    colour: str
    shape: str
    dash: str


@dataclass(frozen=True)
class Chart:
    """One figure, with its message in words.

    `height` is in pixels. `legend` is empty for a single series, and `table` is `None` if the page
    has the numbers elsewhere. A `wide` chart takes the full width of the page.
    """

    id: str
    title: str
    caption: str
    figure: Mapping[str, Any]
    height: int = HEIGHT
    legend: tuple[Series, ...] = ()
    table: Table | None = None
    wide: bool = False


def series(names: Sequence[str]) -> tuple[Series, ...]:
    """One series per name. When a colour repeats, its shape and dash differ."""
    return tuple(
        Series(
            name,
            colour=f"var(--series-{place % _COLOURS + 1})",
            shape=_SHAPES[(place + place // _COLOURS) % len(_SHAPES)],
            dash=_DASHES[place // _COLOURS % len(_DASHES)],
        )
        for place, name in enumerate(names)
    )


def label(text: str) -> str:
    """A text for a drawing, escaped and broken into lines."""
    return "<br>".join(html.escape(line) for line in textwrap.wrap(text, _WIDTH)) or "-"


def bars(trace: Trace, hover: str) -> Trace:
    """A trace of bars; `hover` is Plotly's template of a label."""
    marker = {"color": "var(--red)"}
    return {"type": "bar", "marker": marker, "hovertemplate": f"{hover}<extra></extra>", **trace}


def line(
    look: Series, x: Sequence[Any], y: Sequence[float], hover: str, *, dots: bool = False
) -> Trace:
    """A trace of a line, with `dots` at its points."""
    marker = {"symbol": look.shape, "size": 7, "color": look.colour}
    return {
        "type": "scatter",
        "name": look.name,
        "mode": "lines+markers" if dots else "lines",
        "x": x,
        "y": y,
        "line": {"color": look.colour, "dash": look.dash, "width": 2.5},
        **({"marker": marker} if dots else {}),
        "hovertemplate": f"{hover}<extra></extra>",
    }


def dots(
    look: Series,
    x: Sequence[float],
    y: Sequence[float],
    hover: str,
    *,
    bounds: Sequence[tuple[float, float]] = (),
    hollow: bool = False,
    size: int = 9,
) -> Trace:
    """A trace of marks, with horizontal whiskers to `bounds` if there are any."""
    trace: Trace = {
        "type": "scatter",
        "name": look.name,
        "mode": "markers",
        "x": x,
        "y": y,
        "cliponaxis": False,
        "marker": {
            "color": look.colour,
            "symbol": f"{look.shape}-open" if hollow else look.shape,
            "size": size,
            "line": {"width": 2, "color": look.colour},
        },
        "hovertemplate": f"{hover}<extra></extra>",
    }
    if bounds:
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [max(0, high - mean) for mean, (_, high) in zip(x, bounds, strict=True)],
            "arrayminus": [max(0, mean - low) for mean, (low, _) in zip(x, bounds, strict=True)],
            "color": look.colour,
            "thickness": 2,
            "width": 5,
        }
    return trace


def heat(labels: Sequence[str], values: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A Plotly figure of a square matrix as colours, up to red at its highest off the diagonal."""
    others = [
        each for row, line in enumerate(values) for column, each in enumerate(line) if row != column
    ]
    pairs = [[f"{row}<br>{column}" for column in labels] for row in labels]
    trace = {
        "type": "heatmap",
        "z": values,
        "customdata": pairs,
        "zmin": min(0.0, *others),
        "zmax": max(others),
        "colorscale": [[0, "var(--ground)"], [1, "var(--red)"]],
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "%{customdata}<br>%{z:.2f}<extra></extra>",
    }
    axis = {"tickvals": list(range(len(labels))), "ticktext": list(labels), "showgrid": False}
    return figure([trace], x=axis, y=axis | {"autorange": "reversed", "ticksuffix": "  "})


def row_axis(labels: Sequence[str]) -> Trace:
    """A vertical axis with a row for each label, from the top."""
    return {
        "tickvals": [-row for row in range(len(labels))],
        "ticktext": [label(each) for each in labels],
        "range": [0.6 - len(labels), 0.6],
        "showgrid": False,
    }


def figure(traces: Sequence[Trace], x: Trace, y: Trace) -> dict[str, Any]:
    """A Plotly figure in the style of the site, without zoom, so that a thumb can scroll the page.

    `x` and `y` are properties of the axes that differ from the default; "title" is a text.
    """
    axis = {
        "fixedrange": True,
        "gridcolor": "var(--line)",
        "zeroline": False,
        "automargin": True,
        "title": {"standoff": 8},
    }
    layout = {
        "template": None,
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": "var(--text)"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 20, "t": 12, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.15,
        "hoverlabel": {
            "bgcolor": "var(--text)",
            "bordercolor": "var(--gold)",
            "font": {"color": "var(--surface)"},
        },
        "xaxis": _axis(axis | {"showgrid": False}, x),
        "yaxis": _axis(axis | {"rangemode": "tozero", "separatethousands": True}, y),
    }
    return {"data": list(traces), "layout": layout}


def _axis(default: Trace, own: Trace) -> Trace:
    """Properties of an axis over the default ones."""
    title = {"text": own.get("title", ""), **default["title"]}
    return {**default, **own, "title": title}
