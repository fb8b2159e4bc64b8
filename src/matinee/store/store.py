"""The event log, histories and promotions in one database."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Engine, Row, bindparam, delete, func, insert, or_, select

from matinee.data import Interactions
from matinee.store import log
from matinee.store.database import engine_for, reading, writing
from matinee.store.events import Event
from matinee.store.migrate import migrate
from matinee.store.schema import events, histories, imports, promotions, viewers

__all__ = ["Counts", "HistoryRows", "Promotion", "Store"]


# Built once: building a statement takes SQLAlchemy longer than SQLite takes to run it.
_HISTORY = (
    select(histories.c.item, histories.c.value, histories.c.time)
    .where(histories.c.viewer == bindparam("viewer"), histories.c.value.is_not(None))
    .order_by(histories.c.time, histories.c.seq)
)
_IS_DISMISSAL = or_(events.c.type == "dismissal", events.c.type == "removal")
_DISMISSALS = (
    select(events.c.type, events.c.item)
    .where(events.c.viewer == bindparam("viewer"), _IS_DISMISSAL)
    .order_by(events.c.time, events.c.seq)
)
_LIVE = select(promotions).order_by(promotions.c.seq.desc()).limit(1)


@dataclass(frozen=True)
class HistoryRows:
    """One viewer's ratings, oldest first, each film once: three columns of equal length."""

    items: tuple[str, ...]
    values: tuple[float, ...]
    times: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Promotion:
    """The decision to make an artefact live; the last one counts.

    Attributes:
        seq: grows with time.
        artefact: the content hash, which is the name of its folder.
        time: Unix seconds.
        note: the reason, for people.
    """

    seq: int
    artefact: str
    time: int
    note: str


@dataclass(frozen=True)
class Counts:
    """Size of a database; `ratings` are the current ones, without removed ones."""

    events: int
    viewers: int
    ratings: int


class Store:
    """Durable state in one database; safe to use from many threads and processes.

    Every method is one transaction and raises `StoreError` if the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """The database of a URL, created and migrated if needed.

        Args:
            url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`.

        Raises:
            InputError: the URL is malformed or of an unknown kind.
            StoreError: it cannot be reached, is not a database, or is from a newer matinee.
        """
        engine = engine_for(url)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, new: Sequence[Event]) -> int:
        """Writes events and updates histories, all or nothing; returns how many were new.

        An event whose id is already in the log is skipped. The current rating is the one with the
        latest time; of equal times, the one written last.
        """
        if not new:
            return 0
        with writing(self._engine) as connection:
            rows = [{**vars(each), "data": each.data_as_json()} for each in new]
            return log.write(connection, rows, imported=False)

    def import_interactions(self, interactions: Interactions, *, source: str) -> int:
        """Writes ratings of a data set as events of type import; returns how many were new.

        User "1" of source "ml-100k" becomes viewer "ml-100k/1". Data imported from this source
        before is recognised by its content hash and skipped, so that a forgotten viewer does not
        come back.

        Raises:
            InputError: a viewer or film id is too long or not printable.
        """
        key = {"source": source, "data_hash": interactions.content_hash}
        known = select(imports.c.time).filter_by(**key)
        with writing(self._engine) as connection:
            if connection.execute(known).first() is not None:
                return 0
            connection.execute(insert(imports).values(**key, time=int(time.time())))
            return log.write(connection, log.import_rows(interactions, f"{source}/"), imported=True)

    def history(self, viewer: str) -> HistoryRows:
        """A viewer's ratings, oldest first; empty for a new viewer."""
        with reading(self._engine) as connection:
            rows = connection.execute(_HISTORY, {"viewer": viewer}).all()
        items, values, times = zip(*rows, strict=True) if rows else ((), (), ())
        return HistoryRows(items, values, times)

    def dismissed(self, viewer: str) -> tuple[str, ...]:
        """Films a viewer dismissed, oldest first; a later removal takes one back."""
        dismissed: dict[str, None] = {}
        with reading(self._engine) as connection:
            for type_, item in connection.execute(_DISMISSALS, {"viewer": viewer}):
                if type_ == "dismissal":
                    dismissed[item] = None
                else:
                    dismissed.pop(item, None)
        return tuple(dismissed)

    def viewers(self, n: int, imported: bool = True) -> tuple[str, ...]:  # noqa: FBT001 - reads well by name
        """At most `n` viewer ids; only imported viewers may be shown to others."""
        query = (
            select(viewers.c.viewer)
            .where(viewers.c.imported == imported)
            .order_by(func.length(viewers.c.viewer), viewers.c.viewer)  # 2 before 10
            .limit(n)
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(query).scalars())

    def is_imported(self, viewer: str) -> bool:
        """Whether a viewer came with a data set and may be shown to others."""
        query = select(viewers.c.imported).where(viewers.c.viewer == viewer)
        with reading(self._engine) as connection:
            return bool(connection.execute(query).scalar())

    def forget(self, viewer: str) -> int:
        """Deletes everything about a viewer; returns how many events there were."""
        with writing(self._engine) as connection:
            for table in (histories, viewers):
                connection.execute(delete(table).where(table.c.viewer == viewer))
            return connection.execute(delete(events).where(events.c.viewer == viewer)).rowcount

    def events(self, after: int, limit: int) -> list[tuple[int, Event]]:
        """The next at most `limit` events after number `after`, with their numbers.

        The last number is the cursor for the next call; start with 0.
        """
        query = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit)
        with reading(self._engine) as connection:
            return [(row.seq, _event(row)) for row in connection.execute(query)]

    def newest(self, viewer: str, types: Collection[str], limit: int) -> list[Event]:
        """At most `limit` events of a viewer, of some types, newest first."""
        query = (
            select(events)
            .where(events.c.viewer == viewer, events.c.type.in_(types))
            .order_by(events.c.time.desc(), events.c.seq.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_event(row) for row in connection.execute(query)]

    def promote(self, artefact: str, note: str) -> Promotion:
        """Makes an artefact live in every process, from the next request on."""
        now = int(time.time())
        row = insert(promotions).values(artefact=artefact, time=now, note=note)
        with writing(self._engine) as connection:
            seq = connection.execute(row.returning(promotions.c.seq)).scalar_one()
        return Promotion(seq, artefact, now, note)

    def live(self) -> Promotion | None:
        """The last promotion; `None` before the first."""
        with reading(self._engine) as connection:
            row = connection.execute(_LIVE).first()
        return None if row is None else Promotion(row.seq, row.artefact, row.time, row.note)

    def counts(self) -> Counts:
        """Numbers of events, viewers and current ratings."""
        counted = [func.count(each) for each in (events.c.seq, viewers.c.viewer, histories.c.value)]
        with reading(self._engine) as connection:
            return Counts(*(connection.execute(select(each)).scalar_one() for each in counted))


def _event(row: Row[Any]) -> Event:
    fields = {name: value for name, value in row._mapping.items() if name != "seq"}
    return Event(**fields | {"data": json.loads(row.data) if row.data else {}})
