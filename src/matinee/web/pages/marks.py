"""Films that a viewer marked a moment ago: the note that stands in their place, with an undo.

Without JavaScript a press comes back as a new page. Its address names the film and its place,
"/?marked=50&at=for-you.3", so that the note stands where the film stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from fastapi import Depends, Query

from matinee.data import Film
from matinee.service.viewers import Visit

__all__ = ["Note", "Place", "PlaceOf", "back_to", "local_address", "note_of"]

_NAMES = frozenset({"marked", "at"})
_MOST = 200


@dataclass(frozen=True)
class Place:
    """Where a film stood when it was marked.

    Attributes:
        film: its id; "" for none.
        at: key of its row, a dot, and its place there from 0.
    """

    film: str = ""
    at: str = ""


def _place(
    marked: Annotated[str, Query(max_length=128)] = "",
    at: Annotated[str, Query(max_length=_MOST)] = "",
) -> Place:
    return Place(marked, at)


PlaceOf = Annotated[Place, Depends(_place)]


@dataclass(frozen=True)
class Note:
    """A film that was marked, in place of its card.

    Attributes:
        film: the film.
        seen: whether it was marked as seen; otherwise it was dismissed.
        row: key of the row it stood in; "" if unknown.
        place: in that row, from 0.
    """

    film: Film
    seen: bool
    row: str = ""
    place: int = 0

    @property
    def at(self) -> str:
        """Its place as forms send it."""
        return f"{self.row}.{self.place}"


def note_of(visit: Visit, place: Place) -> Note | None:
    """The note of an address; `None` unless the viewer has marked that film."""
    if place.film not in (*visit.seen, *visit.dismissed):
        return None
    row, _, number = place.at.rpartition(".")
    at = int(number) if number.isascii() and number.isdecimal() else 0
    return Note(visit.live.film(place.film), place.film in visit.seen, row, at)


def local_address(address: str) -> str:
    """An address that a form sent, if it is one on this site; "/" otherwise.

    Browsers drop tabs and line feeds and read a backslash as a slash, so that what follows can be
    the name of another host.
    """
    if "\\" in address or any(each < " " or each == "\x7f" for each in address):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    local = address.startswith("/") and not address.startswith("//")
    return address if local and not parts.scheme and not parts.netloc else "/"


def back_to(address: str, action: str, film_id: str, at: str) -> str:
    """The address to return to after a press on a card: the same page at the same place.

    Args:
        address: of the page, on this site (see `local_address`).
        action: what was pressed; "removal" for an undo.
        film_id: the film.
        at: the place of its card.
    """
    parts = urlsplit(address)
    rest = [
        each for each in parse_qsl(parts.query, keep_blank_values=True) if each[0] not in _NAMES
    ]
    if action == "removal":
        return urlunsplit(("", "", parts.path, urlencode(rest), quote(f"film-{film_id}")))
    marked = [*rest, ("marked", film_id), ("at", at)]
    return urlunsplit(("", "", parts.path, urlencode(marked), quote(f"note-{film_id}")))
