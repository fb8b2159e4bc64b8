"""The event log and what is read from it, in one database."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, Row, bindparam, delete, func, insert, or_, select

from matinee.data import Interactions
from matinee.store import bulk, log
from matinee.store.database import engine_for, reading, writing
from matinee.store.events import Event
from matinee.store.migrate import migrate
from matinee.store.schema import events, histories, imports, promotions, viewers

__all__ = ["Counts", "HistoryRows", "Promotion", "Store"]


# Statements are built once: building one takes SQLAlchemy longer than SQLite takes to run it.
_HISTORY = (
    select(histories.c.item, histories.c.value, histories.c.time)
    .where(histories.c.viewer == bindparam("viewer"), histories.c.value.is_not(None))
    .order_by(histories.c.time, histories.c.seq)
)
_SAYS_DISMISSED = or_(events.c.type == "dismissal", events.c.type == "removal")
_DISMISSALS = (
    select(events.c.type, events.c.item)
    .where(events.c.viewer == bindparam("viewer"), _SAYS_DISMISSED)
    .order_by(events.c.time, events.c.seq)
)
_LIVE = select(promotions).order_by(promotions.c.seq.desc()).limit(1)


@dataclass(frozen=True)
class HistoryRows:
    """The films one viewer rated, oldest first, each once: three columns of equal length."""

    items: tuple[str, ...]
    values: tuple[float, ...]
    times: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Promotion:
    """One decision which artefact answers from now on; the last one holds.

    Attributes:
        seq: counts up; a higher one is later.
        artefact: the content hash, which is the name of its folder.
        time: Unix seconds.
        note: why, for people.
    """

    seq: int
    artefact: str
    time: int
    note: str


@dataclass(frozen=True)
class Counts:
    """How much a database holds; `ratings` are those in force, taken-back ones left out."""

    events: int
    viewers: int
    ratings: int


class Store:
    """Durable state behind one database URL; safe to use from many threads and processes.

    Every method is one transaction, and raises `StoreError` where the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """The database of a URL, made and brought up to date where needed.

        Args:
            url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`.

        Raises:
            InputError: the URL is malformed or of an unknown kind.
            StoreError: it cannot be reached, is not a database, or a newer matinee wrote it.
        """
        engine = engine_for(url)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Lets go of every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, new: Sequence[Event]) -> int:
        """Writes events and brings the histories they touch up to date, all or nothing.

        An event whose id is in the log already is passed over, whatever else it says. The
        rating in force is the one with the latest time; of equal times, the one written last.

        Returns:
            How many events were new.
        """
        if not new:
            return 0
        with writing(self._engine) as connection:
            return log.write(connection, [log.row(each) for each in new], imported=False)

    def import_interactions(
        self, interactions: Interactions, *, source: str, viewer_prefix: str
    ) -> int:
        """Writes ratings that were given elsewhere as events of type import.

        Data that was imported from this source before is recognised by its content hash and
        nothing is done, so that a viewer who was forgotten does not come back.

        Args:
            interactions: any number of ratings.
            source: where they are from, as in "ml-100k".
            viewer_prefix: put before every user id, as in "ml-100k/".

        Returns:
            How many events were new.

        Raises:
            InputError: a viewer or film id is too long or not printable.
        """
        key = {"source": source, "data_hash": interactions.content_hash}
        known = select(imports.c.time).filter_by(**key)
        with writing(self._engine) as connection:
            if connection.execute(known).first() is not None:
                return 0
            connection.execute(insert(imports).values(**key, time=int(time.time())))
            rows = bulk.rows(interactions, viewer_prefix)
            return log.write(connection, rows, imported=True)

    def history(self, viewer: str) -> HistoryRows:
        """What a viewer rated, oldest first; empty for a stranger."""
        with reading(self._engine) as connection:
            rows = connection.execute(_HISTORY, {"viewer": viewer}).all()
        items, values, times = zip(*rows, strict=True) if rows else ((), (), ())
        return HistoryRows(items, values, times)

    def dismissed(self, viewer: str) -> tuple[str, ...]:
        """Films a viewer wants to see no more, oldest first; a later removal takes one back."""
        dismissed: dict[str, None] = {}
        with reading(self._engine) as connection:
            for type_, item in connection.execute(_DISMISSALS, {"viewer": viewer}):
                if type_ == "dismissal":
                    dismissed[item] = None
                else:
                    dismissed.pop(item, None)
        return tuple(dismissed)

    def viewers(self, n: int, imported: bool = True) -> tuple[str, ...]:  # noqa: FBT001 - reads well by name
        """At most `n` viewer ids; only those imported may be shown to others."""
        wanted = (
            select(viewers.c.viewer)
            .where(viewers.c.imported == imported)
            .order_by(func.length(viewers.c.viewer), viewers.c.viewer)  # 2 before 10
            .limit(n)
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(wanted).scalars())

    def is_imported(self, viewer: str) -> bool:
        """Whether a viewer came with a data set, and may be shown to others."""
        wanted = select(viewers.c.imported).where(viewers.c.viewer == viewer)
        with reading(self._engine) as connection:
            return bool(connection.execute(wanted).scalar())

    def forget(self, viewer: str) -> int:
        """Removes everything about a viewer; returns how many events that were."""
        with writing(self._engine) as connection:
            for table in (histories, viewers):
                connection.execute(delete(table).where(table.c.viewer == viewer))
            return connection.execute(delete(events).where(events.c.viewer == viewer)).rowcount

    def events(self, after: int, limit: int) -> list[tuple[int, Event]]:
        """The next at most `limit` events whose number is above `after`, with their numbers.

        The last number is the cursor for the next call; 0 starts at the beginning.
        """
        wanted = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit)
        with reading(self._engine) as connection:
            return [(row.seq, _event(row)) for row in connection.execute(wanted)]

    def promote(self, artefact: str, note: str) -> Promotion:
        """Makes an artefact the one that answers, from the next request on, everywhere."""
        now = int(time.time())
        row = insert(promotions).values(artefact=artefact, time=now, note=note)
        with writing(self._engine) as connection:
            seq = connection.execute(row.returning(promotions.c.seq)).scalar_one()
        return Promotion(seq, artefact, now, note)

    def live(self) -> Promotion | None:
        """The promotion in force, or `None` before the first."""
        with reading(self._engine) as connection:
            row = connection.execute(_LIVE).first()
        return None if row is None else Promotion(row.seq, row.artefact, row.time, row.note)

    def counts(self) -> Counts:
        """How many events, viewers and ratings in force there are."""
        counted = [func.count(each) for each in (events.c.seq, viewers.c.viewer, histories.c.value)]
        with reading(self._engine) as connection:
            return Counts(*(connection.execute(select(each)).scalar_one() for each in counted))


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        viewer=row.viewer,
        type=row.type,
        item=row.item,
        value=row.value,
        time=row.time,
        request_id=row.request_id,
        data=json.loads(row.data) if row.data else {},
    )
