"""Writing to the event log, and keeping the histories that are read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Subquery, case, func, select

from matinee.store.database import insert_into
from matinee.store.events import Event
from matinee.store.schema import events, histories, viewers

__all__ = ["Values", "row", "write"]

Values = dict[str, Any]

_STATES = ("rating", "import", "removal")
"""Types that decide what a history says about a film."""
_BATCH = 10_000


def row(event: Event) -> Values:
    """An event as a row of the log."""
    return {
        "id": event.id,
        "viewer": event.viewer,
        "type": event.type,
        "item": event.item,
        "value": event.value,
        "time": event.time,
        "request_id": event.request_id,
        "data": event.data_as_json(),
    }


def write(connection: Connection, rows: Iterable[Values], *, imported: bool) -> int:
    """Adds the rows whose id is new, in the transaction of `connection`; returns how many.

    Args:
        connection: in a writing transaction, so that nobody else writes meanwhile.
        rows: as `row` makes them.
        imported: whether viewers seen for the first time are marked as imported.
    """
    before = connection.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar_one()
    touched = False
    for batch in _batches(rows):
        first = {each["viewer"]: each["time"] for each in reversed(batch)}
        connection.execute(
            insert_into(connection, viewers).on_conflict_do_nothing(),
            [
                {"viewer": viewer, "created": time, "imported": imported}
                for viewer, time in first.items()
            ],
        )
        connection.execute(insert_into(connection, events).on_conflict_do_nothing(), batch)
        touched = touched or any(each["type"] in _STATES for each in batch)
    if touched:
        _refresh(connection, before)
    counted = select(func.count()).select_from(events).where(events.c.seq > before)
    return int(connection.execute(counted).scalar_one())


def _refresh(connection: Connection, before: int) -> None:
    """Brings the histories up to date with every event after number `before`.

    A row changes only for an event that is no older than the one it stands for, and a removal
    stays as a row without a value: so the order in which events arrive does not matter, and a
    late rating cannot bring back what was removed after it.
    """
    columns = [column.name for column in histories.c]
    newest = _newest(before)
    upsert = insert_into(connection, histories).from_select(
        columns, select(*(newest.c[name] for name in columns)).where(newest.c.rank == 1)
    )
    given = upsert.excluded
    connection.execute(
        upsert.on_conflict_do_update(
            index_elements=[histories.c.viewer, histories.c.item],
            set_={"value": given.value, "time": given.time, "seq": given.seq},
            where=given.time >= histories.c.time,
        )
    )


def _newest(before: int) -> Subquery:
    """Events after number `before` that decide a history; rank 1 is the last of its film."""
    rank = func.row_number().over(
        partition_by=(events.c.viewer, events.c.item),
        order_by=(events.c.time.desc(), events.c.seq.desc()),
    )
    value = case((events.c.type != "removal", events.c.value)).label("value")
    return (
        select(
            events.c.viewer, events.c.item, value, events.c.time, events.c.seq, rank.label("rank")
        )
        .where(events.c.seq > before, events.c.type.in_(_STATES))
        .subquery()
    )


def _batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
