from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from matinee.data import Vocabulary
from matinee.errors import InputError, StoreError
from matinee.store import FilmIds, HistoryRows, Store
from matinee.store.database import engine_for, reading, writing
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


_FIRST_ROWS = """
INSERT INTO events (id, viewer, type, item, value, time, data) VALUES
    ('i1', 'ml-1m/1', 'import', '50', 3, 5, ''), ('i2', 'ours/1', 'import', '50', 4, 5, ''),
    ('e1', 'ann', 'rating', '50', 5, 7, ''), ('e2', 'ann', 'rating', '51', 1, 8, ''),
    ('e3', 'ann', 'removal', '51', NULL, 9, ''), ('e4', 'ann', 'dismissal', '52', NULL, 9, '');
INSERT INTO histories VALUES ('ml-1m/1', '50', 3, 5, 1), ('ours/1', '50', 4, 5, 2),
    ('ann', '50', 5, 7, 3), ('ann', '51', NULL, 9, 5);
INSERT INTO viewers VALUES ('ml-1m/1', 5, 1), ('ours/1', 5, 1), ('ann', 7, 0);
INSERT INTO imports VALUES ('ml-1m', 'aa', 5), ('ours', 'bb', 6);
INSERT INTO promotions (artefact, time, note) VALUES ('older', 1, ''), ('live', 2, '');
"""


@pytest.fixture
def first_version(tmp_path: Path) -> str:
    """A database of version 0001; ml-1m is live."""
    path = tmp_path / "a.db"
    engine = engine_for(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", "matinee.store:migrations")
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_FIRST_ROWS)
    folder = tmp_path / "artefacts" / "live"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"data": "ml-1m"}))
    return f"sqlite:///{path}"


def test_rows_from_before_numberings_get_that_of_their_data_set(
    first_version: str, tmp_path: Path
) -> None:
    with Store.open(first_version, tmp_path / "artefacts") as store:
        numberings = {event.id: event.numbering for _, event in store.events(0, 99)}
        assert numberings["i1"] == numberings["e1"] == numberings["e4"] == "MovieLens"
        assert numberings["i2"] == "ours"
        ids = FilmIds("MovieLens", Vocabulary.of("film", ["50", "51", "52"]))
        assert store.history("ann", ids) == HistoryRows(("50",), (5.0,), (7,))
        assert store.marks("ann", ids).dismissed == ("52",)
        assert len(store.history("ml-1m/1", ids)) == 1
        assert store.history("ours/1", ids).unmapped == (("ours", "50", 4.0, 5),)
        assert [store.viewers(9, each) for each in ("ml-1m", "ours", "")] == [
            ("ml-1m/1",),
            ("ours/1",),
            ("ann",),
        ]
        live = store.live()
        assert live is not None
        assert live.artefact == "live"


def test_a_dismissal_of_an_older_version_takes_back_the_rating_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store.open(f"sqlite:///{path}"):
        pass
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(
            "INSERT INTO events (id, viewer, type, numbering, item, value, time, data) VALUES "
            "('r', 'ann', 'rating', 'ours', '99', 5, 8, ''), "
            "('e5', 'ann', 'dismissal', 'ours', '53', NULL, 9, ''), "
            "('e6', 'ann', 'dismissal', 'ours', '54', NULL, 9, ''), "
            "('e7', 'ann', 'dismissal', 'ours', '55', NULL, 7, '');"
            "INSERT INTO histories VALUES ('ann', 'ours', '53', 5, 8, 1), "
            "('ann', 'ours', '54', 4, 9, 1), ('ann', 'ours', '55', 3, 8, 1);"
            "UPDATE alembic_version SET version_num = '0002';"
        )
    with Store.open(f"sqlite:///{path}") as store:
        assert store.history("ann") == HistoryRows(("55",), (3.0,), (8,))
        assert store.marks("ann").dismissed == ("55", "53", "54")


def test_rows_of_an_unknown_data_set_are_kept_and_it_is_said(
    first_version: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(first_version, tmp_path / "elsewhere") as store:
        assert "nothing tells the data set of the films" in caplog.text
        ids = FilmIds("MovieLens", Vocabulary.of("film", ["50"]))
        assert store.history("ann", ids).unmapped == (("", "50", 5.0, 7),)


def test_a_migrated_database_has_the_tables_of_a_new_one(
    first_version: str, tmp_path: Path
) -> None:
    Store.open(first_version, tmp_path / "artefacts").close()
    engine = engine_for(first_version)
    with reading(engine) as connection:
        migrated = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migrated, metadata) == []
    engine.dispose()


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
