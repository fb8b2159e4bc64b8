from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from matinee.errors import InputError, StoreError
from matinee.store import Store
from matinee.store.database import engine_for, reading
from matinee.store.schema import VERSION, metadata


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """To a migrated SQLite database."""
    url = f"sqlite:///{tmp_path}/a.db"
    Store.open(url).close()
    engine = engine_for(url)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


def test_migrations_and_schema_agree(connection: Connection) -> None:
    migrated = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(migrated, metadata) == []


def test_version_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "matinee.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == VERSION


def test_sqlite_is_opened_with_a_write_ahead_log_and_waits_for_others(
    connection: Connection,
) -> None:
    expected = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}
    for name, value in expected.items():
        assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == value


def test_a_newer_database_is_refused_with_the_way_out_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"9999.*install the newer matinee"):
        Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_file_that_is_no_database_is_refused_in_one_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 1000)
    with pytest.raises(StoreError, match=r"letter\.txt.*not a database") as refused:
        Store.open(f"sqlite:///{path}")
    assert "\n" not in str(refused.value)
    assert path.read_text() == "Dear reader, " * 1000


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE promotions (what TEXT)")
    with pytest.raises(StoreError, match="promotions already exists"):
        Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("promotions",)]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://localhost/films", "mysql"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
    ],
)
def test_a_url_that_cannot_work_is_an_input_error(url: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Store.open(url)


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path}/data/deep/a.db").close()
    assert (tmp_path / "data" / "deep" / "a.db").is_file()


_APPENDING = """
import sys
from matinee.store import Event, Store
url, name, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
with Store.open(url) as store:
    for i in range(n):
        store.append([
            Event(f"{name}-{i}", "ann", "rating", f"{name}{i}", 4.0, i),
            Event(f"shared-{i}", "ann", "rating", f"shared{i}", 3.0, i),
        ])
"""


def test_processes_that_open_a_new_database_and_append_at_once_lose_nothing(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    n = 60
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _APPENDING, url, name, str(n)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two", "three")
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, complaints = process.communicate(timeout=60)
        assert process.returncode == 0, complaints
    with Store.open(url) as store:
        assert store.counts().events == 4 * n
        assert len(store.history("ann")) == 4 * n
