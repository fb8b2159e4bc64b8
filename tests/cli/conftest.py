"""A command line in a home of its own, over planted data in MovieLens 100K's layout."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from matinee.cli import main
from matinee.data import Catalog, Interactions

_FLAGS = 19
_COMEDY, _HORROR = 5, 11
_RATED = "userId,movieId,rating,timestamp,title,genres\n" + "".join(
    f"{user},{item},{1 + (user + item) % 5},97{user:03}{item:04},{title},Drama\n"
    for user in range(1, 7)
    for item, title in ((1, "Toy Story (1995)"), (2, "Casino (1995)"), (3, "Nowhere Film (1995)"))
)


@dataclass(frozen=True)
class Outcome:
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def few_films(film_table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film table with every fiftieth film and the two of `_RATED`: read in no time."""
    folder = tmp_path_factory.mktemp("film-table")
    shutil.copytree(film_table, folder, dirs_exist_ok=True)
    with closing(sqlite3.connect(folder / "movies.db")) as database, database:
        database.execute(
            "DELETE FROM omdb WHERE rowid % 50 AND Title NOT IN ('Toy Story', 'Casino')"
        )
    return folder


@pytest.fixture
def home(tmp_path: Path, few_films: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a film table alone, no mirror and no configuration; also the working folder."""
    datasets = tmp_path / "home" / "datasets"
    datasets.mkdir(parents=True)
    (datasets / "film-table").symlink_to(few_films)
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("MATINEE_MIRROR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `matinee ARGUMENTS`, checks its exit status and returns its output."""

    def command(*arguments: str, status: int = 0) -> Outcome:
        capsys.readouterr()
        actual = 0
        try:
            main(arguments)
        except SystemExit as stop:
            actual = int(stop.code or 0)
        printed = capsys.readouterr()
        assert actual == status, printed.err
        return Outcome(printed.out, printed.err)

    return command


@pytest.fixture
def planted_folder(tmp_path: Path, planted: Interactions, planted_catalog: Catalog) -> Path:
    """The planted data as `u.data`, `u.item` and `u.user`."""
    folder = tmp_path / "planted"
    folder.mkdir()
    ratings = planted.to_frame().iter_rows()
    (folder / "u.data").write_text(
        "".join(f"{user}\t{item}\t{int(value)}\t{time}\n" for user, item, value, time in ratings)
    )
    (folder / "u.item").write_text(
        "".join(_item(catalog_film) for catalog_film in films(planted_catalog))
    )
    (folder / "u.user").write_text(
        "".join(f"{user}|30|F|writer|00000\n" for user in planted.user_ids.ids)
    )
    return folder


@pytest.fixture
def rated(tmp_path: Path) -> str:
    """The path of a table of ratings with titles."""
    file = tmp_path / "Rated.csv"
    file.write_text(_RATED)
    return str(file)


def films(catalog: Catalog) -> list[tuple[str, str, int]]:
    return [
        (film.id, film.label, _COMEDY if "Comedy" in film.genres else _HORROR)
        for film in catalog.films()
    ]


def _item(film: tuple[str, str, int]) -> str:
    item, label, genre = film
    flags = "|".join("1" if flag == genre else "0" for flag in range(_FLAGS))
    return f"{item}|{label}|01-Jan-1980|||{flags}\n"
