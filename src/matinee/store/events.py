"""Events: the only thing stored about viewers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from matinee.data.vocabulary import LONGEST_ID
from matinee.errors import InputError

__all__ = ["TYPES", "Event", "check_id"]

TYPES = ("rating", "click", "dismissal", "seen", "impression", "import", "removal")
"""rating, import: stars for a film; dismissal: the film is not for them; seen: they watched it,
without an opinion; removal: takes back any of these; impression: films shown on a page; click: a
film opened."""

_LARGEST_DATA = 131_072
"""Bytes of JSON: more than 200 films with the longest ids, in any script."""
_LATEST = 4_102_444_800
"""The year 2100. Later times are probably in milliseconds."""


@dataclass(frozen=True)
class Event:
    """One thing that happened; never changed afterwards.

    Attributes:
        id: chosen by the sender; the same id is stored once.
        viewer: id of the viewer.
        type: one of `TYPES`.
        item: id of the film; optional for impressions only.
        value: stars of a rating or import, else usually `None`.
        time: Unix seconds; 0 if unknown.
        request_id: the answer this event reacts to.
        data: anything else, as JSON.
        numbering: of the film ids in `item` and `data` (see `Dataset.namespace`).

    Raises:
        InputError: a field is missing, too long or of the wrong kind; names the field.
    """

    id: str
    viewer: str
    type: str
    item: str | None = None
    value: float | None = None
    time: int = 0
    request_id: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    numbering: str = ""

    def __post_init__(self) -> None:
        check_id("id", self.id)
        check_id("viewer", self.viewer)
        if self.type not in TYPES:
            raise InputError(f"event type must be one of {', '.join(TYPES)}, not {self.type!r}")
        if self.item is not None:
            check_id("item", self.item)
        elif self.type != "impression":
            raise InputError(f"event item is missing; a {self.type} needs the id of a film")
        if self.request_id is not None:
            check_id("request_id", self.request_id)
        if self.numbering:
            check_id("numbering", self.numbering)
        self._check_value()
        if not isinstance(self.time, int) or isinstance(self.time, bool):
            raise InputError(f"event time must be whole Unix seconds, not {self.time!r}")
        if not 0 <= self.time <= _LATEST:
            raise InputError(
                f"event time must lie between 1970 and 2100 in Unix seconds, not {self.time}"
            )
        self.data_as_json()

    def data_as_json(self) -> str:
        """`data` as stored: "" if there is none."""
        if not isinstance(self.data, Mapping):
            raise InputError(f"event data must be an object, not {type(self.data).__name__}")
        if not self.data:
            return ""
        try:
            text = json.dumps(
                dict(self.data), allow_nan=False, separators=(",", ":"), ensure_ascii=False
            )
            size = len(text.encode())
        except (TypeError, ValueError, RecursionError):
            raise InputError(
                "event data cannot be written as JSON; use text, numbers, lists and objects"
            ) from None
        if size > _LARGEST_DATA:
            raise InputError(
                f"event data may have at most {_LARGEST_DATA:,} bytes of JSON, not {size:,}"
            )
        return text

    def _check_value(self) -> None:
        value = self.value
        if value is None:
            if self.type in {"rating", "import"}:
                raise InputError(f"event value is missing; a {self.type} needs its stars")
            return
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise InputError(f"event value must be a finite number, not {value!r}")


def check_id(name: str, value: object) -> None:
    """Checks that an id has 1 to 128 printable characters.

    Raises:
        InputError: it does not; names the field.
    """
    if not isinstance(value, str):
        raise InputError(f"event {name} must be text, not {type(value).__name__}")
    if not 1 <= len(value) <= LONGEST_ID:
        raise InputError(f"event {name} must have 1 to {LONGEST_ID} characters, not {len(value):,}")
    if not value.isprintable():
        raise InputError(f"event {name} must be printable characters, not {value!r}")
