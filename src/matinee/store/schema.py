"""The tables. `events` is the truth.

`histories` and `viewers` derive from it; the others record promotions, imports, forgotten viewers,
and which films the numberings of several data sets share.

After a change, add the next file in `migrations/versions` and increase `VERSION`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = [
    "VERSION",
    "events",
    "films",
    "forgotten",
    "histories",
    "imports",
    "metadata",
    "promotions",
    "viewers",
]

VERSION = "0003"
"""The newest migration: the version of every opened database."""

metadata = MetaData()

# SQLite auto-increments only a column of exactly this type.
_counter = BigInteger().with_variant(Integer, "sqlite")

events = Table(
    "events",
    metadata,
    # AUTOINCREMENT never reuses a number, not even after `forget`, so that cursors stay valid.
    Column("seq", _counter, primary_key=True, autoincrement=True),
    Column("id", String(128), nullable=False, unique=True),
    Column("viewer", String(128), nullable=False),
    Column("type", String(16), nullable=False),
    # A film id means nothing without its numbering: "50" is Star Wars in one data set only.
    Column("numbering", String(128), nullable=False),
    Column("item", String(128)),
    Column("value", Float(53)),
    Column("time", BigInteger, nullable=False),
    Column("request_id", String(128)),
    Column("data", Text, nullable=False),
    Index("events_by_viewer", "viewer", "type", "item", "time"),
    sqlite_autoincrement=True,
)

histories = Table(
    "histories",
    metadata,
    Column("viewer", String(128), primary_key=True),
    Column("numbering", String(128), primary_key=True),
    Column("item", String(128), primary_key=True),
    Column("value", Float(53)),  # NULL: removed or dismissed at that time; older ratings stay out
    Column("time", BigInteger, nullable=False),
    Column("seq", _counter, nullable=False),  # of the event; orders equal times
    sqlite_with_rowid=False,  # keeps a viewer's rows together
)

viewers = Table(
    "viewers",
    metadata,
    Column("viewer", String(128), primary_key=True),
    Column("created", BigInteger, nullable=False),
    # The data set they came with, "ml-100k"; "" for visitors of the site.
    Column("source", String(128), nullable=False),
    Index("viewers_by_source", "source"),
    sqlite_with_rowid=False,
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("source", String(128), primary_key=True),
    Column("hash", String(64), primary_key=True),  # of the salt and the viewer's id
    Column("salt", String(32), nullable=False),  # one for each source
    sqlite_with_rowid=False,
)

films = Table(
    "films",
    metadata,
    Column("numbering", String(128), primary_key=True),
    Column("item", String(128), primary_key=True),
    Column("title", Text, nullable=False),
    Column("imdb_id", Text, nullable=False),  # "" if unknown
    Column("tmdb_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

imports = Table(
    "imports",
    metadata,
    Column("source", String(255), primary_key=True),
    Column("data_hash", String(64), primary_key=True),
    Column("time", BigInteger, nullable=False),
)

promotions = Table(
    "promotions",
    metadata,
    Column("seq", _counter, primary_key=True, autoincrement=True),
    Column("artefact", String(64), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)
