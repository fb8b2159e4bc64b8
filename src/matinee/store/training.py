"""The log as training data: what viewers last said about every film, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from matinee.store.films import FilmIds
from matinee.store.schema import events, viewers

__all__ = ["LogRatings", "Moment", "ratings_since", "read_log_ratings"]

_AT_A_TIME = 10_000
"""Rows of the database in memory."""
_OPINIONS = ("rating", "dismissal", "removal")
"""Event types that say something about a film, without imports: a data set is read from its own
files. Views and clicks are no opinions."""


@dataclass(frozen=True)
class Moment:
    """Up to where the log is read; events behind either bound are left out.

    Attributes:
        seq: number of the last event; `None` for the newest.
        time: Unix seconds of the latest event; `None` for any.
    """

    seq: int | None = None
    time: int | None = None


@dataclass(frozen=True, eq=False)
class LogRatings:
    """The last word of every viewer about every film of a catalogue, one row each.

    Attributes:
        viewers: ids of the viewers.
        users: `int32[n]`, rows of `viewers`.
        items: `int32[n]`, rows of the catalogue.
        values: `float64[n]`, ratings; NaN where the viewer dismissed the film or took their rating
            back.
        times: `int64[n]`, Unix seconds.
        seqs: `int64[n]`, numbers of the events.
        cursor: number of the newest event of the log that was considered.
        unmapped: number of last words about films that the catalogue lacks, left out.
    """

    viewers: tuple[str, ...]
    users: NDArray[np.int32]
    items: NDArray[np.int32]
    values: NDArray[np.float64]
    times: NDArray[np.int64]
    seqs: NDArray[np.int64]
    cursor: int
    unmapped: int

    def __len__(self) -> int:
        return len(self.users)


def read_log_ratings(connection: Connection, ids: FilmIds, until: Moment) -> LogRatings:
    """See `Store.interactions`."""
    newest = connection.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar_one()
    cursor = newest if until.seq is None else min(newest, until.seq)
    reader = _Reader(ids)
    rows = connection.execution_options(yield_per=_AT_A_TIME).execute(_query(cursor, until.time))
    for block in rows.partitions():
        reader.add(block)
    return reader.last_words(cursor)


def ratings_since(connection: Connection, seq: int) -> tuple[int, int]:
    """See `Store.ratings_since`."""
    newest = select(func.coalesce(func.max(events.c.seq), seq)).where(events.c.seq > seq)
    rated = select(func.count()).where(events.c.seq > seq, events.c.type == "rating")
    count, last = (connection.execute(each).scalar_one() for each in (rated, newest))
    return int(count), int(last)


def _query(cursor: int, time: int | None) -> Select[Any]:
    """Opinions viewer by viewer, by an index that skips imports, which can be millions.

    The empty text keeps SQLite from scanning the log and looking up the viewer of every event.
    """
    log = events.c
    query = (
        select(log.viewer, log.numbering, log.item, log.type, log.value, log.time, log.seq)
        .select_from(viewers)
        .join(events, log.viewer == viewers.c.viewer + "")
        .where(log.type.in_(_OPINIONS), log.seq <= cursor)
    )
    return query if time is None else query.where(log.time <= time)


class _Reader:
    """Collects blocks of rows as arrays; texts are kept once."""

    def __init__(self, ids: FilmIds) -> None:
        self._ids = ids
        self._users: dict[str, int] = {}
        self._films: dict[tuple[str, str], int] = {}
        self._blocks: list[tuple[NDArray[Any], ...]] = []

    def add(self, rows: Sequence[Any]) -> None:
        own, films = self._users, self._films
        self._blocks.append(
            (
                np.array([own.setdefault(row.viewer, len(own)) for row in rows], dtype=np.int32),
                np.array(
                    [films.setdefault((row.numbering, row.item), len(films)) for row in rows],
                    dtype=np.int32,
                ),
                np.array([row.value if row.type == "rating" else np.nan for row in rows], float),
                np.array([row.time for row in rows], dtype=np.int64),
                np.array([row.seq for row in rows], dtype=np.int64),
            )
        )

    def last_words(self, cursor: int) -> LogRatings:
        kinds = (np.int32, np.int32, np.float64, np.int64, np.int64)
        empty = tuple(np.empty(0, dtype=kind) for kind in kinds)
        columns = zip(empty, *self._blocks, strict=True)
        users, films, values, times, seqs = (np.concatenate(each) for each in columns)
        items = self._rows()[films]
        order = np.lexsort((seqs, times, items, users))
        last = np.ones(len(order), dtype=np.bool_)
        own, film = users[order], items[order]
        last[:-1] = (own[1:] != own[:-1]) | (film[1:] != film[:-1])
        lasts = order[last]
        known = lasts[items[lasts] < len(self._ids.own)]
        return LogRatings(
            viewers=tuple(self._users),
            users=users[known],
            items=items[known].astype(np.int32),
            values=values[known],
            times=times[known],
            seqs=seqs[known],
            cursor=cursor,
            unmapped=len(lasts) - len(known),
        )

    def _rows(self) -> NDArray[np.int64]:
        """Row of each film in the catalogue; films that it lacks have further numbers."""
        ids, n = self._ids, len(self._ids.own)
        rows = np.empty(len(self._films), dtype=np.int64)
        for place, film in enumerate(self._films):
            known = ids.translate(*film)
            rows[place] = ids.own.row(known[1]) if known in ids else n + place
        return rows
