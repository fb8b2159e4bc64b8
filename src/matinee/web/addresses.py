"""Ids in addresses.

An id is one quoted segment of a path: the film "a/b" is `/films/a%2Fb`. Routes match the path as it
was sent, so `/films/a%2Fsimilar` is the film "a/similar", and `/films/a/similar` its neighbours.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Path
from pydantic import BeforeValidator, StringConstraints
from starlette.types import Scope

__all__ = [
    "FilmId",
    "RowKey",
    "ViewerId",
    "film_path",
    "from_segment",
    "path_as_sent",
    "to_segment",
]

_DOTS = re.compile(r"~*\.\.?")


def to_segment(value: str) -> str:
    """An id as a segment of a path.

    Clients resolve "." and "..", also quoted ones, before they send an address, so those two get a
    tilde in front, as does what would be mistaken for them.
    """
    return quote(f"~{value}" if _DOTS.fullmatch(value) else value, safe="")


def from_segment(segment: str) -> str:
    """The inverse of `to_segment`."""
    value = unquote(segment)
    return value[1:] if value.startswith("~") and _DOTS.fullmatch(value) else value


def film_path(film_id: str) -> str:
    """Address of a film's page; below `/api/v1` that of its facts."""
    return f"/films/{to_segment(film_id)}"


def path_as_sent(scope: Scope) -> str:
    """The quoted path of a request, without its query."""
    raw = scope.get("raw_path")
    return raw.decode("ascii", "replace") if raw else quote(scope["path"])


_Id = Annotated[str, StringConstraints(max_length=128)]

FilmId = Annotated[
    _Id,
    BeforeValidator(from_segment),
    Path(
        description="Id of the film in the catalogue, percent-encoded. The ids `.` and `..` are "
        "written `~.` and `~..`.",
    ),
]

RowKey = Annotated[
    _Id,
    BeforeValidator(from_segment),
    Path(
        description="`for-you`, `popular`, `lesser-known`, `short`, `because:FILM` with the id of "
        "a film, or `genre:NAME`; percent-encoded.",
    ),
]

ViewerId = Annotated[_Id, BeforeValidator(unquote), Path()]
