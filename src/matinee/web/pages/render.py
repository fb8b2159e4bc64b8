"""Renders templates."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from matinee.data import Film
from matinee.web.assets import Assets
from matinee.web.pages.posters import poster

__all__ = ["film_path", "make_templates", "render", "star_choices"]


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
        "film_path": film_path,
        "poster": poster,
    }
    environment.filters |= {"stars": "{:g}".format, "duration": _duration, "count": _count}
    return environment


def render(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """One page.

    Templates get `context` and `path`, the page's own address, to which forms return.
    """
    environment: jinja2.Environment = request.app.state.templates
    query = request.url.query
    path = f"{request.url.path}?{query}" if query else request.url.path
    return HTMLResponse(environment.get_template(template).render(path=path, **context), status)


def film_path(film: Film) -> str:
    """Address of a film's page."""
    return f"/films/{quote(film.id, safe='')}"


def star_choices(scale: tuple[float, float]) -> tuple[int, ...]:
    """The ratings a page offers: the whole numbers of a scale from 1 on, lowest first."""
    low, high = scale
    return tuple(range(max(1, math.ceil(low)), math.floor(high) + 1))


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
