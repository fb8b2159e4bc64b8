"""Templates into answers."""

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
from matinee.service.site import Site
from matinee.web.assets import Assets
from matinee.web.pages.posters import poster

__all__ = ["film_path", "make_templates", "render"]


def make_templates(assets: Assets) -> jinja2.Environment:
    """The templates of all pages; everything they print is escaped."""
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
    environment.filters |= {"stars": _stars, "duration": _duration}
    return environment


def render(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """One page; `context` holds what its template names.

    Every template also knows `path`, the page's own address to come back to after a form, and
    `choices()`, the ratings that can be given.
    """
    environment: jinja2.Environment = request.app.state.templates
    site: Site = request.app.state.site
    common = {"path": _address(request), "choices": lambda: _choices(site.scale())}
    return HTMLResponse(environment.get_template(template).render({**common, **context}), status)


def film_path(film: Film) -> str:
    """Address of a film's page."""
    return f"/films/{quote(film.id, safe='')}"


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def _choices(scale: tuple[float, float]) -> tuple[int, ...]:
    """The whole numbers of a rating scale, lowest first: what a page offers."""
    low, high = scale
    return tuple(range(max(1, math.ceil(low)), math.floor(high) + 1))


def _stars(value: float) -> str:
    return f"{value:g}"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"
