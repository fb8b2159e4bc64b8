"""Ratings of a data set as rows of the event log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from matinee.data import Interactions
from matinee.store.events import check_id
from matinee.store.log import Values

__all__ = ["rows"]


def rows(interactions: Interactions, prefix: str) -> Iterator[Values]:
    """One row per interaction. Its id depends on its content, so that it is stored once.

    Raises:
        InputError: a viewer or film id is too long or not printable.
    """
    viewers = [prefix + each for each in interactions.user_ids.ids.tolist()]
    items = interactions.item_ids.ids.tolist()
    for name, ids in (("viewer", viewers), ("item", items)):
        for each in ids:
            check_id(name, each)
    # Viewer by viewer: neighbours in the log are then neighbours in its indexes, so it is faster.
    order = np.argsort(interactions.users, kind="stable")
    columns = (interactions.users, interactions.items, interactions.values, interactions.times)
    for user, item, value, time in zip(*(each[order].tolist() for each in columns), strict=True):
        yield {
            "id": _id(viewers[user], items[item], value, time),
            "viewer": viewers[user],
            "type": "import",
            "item": items[item],
            "value": value,
            "time": max(time, 0),
            "request_id": None,
            "data": "",
        }


def _id(viewer: str, item: str, value: float, time: int) -> str:
    readable = f"{viewer}/{item}/{value!r}/{time}"
    if len(readable) <= 128 and "/" not in item:  # so that ids stay unique
        return readable
    return hashlib.sha256(repr((viewer, item, value, time)).encode()).hexdigest()
