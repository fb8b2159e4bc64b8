"""Writes to the event log and updates histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, case, func, or_, select

from matinee.store.database import insert_into
from matinee.store.schema import events, histories, viewers

__all__ = ["Values", "write"]

Values = dict[str, Any]

_STATES = ("rating", "import", "removal")
"""Event types that change histories."""
_BATCH = 10_000

# Statements are built once: building one takes SQLAlchemy longer than SQLite takes to run it.
_LAST = select(func.coalesce(func.max(events.c.seq), 0))
_ADDED = select(func.count()).select_from(events).where(events.c.seq > bindparam("before"))


def write(connection: Connection, rows: Iterable[Values], *, imported: bool) -> int:
    """Adds rows with new ids, in the transaction of `connection`; returns how many.

    Args:
        connection: in a writing transaction.
        rows: a value for each column of `events` but `seq`; data as JSON.
        imported: whether new viewers are marked as imported.
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
