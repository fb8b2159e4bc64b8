"""Charts as Plotly figures, for notebooks and files: `.show()`, `.write_html(path)`.

A figure has the colours of the light scheme and a ground of its own, so that it can be read on any
background.
"""

from __future__ import annotations

import importlib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matinee.display.charts import Chart
from matinee.errors import FailureError, InputError

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["figure", "require_plotly"]

_COLUMNS = 2
"""Charts side by side, if there are several."""
_GAP = 90
"""Pixels between rows, for titles and labels."""
_CAPTION = 110
"""Characters per line of a caption."""
_LINE = 18
"""Pixels per line of a caption."""
_ON_PAGES_ONLY = ("fixedrange", "dragmode")
"""A page lets a thumb scroll over its drawings; a notebook lets a mouse zoom into them."""


def require_plotly(module: str = "graph_objects") -> Any:
    """A module of Plotly. Call it before hours of work end in a chart.

    Raises:
        FailureError: Plotly is not installed.
    """
    try:
        return importlib.import_module(f"plotly.{module}")
    except ImportError:
        raise FailureError(
            "charts need Plotly; install it with pip install 'matinee[report]'"
        ) from None


def figure(charts: Sequence[Chart], title: str = "") -> Figure:
    """One figure of one chart with its caption, or of several in a grid under a common title.

    Raises:
        InputError: there is nothing to draw.
        FailureError: Plotly is not installed.
    """
    if not charts:
        raise InputError(f"there is nothing to draw for {title or 'this'}: it has no numbers")
    return _single(charts[0]) if len(charts) == 1 else _grid(charts, title)


def _single(chart: Chart) -> Figure:
    data, layout = _drawing(chart)
    lines = textwrap.wrap(chart.caption, _CAPTION)
    layout |= {
        "title": {
            **_title(chart.title),
            "subtitle": {"text": "<br>".join(lines), "font": {"size": 13}},
        },
        "height": chart.height + 60 + _LINE * len(lines),
        "margin": {"l": 16, "r": 24, "t": 60 + _LINE * len(lines), "b": 16},
        "showlegend": bool(chart.legend),
    }
    return require_plotly().Figure(data, layout)


def _grid(charts: Sequence[Chart], title: str) -> Figure:
    rows = list(_rows(charts))
    specs: list[list[dict[str, int] | None]] = [
        [{"colspan": _COLUMNS}, None] if row[0].wide else [{}, {}] for row in rows
    ]
    heights = [max(chart.height for chart in row) for row in rows]
    drawn = require_plotly("subplots").make_subplots(
        rows=len(rows),
        cols=_COLUMNS,
        specs=specs,
        row_heights=heights,
        vertical_spacing=_GAP / (sum(heights) + _GAP * len(rows)),
        horizontal_spacing=0.1,
        subplot_titles=[chart.title for chart in charts],
    )
    for row, some in enumerate(rows, start=1):
        for column, chart in enumerate(some, start=1):
            data, layout = _drawing(chart)
            drawn.add_traces(data, rows=[row] * len(data), cols=[column] * len(data))
            drawn.update_xaxes(layout.pop("xaxis"), row=row, col=column)
            drawn.update_yaxes(layout.pop("yaxis"), row=row, col=column)
            drawn.update_layout(layout)
    drawn.update_layout(
        title=_title(title),
        height=sum(heights) + _GAP * len(rows),
        margin={"l": 16, "r": 24, "t": 90, "b": 16},
        showlegend=False,
    )
    return drawn


def _rows(charts: Sequence[Chart]) -> Iterator[list[Chart]]:
    """The charts of each row: a wide one alone, others side by side."""
    row: list[Chart] = []
    for chart in charts:
        if row and (chart.wide or row[0].wide or len(row) == _COLUMNS):
            yield row
            row = []
        row.append(chart)
    yield row


def _drawing(chart: Chart) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Traces and layout with colours instead of their names."""
    drawing = _coloured(chart.figure, _colours())
    return drawing["data"], drawing["layout"] | {"paper_bgcolor": _colours()["--surface"]}


def _title(text: str) -> dict[str, Any]:
    return {"text": text, "x": 0.01, "xanchor": "left", "font": {"size": 17}}


def _coloured(part: Any, colours: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        name = re.fullmatch(r"var\((--[\w-]+)\)", part)
        return colours[name[1]] if name else part
    if isinstance(part, Mapping):
        return {
            key: _coloured(each, colours) for key, each in part.items() if key not in _ON_PAGES_ONLY
        }
    if isinstance(part, list | tuple):
        return [_coloured(each, colours) for each in part]
    return part


@cache
def _colours() -> dict[str, str]:
    """The light scheme of `colours.css`, which comes first."""
    style = (Path(__file__).parent / "colours.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", style.partition("@media")[0]))
