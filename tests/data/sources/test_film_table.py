from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import Wheel
from matinee.data.sources.film_table import FilmTable
from matinee.errors import DataError, FetchError

SCRIPT = Path(__file__).parent / "fixtures" / "film-table" / "movies.sql"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "movies.db")) as database:
        database.executescript(SCRIPT.read_text(encoding="utf-8"))
    return tmp_path


def test_films_have_all_their_facts(folder: Path) -> None:
    data = FilmTable().read(folder, Cleaning())
    catalog = data.catalog
    assert catalog.film(0) == Film(
        id="tt0000011",
        title="The Clockwork Orchard",
        year=1995,
        runtime=81,
        genres=("Animation", "Family"),
        certificate="G",
        languages=("English",),
        countries=("United States",),
        directors=("Ada Birch",),
        cast=("Basil Fern", "Cleo Moss"),
        imdb_id="tt0000011",
    )
    assert len(data.interactions) == 0
    # A name keeps the suffix behind its comma.
    assert catalog.directors[1] == ("Émile Roche, Jr.", "Noor Vale")
    assert catalog.film(1).runtime is None
    assert catalog.film(2).label == "Paper Lanterns (1996)"  # without Wikidata's mark
    # The first row of an IMDb id counts.
    assert catalog.item_ids.ids.tolist() == ["tt0000011", "tt0000012", "tt0000013"]
    assert data.notes == ("1 rows that repeat an IMDb id left out",)


def test_films_of_a_range_of_years(folder: Path) -> None:
    assert [film.year for film in FilmTable().films(folder, (1993, 1995))] == [1995, 1993]


def test_the_file_is_opened_for_reading_only(folder: Path) -> None:
    file = folder / "movies.db"
    before = file.stat().st_mtime_ns, file.read_bytes()
    FilmTable().read(folder, Cleaning())
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
    assert [each.name for each in folder.iterdir()] == ["movies.db"]


def test_another_file_is_refused(folder: Path) -> None:
    (folder / "movies.db").write_bytes(b"no database, but long enough to look at" * 100)
    with pytest.raises(DataError, match=r"movies\.db is not the film table \(file is not a"):
        FilmTable().read(folder, Cleaning())
    (folder / "movies.db").write_bytes(b"")
    with pytest.raises(DataError, match=r"not the film table \(no such table: omdb\)"):
        FilmTable().read(folder, Cleaning())
    (folder / "movies.db").unlink()
    with pytest.raises(DataError, match=r"there is no file .*movies\.db"):
        FilmTable().read(folder, Cleaning())


def test_a_film_without_an_id_is_refused(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "movies.db")) as database, database:
        database.execute("UPDATE omdb SET imdbID = NULL WHERE ID = 12")
    with pytest.raises(DataError, match=r"needs an IMDb id, a title and a year, not \(None, 'Le"):
        FilmTable().read(folder, Cleaning())


def test_only_the_database_is_unpacked_from_the_wheel(
    folder: Path, wheelhouse: Callable[[str, str, Mapping[str, bytes]], Wheel]
) -> None:
    files = {
        "bokeh_sampledata/__init__.py": b"raise SystemExit('imported')",
        "bokeh_sampledata/_data/movies.db": (folder / "movies.db").read_bytes(),
    }
    wheel = wheelhouse("bokeh-sampledata", "2026.1", files)
    lines: list[str] = []
    cache = Cache(folder / "home", say=lines.append)
    fetched = FilmTable(wheel).fetch(cache)
    assert [each.name for each in fetched.iterdir()] == ["movies.db"]
    assert lines == [f"film-table: {FilmTable.licence}"]
    assert FilmTable(wheel).read(fetched, Cleaning()).catalog.film(0).certificate == "G"


def test_another_wheel_of_that_name_is_refused(
    tmp_path: Path, wheelhouse: Callable[[str, str, Mapping[str, bytes]], Wheel]
) -> None:
    wheelhouse("bokeh-sampledata", "2026.1", {"bokeh_sampledata/_data/movies.db": b"?"})
    with pytest.raises(FetchError, match="wrong checksum"):
        FilmTable().fetch(Cache(tmp_path))
    assert list((tmp_path / "datasets").iterdir()) == []
