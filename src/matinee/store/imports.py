"""Imports of ratings: many short transactions, so that a site that runs beside answers in time."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from matinee.data import Interactions
from matinee.store import log
from matinee.store.database import insert_into
from matinee.store.events import check_id
from matinee.store.schema import forgotten, imports
from matinee.store.writer import Writer

__all__ = ["forgotten_among", "import_interactions", "remember_forgotten"]

_SECONDS = 0.02
"""What a transaction should take without its commit; nobody can write meanwhile."""
_PAUSE = 0.005
"""Least seconds between two transactions, in which others get their turn."""
_FEWEST, _FIRST, _MOST = 50, 500, 5_000
"""Rows of a transaction."""

_FORGOTTEN = select(forgotten.c.hash, forgotten.c.salt)


def import_interactions(
    writer: Writer, interactions: Interactions, source: str, numbering: str
) -> int:
    """Writes ratings as events of type import; see `Store.import_interactions`."""
    rows = _Rows.of(interactions, source, numbering)
    new, start, size = 0, 0, _FIRST
    while start < len(rows):
        chunk = rows.between(start, rows.end(start, size))

        def work(connection: Connection, chunk: list[log.Values] = chunk) -> tuple[int, float]:
            started = time.perf_counter()
            remaining = _without_forgotten(connection, chunk, source)
            written = log.write(connection, remaining, source) if remaining else 0
            return written, time.perf_counter() - started

        written, seconds = writer.run(work)
        new += written
        start += len(chunk)
        size = int(min(max(len(chunk) * _SECONDS / seconds, _FEWEST), 2 * size, _MOST))
        time.sleep(max(_PAUSE, seconds / 5))

    key = {
        "source": source,
        "data_hash": interactions.content_hash,
        "time": int(time.time()),
    }
    writer.run(
        lambda connection: connection.execute(
            insert_into(connection.dialect.name, imports).values(**key).on_conflict_do_nothing()
        )
    )
    return new


def remember_forgotten(connection: Connection, viewer: str) -> None:
    """Keeps later imports from bringing a viewer back.

    Only viewers of data sets can come back, so visitors leave nothing behind. What stays is a
    hash with a salt: it can be compared with the ids of a data set, and shows no id by itself.
    """
    source, slash, _ = viewer.partition("/")
    if not slash:
        return
    salt = connection.scalar(
        select(forgotten.c.salt).where(forgotten.c.source == source).limit(1)
    ) or secrets.token_hex(16)
    row = {"source": source, "hash": _hash(salt, viewer), "salt": salt}
    connection.execute(
        insert_into(connection.dialect.name, forgotten).values(**row).on_conflict_do_nothing()
    )


def forgotten_among(connection: Connection, source: str, viewers: Iterable[str]) -> frozenset[str]:
    """Which of some viewers of a data set were forgotten, by the list as it is now."""
    listed = connection.execute(_FORGOTTEN.where(forgotten.c.source == source)).all()
    if not listed:
        return frozenset()
    hashes, salt = {each.hash for each in listed}, listed[0].salt
    return frozenset(viewer for viewer in viewers if _hash(salt, viewer) in hashes)


def _without_forgotten(
    connection: Connection, rows: list[log.Values], source: str
) -> list[log.Values]:
    """Rows of viewers who were not forgotten."""
    gone = forgotten_among(connection, source, {each["viewer"] for each in rows})
    return [each for each in rows if each["viewer"] not in gone] if gone else rows


def _hash(salt: str, viewer: str) -> str:
    return hashlib.sha256(f"{salt}/{viewer}".encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class _Rows:
    """Ratings of a data set, viewer by viewer, as rows of the log; made when they are needed.

    Viewer by viewer, because neighbours in the log are then neighbours in its indexes.
    """

    viewers: list[str]
    items: list[str]
    numbering: str
    columns: tuple[NDArray[Any], ...]
    order: NDArray[np.int64] | None
    users: NDArray[np.int32]

    @classmethod
    def of(cls, interactions: Interactions, source: str, numbering: str) -> _Rows:
        """Checks every id before anything is written."""
        viewers = [f"{source}/{each}" for each in interactions.user_ids.ids.tolist()]
        items = interactions.item_ids.ids.tolist()
        for name, ids in (("viewer", viewers), ("item", items)):
            for each in ids:
                check_id(name, each)
        check_id("numbering", numbering)
        users = interactions.users
        in_order = bool(np.all(users[1:] >= users[:-1]))
        order = None if in_order else np.argsort(users, kind="stable")
        columns = (users, interactions.items, interactions.values, interactions.times)
        return cls(
            viewers, items, numbering, columns, order, users if order is None else users[order]
        )

    def __len__(self) -> int:
        return len(self.users)

    def end(self, start: int, size: int) -> int:
        """About `size` rows on, at the end of a viewer if they have not many more rows.

        So a viewer changes in one step, unless they have very many ratings.
        """
        end = min(start + size, len(self))
        border = int(np.searchsorted(self.users, self.users[end - 1], side="right"))
        return border if border - start <= 2 * size else end

    def between(self, start: int, end: int) -> list[log.Values]:
        """Rows of the log. Their ids depend on their content, so that each is stored once."""
        rows = slice(start, end) if self.order is None else self.order[start:end]
        return [
            {
                "id": _id(self.viewers[user], self.items[item], value, time),
                "viewer": self.viewers[user],
                "type": "import",
                "numbering": self.numbering,
                "item": self.items[item],
                "value": value,
                "time": max(time, 0),
                "request_id": None,
                "data": "",
            }
            for user, item, value, time in zip(
                *(column[rows].tolist() for column in self.columns), strict=True
            )
        ]


def _id(viewer: str, item: str, value: float, time: int) -> str:
    readable = f"{viewer}/{item}/{value!r}/{time}"
    if len(readable) <= 128 and "/" not in item:  # so that ids stay unique
        return readable
    return hashlib.sha256(repr((viewer, item, value, time)).encode()).hexdigest()
