"""Promotions: which artefact is live, and which ones were."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, literal, select

from matinee.errors import ConflictError
from matinee.store.schema import promotions

__all__ = ["Promotion", "former_promotions", "insert_promotion", "last_live", "live_promotion"]

# Built once, since every request asks for it.
_LIVE = select(promotions).order_by(promotions.c.seq.desc()).limit(1)


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


def insert_promotion(
    connection: Connection, artefact: str, note: str, after: int | None
) -> Promotion:
    """Adds a promotion by one statement, which finds out if it follows `after`.

    Raises:
        ConflictError: another promotion came between.
    """
    now = int(time.time())
    row = select(literal(artefact), literal(now), literal(note))
    if after is not None:
        last = select(func.coalesce(func.max(promotions.c.seq), 0)).scalar_subquery()
        row = row.where(last == after)
    new = insert(promotions).from_select(["artefact", "time", "note"], row)
    seq = connection.execute(new.returning(promotions.c.seq)).scalar()
    if seq is None:
        raise ConflictError(
            "another model was promoted meanwhile, so this one does not replace it; "
            "see it with `matinee models live`, and run the command again to start from it"
        )
    return Promotion(int(seq), artefact, now, note)


def live_promotion(connection: Connection) -> Promotion | None:
    """The last promotion; `None` before the first."""
    row = connection.execute(_LIVE).first()
    return None if row is None else Promotion(row.seq, row.artefact, row.time, row.note)


def last_live(connection: Connection, n: int) -> tuple[str, ...]:
    """The `n` artefacts that were live last, the live one first."""
    last = func.max(promotions.c.seq)
    query = (
        select(promotions.c.artefact).group_by(promotions.c.artefact).order_by(last.desc()).limit(n)
    )
    return tuple(connection.execute(query).scalars())


def former_promotions(connection: Connection) -> tuple[Promotion, ...]:
    """Every promotion, the last one first."""
    rows = connection.execute(select(promotions).order_by(promotions.c.seq.desc()))
    return tuple(Promotion(row.seq, row.artefact, row.time, row.note) for row in rows)
