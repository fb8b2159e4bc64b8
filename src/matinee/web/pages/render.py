"""Renders templates."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from matinee.display import formats
from matinee.display.blurb import blurb
from matinee.web.addresses import film_path, to_segment
from matinee.web.assets import Assets

__all__ = ["make_templates", "render"]


def make_templates(assets: Assets) -> jinja2.Environment:
    """The templates of all pages; all their output is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "asset": assets.url,
        "event_id": lambda: secrets.token_hex(16),
        "film_path": lambda film: film_path(film.id),
    }
    environment.filters |= {
        "blurb": blurb,
        "count": _count,
        "duration": _duration,
        "listed": formats.listed,
        "segment": to_segment,
        "share": formats.share,
        "stars": "{:g}".format,
    }
    return environment


def render(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """One page.

    Templates get `context` and `path`, the page's own address, to which forms return.
    """
    environment: jinja2.Environment = request.app.state.templates
    path, query = request.scope["path"], request.scope["query_string"].decode("ascii", "replace")
    address = f"{path}?{query}" if query else path
    return HTMLResponse(environment.get_template(template).render(path=address, **context), status)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
