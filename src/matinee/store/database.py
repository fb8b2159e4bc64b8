"""Connections and transactions of a database URL, and differences between dialects."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from matinee.errors import InputError, StoreError

__all__ = ["engine_for", "insert_into", "reading", "writing"]

_DIALECTS = ("sqlite", "postgresql")
_BUSY_MS = 10_000
"""How long a writer waits for another one."""
_LOCK = 7_041_955
"""Arbitrary id of the lock by which PostgreSQL writers take turns."""


def engine_for(url: str) -> Engine:
    """Connections to a database, opened on demand; the folder of a SQLite file is created.

    Raises:
        InputError: the URL is malformed or of an unsupported kind.
        StoreError: the driver is not installed, or the folder cannot be created.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    try:
        return create_engine(parsed, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"the driver for {_printable(parsed)} is missing; install the package {error.name!r}"
        ) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees one state of the database."""
    with _translated_errors(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes. Writers take turns, across processes.

    Because they do, `seq` grows in the order of commits, and a reader with a cursor never skips an
    event that becomes visible later.
    """
    with _translated_errors(engine), engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {_BUSY_MS}"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """A dialect's INSERT with ON CONFLICT."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        parsed.get_dialect()
    except ArgumentError:
        raise InputError(
            f"{url!r} is not a database URL; write for instance sqlite:////data/matinee.db"
        ) from None
    except NoSuchModuleError:
        backend = parsed.drivername
    if backend not in _DIALECTS:
        raise InputError(
            f"unknown kind of database {backend!r}; known: {', '.join(_DIALECTS)}"
        ) from None
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise InputError(
            "a SQLite database in memory is a separate one for every thread; "
            "name a file, for instance sqlite:///matinee.db"
        )
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of {path} cannot be created: {error.strerror}") from None
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver begins transactions late and commits before DDL; `begin` below takes over.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        _write_ahead(connection)
        # A commit waits for the disk: what a visitor was told is kept survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection) -> None:
    """Waits for a turn to write, in short steps of random length.

    SQLite's own steps grow to 100 ms, and whoever waits longest tries least often.
    """
    driver: Any = connection.connection.dbapi_connection
    deadline = time.monotonic() + _BUSY_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_locked(error) or time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(0.0005, 0.003))  # noqa: S311 - nothing secret
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switches to a write-ahead log, retrying: SQLite does not wait for locks here."""
    deadline = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _is_locked(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error)


@contextmanager
def _translated_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause: Any = getattr(error, "orig", None) or error
        text = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
        raise StoreError(f"the database {_printable(engine.url)} cannot be used: {text}") from error


def _printable(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)
