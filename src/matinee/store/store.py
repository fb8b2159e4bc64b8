"""The event log, histories and promotions in one database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, or_, select

from matinee.data import Catalog, Interactions
from matinee.store import log
from matinee.store.database import engine_for, reading
from matinee.store.events import Event
from matinee.store.films import FilmIds, new_films, read_film_ids, upsert_films
from matinee.store.imports import forgotten_among, import_interactions, remember_forgotten
from matinee.store.migrate import migrate
from matinee.store.promotions import (
    Promotion,
    former_promotions,
    insert_promotion,
    last_live,
    live_promotion,
)
from matinee.store.schema import events, histories, imports, viewers
from matinee.store.training import LogRatings, Moment, ratings_since, read_log_ratings
from matinee.store.writer import Writer

__all__ = ["Counts", "HistoryRows", "Marks", "Promotion", "Store"]

_FILMS_AT_ONCE = 2_000

# Built once: building a statement takes SQLAlchemy longer than SQLite takes to run it.
_HISTORY = (
    select(histories.c.numbering, histories.c.item, histories.c.value, histories.c.time)
    .where(histories.c.viewer == bindparam("viewer"))
    .order_by(histories.c.time, histories.c.seq)
)
_HISTORIES = select(
    *(histories.c.viewer, histories.c.numbering, histories.c.item),
    *(histories.c.value, histories.c.time, histories.c.seq),
).order_by(histories.c.viewer)
_AT_A_TIME = 10_000
"""Rows of the database in memory while all histories are read."""
_IS_MARK = or_(*(events.c.type == each for each in ("dismissal", "seen", "removal")))
_MARKS = (
    select(events.c.type, events.c.numbering, events.c.item)
    .where(events.c.viewer == bindparam("viewer"), _IS_MARK)
    .order_by(events.c.time, events.c.seq)
)


@dataclass(frozen=True)
class HistoryRows:
    """One viewer's ratings, oldest first, each film once: three columns of equal length.

    `unmapped` are ratings of films the catalogue lacks: their numbering, id, value and time, oldest
    first.
    """

    items: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    times: tuple[int, ...] = ()
    unmapped: tuple[tuple[str, str, float, int], ...] = ()

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Marks:
    """Films that a viewer does not want to be recommended, and said so without a rating.

    Attributes:
        dismissed: ids of films that are not for them, oldest first.
        seen: ids of films they have watched and gave no opinion on, oldest first.
    """

    dismissed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Size of a database; `ratings` are the current ones, without removed ones."""

    events: int
    viewers: int
    ratings: int


class Store:
    """Durable state in one database; safe to use from many threads and processes.

    Every method is one transaction, imports are many. All raise `StoreError` if the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine)

    @classmethod
    def open(cls, url: str, artefacts: Path | None = None) -> Self:
        """The database of a URL, created and migrated if needed.

        Args:
            url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`.
            artefacts: folder of saved recommenders, for migrations.

        Raises:
            InputError: the URL is malformed or of an unknown kind.
            StoreError: it cannot be reached, is not a database, or is from a newer matinee.
        """
        engine = engine_for(url)
        try:
            migrate(engine, artefacts)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Writes what waits, then closes every connection."""
        self._writer.drain()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, new: Sequence[Event]) -> int:
        """Writes events and updates histories, all or nothing; returns how many were new.

        Returns after the commit. An event that is already in the log is skipped. Of ratings,
        dismissals and removals of a film the last one counts: the one with the latest time; of
        equal times, the one written last.

        Raises:
            ConflictError: an id is in the log with other content than viewer, type, film, value,
                request and data here; nothing is written.
        """
        return self._writer.append([_row(each) for each in new]) if new else 0

    def append_later(self, event: Event) -> None:
        """Writes an event soon, without waiting for it; it may be lost.

        For what must not delay an answer. `drain` and `close` write what still waits.
        """
        self._writer.append_later(_row(event))

    def drain(self) -> None:
        """Returns when all events of `append_later` are written."""
        self._writer.drain()

    def import_interactions(
        self, interactions: Interactions, *, source: str, numbering: str = ""
    ) -> int:
        """Writes ratings of a data set as events of type import; returns how many were new.

        User "1" of source "ml-100k" becomes viewer "ml-100k/1". Many short transactions let others
        write meanwhile. After an interruption, the same call continues. Data imported from this
        source before is recognised by its content hash and skipped. Viewers who were forgotten do
        not come back.

        Args:
            interactions: ratings.
            source: a name without "/".
            numbering: of the film ids; by default one of the source's own.

        Raises:
            InputError: a viewer or film id is too long or not printable.
        """
        known = select(imports.c.time).filter_by(source=source, data_hash=interactions.content_hash)
        with reading(self._engine) as connection:
            if connection.execute(known).first() is not None:
                return 0
        return import_interactions(self._writer, interactions, source, numbering or source)

    def history(self, viewer: str, ids: FilmIds | None = None) -> HistoryRows:
        """A viewer's ratings, oldest first, of films they have not dismissed or removed since.

        Args:
            viewer: their id.
            ids: of the catalogue whose films are wanted. The last word about a film counts,
                whatever the numbering it was said in. By default, ids are as they were written.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(_HISTORY, {"viewer": viewer}).all()
        return _history_of(rows, ids)

    def histories(self, ids: FilmIds | None = None) -> Iterator[tuple[str, HistoryRows]]:
        """Every viewer with ratings, in the order of their ids, and their `history`.

        They are those of one moment, and read a few thousand at a time.
        """
        with reading(self._engine) as connection:
            rows = connection.execution_options(yield_per=_AT_A_TIME).execute(_HISTORIES)
            for viewer, own in groupby(rows, key=attrgetter("viewer")):
                in_time = sorted(own, key=attrgetter("time", "seq"))
                history = _history_of([row[1:5] for row in in_time], ids)
                if len(history) or history.unmapped:
                    yield viewer, history

    def interactions(self, ids: FilmIds, until: Moment | None = None) -> LogRatings:
        """The last word of every viewer about every film of a catalogue, without imports.

        What viewers of data sets said on the site is included; the ratings they came with are in
        the data set itself. The log is read in blocks, as of one moment.

        Args:
            ids: of the catalogue, see `film_ids`.
            until: how far the log is read; by default to its end.
        """
        with reading(self._engine) as connection:
            return read_log_ratings(connection, ids, until or Moment())

    def forgotten_among(self, source: str, viewers: Iterable[str]) -> frozenset[str]:
        """Which of some viewers of a data set were forgotten, by their ids in the log."""
        with reading(self._engine) as connection:
            return forgotten_among(connection, source, viewers)

    def marks(self, viewer: str, ids: FilmIds | None = None) -> Marks:
        """Films a viewer dismissed or marked as seen, also if they rated them later.

        The last mark of a film counts, and a removal takes it back. `ids` are those of the
        catalogue whose films are wanted, as for `history`.
        """
        marks: dict[tuple[str, str], str] = {}
        with reading(self._engine) as connection:
            rows = connection.execute(_MARKS, {"viewer": viewer}).all()
        for type_, numbering, item in rows:
            film = ids.translate(numbering, item) if ids else (numbering, item)
            marks.pop(film, None)
            if type_ != "removal":
                marks[film] = type_
        wanted = [(film[1], type_) for film, type_ in marks.items() if not ids or film in ids]
        return Marks(
            dismissed=tuple(item for item, type_ in wanted if type_ == "dismissal"),
            seen=tuple(item for item, type_ in wanted if type_ == "seen"),
        )

    def viewers(self, n: int, source: str = "") -> tuple[str, ...]:
        """At most `n` ids of viewers who came with a data set; of visitors for source ""."""
        query = (
            select(viewers.c.viewer)
            .where(viewers.c.source == source)
            .order_by(func.length(viewers.c.viewer), viewers.c.viewer)  # 2 before 10
            .limit(n)
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(query).scalars())

    def source_of(self, viewer: str) -> str:
        """The data set a viewer came with; "" for visitors and unknown viewers."""
        query = select(viewers.c.source).where(viewers.c.viewer == viewer)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() or ""

    def forget(self, viewer: str) -> int:
        """Deletes everything about a viewer; returns how many events there were.

        No later import brings them back.
        """

        def work(connection: Connection) -> int:
            for table in (histories, viewers):
                connection.execute(delete(table).where(table.c.viewer == viewer))
            remember_forgotten(connection, viewer)
            return connection.execute(delete(events).where(events.c.viewer == viewer)).rowcount

        return self._writer.run(work)

    def add_films(self, numbering: str, catalog: Catalog) -> None:
        """Records titles, IMDb and TMDB ids of a catalogue's films, for `film_ids`.

        Raises:
            InputError: the ids meant other films under this numbering before; nothing is written.
        """
        with reading(self._engine) as connection:
            rows = new_films(connection, numbering, catalog)
        for start in range(0, len(rows), _FILMS_AT_ONCE):
            some = rows[start : start + _FILMS_AT_ONCE]
            self._writer.run(partial(upsert_films, rows=some))

    def film_ids(self, numbering: str, catalog: Catalog) -> FilmIds:
        """The film ids of a catalogue, and the recorded ones of other numberings."""
        with reading(self._engine) as connection:
            return read_film_ids(connection, numbering, catalog.item_ids)

    def foreign_ratings(self, numbering: str) -> list[tuple[str, str, int]]:
        """Numbering, film id and number of visitors' ratings in other numberings."""
        query = (
            select(histories.c.numbering, histories.c.item, func.count())
            .join(viewers, viewers.c.viewer == histories.c.viewer)
            .where(
                viewers.c.source == "",
                histories.c.value.is_not(None),
                histories.c.numbering != numbering,
            )
            .group_by(histories.c.numbering, histories.c.item)
        )
        with reading(self._engine) as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def events(self, after: int, limit: int) -> list[tuple[int, Event]]:
        """The next at most `limit` events after number `after`, with their numbers.

        The last number is the cursor for the next call; start with 0.
        """
        query = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit)
        with reading(self._engine) as connection:
            return [(row.seq, _event(row)) for row in connection.execute(query)]

    def ratings_since(self, seq: int) -> tuple[int, int]:
        """How many events of type rating follow a number, and the newest number of the log."""
        with reading(self._engine) as connection:
            return ratings_since(connection, seq)

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

    def promote(self, artefact: str, note: str, *, after: int | None = None) -> Promotion:
        """Makes an artefact live in every process, from the next request on.

        Args:
            artefact: its content hash.
            note: the reason, for people.
            after: number of the promotion that must still be the last one, 0 for none; `None` if
                any may be.

        Raises:
            ConflictError: another artefact was promoted since `after`; nothing changes.
        """
        return self._writer.run(
            partial(insert_promotion, artefact=artefact, note=note, after=after)
        )

    def promotions(self) -> tuple[Promotion, ...]:
        """Every promotion, the last one first."""
        with reading(self._engine) as connection:
            return former_promotions(connection)

    def live(self) -> Promotion | None:
        """The last promotion; `None` before the first."""
        with reading(self._engine) as connection:
            return live_promotion(connection)

    def last_live(self, n: int) -> tuple[str, ...]:
        """The `n` artefacts that were live last, the live one first."""
        with reading(self._engine) as connection:
            return last_live(connection, n)

    def counts(self) -> Counts:
        """Numbers of events, viewers and current ratings."""
        counted = [func.count(each) for each in (events.c.seq, viewers.c.viewer, histories.c.value)]
        with reading(self._engine) as connection:
            return Counts(*(connection.execute(select(each)).scalar_one() for each in counted))


def _row(event: Event) -> log.Values:
    return {**vars(event), "data": event.data_as_json()}


def _event(row: Row[Any]) -> Event:
    fields = {name: value for name, value in row._mapping.items() if name != "seq"}
    return Event(**fields | {"data": json.loads(row.data) if row.data else {}})


def _history_of(rows: Iterable[Sequence[Any]], ids: FilmIds | None) -> HistoryRows:
    """The history of rows of numbering, film id, value and time, oldest first; see `history`."""
    current: dict[tuple[str, str], tuple[float, int]] = {}
    for numbering, item, value, time_ in rows:
        film = ids.translate(numbering, item) if ids else (numbering, item)
        current.pop(film, None)
        if value is not None:
            current[film] = (value, time_)
    mapped = {film: rating for film, rating in current.items() if not ids or film in ids}
    return HistoryRows(
        items=tuple(item for _, item in mapped),
        values=tuple(value for value, _ in mapped.values()),
        times=tuple(time_ for _, time_ in mapped.values()),
        unmapped=tuple((*film, *rating) for film, rating in current.items() if film not in mapped),
    )
