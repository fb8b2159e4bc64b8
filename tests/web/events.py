"""Events as a browser sends them."""

from __future__ import annotations

import secrets


def rating(film: str, value: float, event_id: str = "") -> dict[str, object]:
    """A rating with an id of its own."""
    return event("rating", film, event_id) | {"value": value}


def event(kind: str, film: str, event_id: str = "") -> dict[str, object]:
    """Any event with an id of its own."""
    return {"id": event_id or secrets.token_hex(8), "type": kind, "film": film}
