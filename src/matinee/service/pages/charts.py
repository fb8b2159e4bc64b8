"""Charts in the look of the house, as Plotly's JSON beside words and numbers that say the same.

Colours are the names of the style sheet, "var(--red)": the page puts in what they are by day, by
night and on paper.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["HEIGHT", "Chart", "Series", "Table", "bars", "figure", "label", "series"]

HEIGHT = 320
"""Pixels of a chart."""
_COLOURS = 8
_SHAPES = ("circle", "square", "diamond", "triangle-up")
_DASHES = ("solid", "dash", "dot")
_WIDTH = 18
"""Characters of a line of a label."""

Trace = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Numbers of a chart, for those who do not see it, or a table of its own.

    Attributes:
        columns: the headings.
        rows: one cell a column; the first names the row.
        words: whether it is to be read like text rather than compared like numbers.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False


@dataclass(frozen=True)
class Series:
    """How one of several things is told apart in every chart of a page: not by colour alone."""

    name: str
    colour: str
    shape: str
    dash: str


@dataclass(frozen=True)
class Chart:
    """One figure of Plotly's JSON, with what it shows in words.

    Attributes:
        id: unique in its page.
        title: a few words.
        caption: what is to be seen.
        figure: see `figure`.
        height: pixels.
        legend: what the colours mean; empty where there is but one.
        table: the numbers, where the page does not have them elsewhere.
        wide: whether it needs the width of the page.
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
    """One a name; where a colour comes round again, its shape and its dash are others."""
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
    """A text of the data for a drawing: nothing in it is markup, and long ones are broken."""
    return "<br>".join(html.escape(line) for line in textwrap.wrap(text, _WIDTH)) or "-"


def bars(trace: Trace) -> Trace:
    """A trace of bars."""
    return {"type": "bar", "marker": {"color": "var(--red)"}, **trace}


def figure(traces: Sequence[Trace], x: Trace, y: Trace) -> dict[str, Any]:
    """Traces in the look of the site: no zoom, so that a thumb on a phone scrolls the page.

    Args:
        traces: what is drawn.
        x: properties of the axis where they are not the usual; "title" is a text.
        y: likewise.
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


def _axis(ground: Trace, own: Trace) -> Trace:
    """An axis whose title is given as a text."""
    title = {"text": own.get("title", ""), **ground["title"]}
    return {**ground, **own, "title": title}
