"""Pages of charts in one HTML file each, which open without a network.

The Content-Security-Policy of a page allows its own scripts by their hashes and nothing else, so
that nothing can be loaded or sent.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from matinee import display
from matinee.display.charts import Chart
from matinee.display.figure import require_plotly

__all__ = ["page"]

_HERE = Path(__file__).parent
_COLOURS = Path(display.__path__[0])
"""The folder of `colours.css`."""
_DIGITS = 5
"""Significant digits of a number in a drawing."""


def page(template: str, charts: Iterable[Chart], values: Mapping[str, Any]) -> str:
    """Renders a template of this folder, which extends `page.html`, with charts and other values.

    The page contains Plotly's script: about 5 MB.

    Raises:
        FailureError: Plotly is not installed.
    """
    drawing, offline = require_plotly("io"), require_plotly("offline")
    scripts = {
        "plotly": offline.get_plotlyjs(),
        "script": (_HERE / "page.js").read_text(encoding="utf-8"),
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([_HERE, _COLOURS]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        {
            **values,
            **{name: Markup(text) for name, text in scripts.items()},  # noqa: S704 - our own, Plotly's
            "hashes": Markup(" ".join(map(_hash, scripts.values()))),  # noqa: S704 - has no markup
            "drawings": {each.id: Markup(_json(drawing, each)) for each in charts},  # noqa: S704 - Plotly escapes < and >
        }
    )


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _json(drawing: Any, chart: Chart) -> str:
    """Plotly checks the figure: a misspelt property is an error."""
    return drawing.to_json(_rounded(chart.figure), validate=True, engine="json")


def _rounded(part: Any) -> Any:
    if isinstance(part, float):
        return float(f"{part:.{_DIGITS}g}")
    if isinstance(part, Mapping):
        return {name: _rounded(each) for name, each in part.items()}
    return [_rounded(each) for each in part] if isinstance(part, list | tuple) else part
