"""Writes to the event log, and updates histories."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, case, func, or_, select

from matinee.errors import ConflictError
from matinee.store.database import insert_into
from matinee.store.schema import events, histories, viewers

__all__ = ["Values", "append", "write"]

Values = dict[str, Any]

_STATES = ("rating", "import", "dismissal", "removal")
"""Event types that change histories: the last one of a film counts. A seen mark is no opinion, and
leaves a rating as it is."""
_CONTENT = ("viewer", "type", "item", "value", "request_id", "data")
"""What an event says. A sender who repeats one may meet another clock or another catalogue."""

# Statements are built once: building one takes SQLAlchemy longer than SQLite takes to run it.
_LAST = select(func.coalesce(func.max(events.c.seq), 0))
_ADDED = select(func.count()).select_from(events).where(events.c.seq > bindparam("before"))
_KNOWN = select(events.c.id, *(events.c[name] for name in _CONTENT)).where(
    events.c.id.in_(bindparam("ids", expanding=True))
)


def append(
    connection: Connection, requests: Sequence[Sequence[Values]]
) -> list[int | ConflictError]:
    """Adds the events of several requests, each request whole or not at all.

    Returns, for each, how many events were new, or the reason why none is written: an id that is in
    the log, or in the request itself, with other content. Rows are as for `write`.
    """
    ids = [row["id"] for rows in requests for row in rows]
    known = {row[0]: tuple(row[1:]) for row in connection.execute(_KNOWN, {"ids": ids})}
    outcomes: list[int | ConflictError] = []
    new: list[Values] = []
    for rows in requests:
        fresh: dict[str, Values] = {}
        conflict = None
        for row in rows:
            content = known.get(row["id"])
            if content is None and row["id"] in fresh:
                content = _content(fresh[row["id"]])
            if content is None:
                fresh[row["id"]] = row
            elif content != _content(row):
                own_id = row["id"].removeprefix(f"{row['viewer']}/")  # as the sender knows it
                conflict = ConflictError(
                    f"event id {own_id!r} is in the log with other content; "
                    "send a new event with an id of its own"
                )
                break
        if conflict is not None:
            outcomes.append(conflict)
            continue
        known |= {id_: _content(row) for id_, row in fresh.items()}
        new += fresh.values()
        outcomes.append(len(fresh))
    if new:
        write(connection, new)
    return outcomes


def write(connection: Connection, rows: Sequence[Values], source: str = "") -> int:
    """Adds rows with new ids, in the transaction of `connection`; returns how many.

    A row has a value for each column of `events` but `seq`, with the data as JSON. New viewers get
    the source.
    """
    dialect = connection.dialect.name
    before = {"before": connection.execute(_LAST).scalar_one()}
    first = {each["viewer"]: each["time"] for each in reversed(rows)}
    connection.execute(
        _add(dialect, viewers),
        [{"viewer": viewer, "created": time, "source": source} for viewer, time in first.items()],
    )
    connection.execute(_add(dialect, events), rows)
    if any(each["type"] in _STATES for each in rows):
        connection.execute(_update_histories(dialect), before)
    return int(connection.execute(_ADDED, before).scalar_one())


def _content(row: Values) -> tuple[Any, ...]:
    return tuple(row[name] for name in _CONTENT)


@cache
def _add(dialect: str, table: Table) -> Executable:
    return insert_into(dialect, table).on_conflict_do_nothing()


@cache
def _update_histories(dialect: str) -> Executable:
    """Updates histories with every event after number `before`.

    An event older than the one in a row does not change the row; a removal or a dismissal stays
    as a row without value. So events may arrive in any order, and a late rating does not undo a
    later removal or dismissal.
    """
    rank = func.row_number().over(
        partition_by=(events.c.viewer, events.c.numbering, events.c.item),
        order_by=(events.c.time.desc(), events.c.seq.desc()),
    )
    log = events.c
    value = case((log.type.in_(("rating", "import")), log.value)).label("value")
    ranked = (
        select(log.viewer, log.numbering, log.item, value, log.time, log.seq, rank.label("rank"))
        .where(log.seq > bindparam("before"), or_(*(log.type == each for each in _STATES)))
        .subquery()
    )
    columns = [column.name for column in histories.c]
    newest = select(*(ranked.c[name] for name in columns)).where(ranked.c.rank == 1)
    upsert = insert_into(dialect, histories).from_select(columns, newest)
    new = upsert.excluded
    return upsert.on_conflict_do_update(
        index_elements=[histories.c.viewer, histories.c.numbering, histories.c.item],
        set_={"value": new.value, "time": new.time, "seq": new.seq},
        where=new.time >= histories.c.time,
    )
