"""Writes to the event log, also ratings of data sets, and updates histories."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, Executable, Table, bindparam, case, func, or_, select

from matinee.data import Interactions
from matinee.store.database import insert_into
from matinee.store.events import check_id
from matinee.store.schema import events, histories, viewers

__all__ = ["Values", "import_rows", "write"]

Values = dict[str, Any]

_STATES = ("rating", "import", "removal")
"""Event types that change histories."""
_BATCH = 10_000

# Statements are built once: building one takes SQLAlchemy longer than SQLite takes to run it.
_LAST = select(func.coalesce(func.max(events.c.seq), 0))
_ADDED = select(func.count()).select_from(events).where(events.c.seq > bindparam("before"))


def write(connection: Connection, rows: Iterable[Values], *, imported: bool) -> int:
    """Adds rows with new ids, in the transaction of `connection`; returns how many.

    A row has a value for each column of `events` but `seq`, with the data as JSON. New viewers are
    marked as `imported` or not.
    """
    dialect = connection.dialect.name
    before = {"before": connection.execute(_LAST).scalar_one()}
    changes_histories = False
    for batch in _batches(rows):
        first = {each["viewer"]: each["time"] for each in reversed(batch)}
        connection.execute(
            _add(dialect, viewers),
            [
                {"viewer": viewer, "created": time, "imported": imported}
                for viewer, time in first.items()
            ],
        )
        connection.execute(_add(dialect, events), batch)
        changes_histories |= any(each["type"] in _STATES for each in batch)
    if changes_histories:
        connection.execute(_update_histories(dialect), before)
    return int(connection.execute(_ADDED, before).scalar_one())


@cache
def _add(dialect: str, table: Table) -> Executable:
    return insert_into(dialect, table).on_conflict_do_nothing()


@cache
def _update_histories(dialect: str) -> Executable:
    """Updates histories with every event after number `before`.

    An event older than the one in a row does not change the row, and a removal stays as a row
    without value. So events may arrive in any order, and a late rating does not undo a later
    removal.
    """
    rank = func.row_number().over(
        partition_by=(events.c.viewer, events.c.item),
        order_by=(events.c.time.desc(), events.c.seq.desc()),
    )
    log = events.c
    value = case((log.type != "removal", log.value)).label("value")
    ranked = (
        select(log.viewer, log.item, value, log.time, log.seq, rank.label("rank"))
        .where(log.seq > bindparam("before"), or_(*(log.type == each for each in _STATES)))
        .subquery()
    )
    columns = [column.name for column in histories.c]
    newest = select(*(ranked.c[name] for name in columns)).where(ranked.c.rank == 1)
    upsert = insert_into(dialect, histories).from_select(columns, newest)
    new = upsert.excluded
    return upsert.on_conflict_do_update(
        index_elements=[histories.c.viewer, histories.c.item],
        set_={"value": new.value, "time": new.time, "seq": new.seq},
        where=new.time >= histories.c.time,
    )


def _batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def import_rows(interactions: Interactions, prefix: str) -> Iterator[Values]:
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
