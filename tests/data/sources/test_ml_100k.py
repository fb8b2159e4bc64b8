from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile, Wheel
from matinee.data.sources import load
from matinee.data.sources.film_table import FilmTable
from matinee.data.sources.ml_100k import MovieLens100K
from matinee.errors import DataError, FetchError, UnreachableError

FIXTURES = Path(__file__).parent / "fixtures"
RECBOLE = {
    "ml-100k.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n",
    "ml-100k.item": "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
    "1\tClockwork Orchard, The\t1995\tAnimation Children's\n"
    "2\tCafé of Echoes (Café des échos, Le)\t1994\tDrama Romance\n"
    "3\tunkonwn\tunkonwn\tunknown\n"
    "4\tPaper Lanterns: A Second Night\t1996\tComedy\n"
    "5\tSeventh Tide, The (1997)\tV\tFilm-Noir Sci-Fi\n",
    "ml-100k.user": "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n",
}
"""The small files of `fixtures/ml-100k`, as RecBole would write them."""


@pytest.fixture
def recbole(tmp_path: Path) -> Path:
    made = tmp_path / "recbole"
    made.mkdir()
    original = FIXTURES / "ml-100k"
    for name, text in RECBOLE.items():
        (made / name).write_text(text, encoding="utf-8")
    append(made / "ml-100k.inter", (original / "u.data").read_text())
    append(made / "ml-100k.user", (original / "u.user").read_text().replace("|", "\t"))
    return made


@pytest.fixture
def mirror_of_films(tmp_path: Path) -> Path:
    """A mirror with the film table alone."""
    table = tmp_path / "mirror" / "film-table"
    table.mkdir(parents=True)
    with closing(sqlite3.connect(table / "movies.db")) as database:
        database.executescript((FIXTURES / "film-table" / "movies.sql").read_text(encoding="utf-8"))
    return table.parent


def append(file: Path, text: str) -> None:
    with file.open("a") as handle:
        handle.write(text)


def test_the_original_layout_is_read(folder: Path) -> None:
    data = MovieLens100K().read(folder, Cleaning())
    assert data.catalog.films() == [
        Film("1", "The Clockwork Orchard", 1995, genres=("Animation", "Children's")),
        Film("2", "Café of Echoes (Le Café des échos)", 1994, genres=("Drama", "Romance")),
        Film("3", "unknown"),
        Film("4", "Paper Lanterns: A Second Night", 1996, genres=("Comedy",)),
        Film("5", "The Seventh Tide", 1997, genres=("Film-Noir", "Sci-Fi")),
    ]
    ratings = data.interactions
    assert ratings.user_ids.ids.tolist() == ["1", "2", "3", "10"]
    assert ratings.users.tolist() == [3, 1, 0, 3, 1, 0]
    assert ratings.items.tolist() == [0, 2, 1, 4, 0, 3]
    assert ratings.values.tolist() == [5, 3, 4, 1, 2, 4]
    assert ratings.times[0] == 881250949
    assert ratings.scale == (1.0, 5.0)
    assert data.folds is None
    assert data.notes == ()
    assert data.demographics is not None
    assert data.demographics.row(3) == ("10", 33, "F", "student", "T8H1N")


def test_both_layouts_give_the_same(folder: Path, recbole: Path) -> None:
    original, atomic = (MovieLens100K().read(each, Cleaning()) for each in (folder, recbole))
    assert atomic.interactions.content_hash == original.interactions.content_hash
    assert atomic.catalog.films() == original.catalog.films()
    assert original.demographics is not None
    assert atomic.demographics is not None
    assert atomic.demographics.equals(original.demographics)


def test_ratings_of_a_viewer_0_are_left_out_and_noted(folder: Path) -> None:
    clean = MovieLens100K().read(folder, Cleaning())
    data = folder / "u.data"
    data.write_text("0\t1\t5\t881250949\n" + data.read_text() + "0\t2\t3\t881250949\n")
    dirty = MovieLens100K().read(folder, Cleaning())
    assert dirty.interactions.content_hash == clean.interactions.content_hash
    assert dirty.notes == ("2 ratings of a viewer 0 left out: the data set has no such viewer",)


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("u.data", "1\t1\t5", "u.data, line 7: 3 fields instead of 4"),
        ("u.data", "1\t1\tgood\t1", "u.data, line 7: rating is 'good', not a number"),
        ("u.data", "1\t1\t6\t1", "u.data, line 7: a rating outside 1 to 5"),
        ("u.data", "1\t9\t5\t1", "u.data, line 7: a film that the file of films lacks"),
        ("u.data", "9\t1\t5\t1", "u.data, line 7: a viewer that the file of viewers lacks"),
        ("u.user", "11|old|M|other|1", "u.user, line 5: age is 'old', not a whole number"),
        ("u.user", "10|30|M|other|1", "viewer id '10' "),
        ("u.item", "6|Alien (1979)||||0", "u.item, line 6: 6 fields instead of 24"),
        ("u.item", "6|Alien (1979)|||" + "|7" * 19, "u.item, line 6: a genre is not 0 or 1"),
        ("u.item", "5|Alien (1979)|||" + "|0" * 19, "film id '5' "),
    ],
)
def test_a_malformed_line_is_named(file: str, line: str, message: str, folder: Path) -> None:
    append(folder / file, line + "\n")
    with pytest.raises(DataError) as raised:
        MovieLens100K().read(folder, Cleaning())
    assert message in str(raised.value)


def test_a_malformed_line_of_the_other_layout_is_named(recbole: Path) -> None:
    append(recbole / "ml-100k.inter", "1\t9\t5\t1\n")
    with pytest.raises(DataError, match=r"ml-100k\.inter, line 8: a film that"):
        MovieLens100K().read(recbole, Cleaning())
    (recbole / "ml-100k.item").write_text("item_id:token\tname:token\n1\tAlien\n")
    with pytest.raises(DataError, match=r"ml-100k\.item, line 1: columns \['item_id', 'name'\]"):
        MovieLens100K().read(recbole, Cleaning())


@pytest.fixture
def full_size(folder: Path) -> Path:
    """100,000 made-up ratings of 500 viewers and 200 films, with the five test files."""
    flags = "|0" * 19
    (folder / "u.item").write_text(
        "".join(f"{item}|Film {item} (1990)|||{flags}\n" for item in range(1, 201))
    )
    (folder / "u.user").write_text("".join(f"{user}|30|F|other|1\n" for user in range(1, 501)))
    pairs = np.random.default_rng(3).permutation(100_000)
    rows = [f"{pair // 200 + 1}\t{pair % 200 + 1}\t{pair % 5 + 1}\t880000000\n" for pair in pairs]
    (folder / "u.data").write_text("".join(rows))
    for fold in range(5):
        test = sorted(rows[fold * 20_000 : (fold + 1) * 20_000])
        (folder / f"u{fold + 1}.test").write_text("".join(test))
    return folder


def test_folds_are_the_blocks_of_the_test_files(full_size: Path) -> None:
    folds = MovieLens100K().read(full_size, Cleaning()).folds
    assert folds is not None
    assert folds.dtype == np.int8
    assert np.bincount(folds).tolist() == [20_000] * 5
    assert (np.diff(folds) >= 0).all()


def test_test_files_that_differ_from_the_folds_are_an_error(full_size: Path) -> None:
    shutil.copy(full_size / "u3.test", full_size / "u2.test")
    with pytest.raises(DataError, match=r"u2\.test is not rows 20,001 to 40,000 of u\.data"):
        MovieLens100K().read(full_size, Cleaning())


def test_films_are_joined_with_the_film_table(folder: Path, mirror_of_films: Path) -> None:
    data = load(str(folder), Cache(folder.parent / "home", mirror_of_films))
    orchard = data.catalog.film(0)
    assert (orchard.id, orchard.title, orchard.year) == ("1", "The Clockwork Orchard", 1995)
    assert orchard.genres == ("Animation", "Children's")
    assert (orchard.runtime, orchard.certificate, orchard.imdb_id) == (81, "G", "tt0000011")
    assert (orchard.languages, orchard.countries) == (("English",), ("United States",))
    assert (orchard.directors, orchard.cast) == (("Ada Birch",), ("Basil Fern", "Cleo Moss"))
    assert data.catalog.film(1).imdb_id == "tt0000012"  # in 1993, not 1994
    assert data.catalog.film(3).imdb_id == "tt0000013"  # by a part of the title
    assert len(data.notes) == 2
    assert data.notes[1].startswith("3 of 5 films matched to the film table by title and year")


# --- how it gets here ---------------------------------------------------------------------------


@pytest.fixture
def zip_at(serve: Callable[[bytes], ThreadingHTTPServer]) -> Callable[[str], RemoteFile]:
    """GroupLens's zip of the small files at a server of some way, "refused" without a server."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (FIXTURES / "ml-100k").iterdir():
            archive.write(file, f"ml-100k/{file.name}")
        for name in ("README", *(f"u{fold}.test" for fold in range(1, 6))):
            archive.writestr(f"ml-100k/{name}", "1\t1\t5\t1\n" * 200)
        archive.writestr("ml-100k/mku.sh", "exit 1")
    content = packed.getvalue()

    def at(way: str) -> RemoteFile:
        if way == "refused":
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
        else:
            port = serve(content).server_port
        url = f"http://127.0.0.1:{port}/{way}/ml-100k.zip"
        return RemoteFile(url, len(content), hashlib.sha256(content).hexdigest())

    return at


@pytest.fixture
def wheel(recbole: Path, wheelhouse: Callable[[str, str, Mapping[str, bytes]], Wheel]) -> Wheel:
    inside = "recbole/dataset_example/ml-100k"
    files = {f"{inside}/{file.name}": file.read_bytes() for file in recbole.iterdir()}
    return wheelhouse("recbole", "1.2.1", {"recbole/__init__.py": b"raise SystemExit", **files})


def test_the_zip_comes_first(
    zip_at: Callable[[str], RemoteFile], wheel: Wheel, mirror_of_films: Path, tmp_path: Path
) -> None:
    lines: list[str] = []
    cache = Cache(tmp_path / "home", mirror_of_films, say=lines.append)
    source = MovieLens100K(zip_at("drop"), wheel)
    folder = source.fetch(cache)
    assert folder == cache.folder("ml-100k")
    assert {"README", "u.data", "u.item", "u.user", "u1.test"} <= {f.name for f in folder.iterdir()}
    assert not (folder / "mku.sh").exists()
    assert not (folder / "ml-100k.zip").exists()
    assert lines == [f"ml-100k: {source.licence}"]
    assert len(source.load(cache).interactions) == 6
    assert len(lines) == 1


@pytest.mark.parametrize("way", ["status/503", "dropalways", "refused"])
def test_the_wheel_has_the_same_ratings_where_the_zip_is_out_of_reach(
    way: str,
    zip_at: Callable[[str], RemoteFile],
    wheel: Wheel,
    mirror_of_films: Path,
    tmp_path: Path,
) -> None:
    lines: list[str] = []
    cache = Cache(tmp_path / "home", mirror_of_films, say=lines.append)
    source = MovieLens100K(zip_at(way), wheel)
    data = source.load(cache)
    original = source.read(FIXTURES / "ml-100k", Cleaning())
    assert data.interactions.content_hash == original.interactions.content_hash
    names = sorted(each.name for each in cache.folder("ml-100k").iterdir())
    assert names == ["ml-100k.inter", "ml-100k.item", "ml-100k.user"]
    licence, fallback = lines
    assert licence == f"ml-100k: {source.licence}"
    assert source.archive.url in fallback
    assert fallback.endswith("taking the same ratings from the Python package recbole 1.2.1")


def test_a_wrong_checksum_never_falls_back(
    zip_at: Callable[[str], RemoteFile], wheel: Wheel, tmp_path: Path
) -> None:
    cache = Cache(tmp_path / "home")
    wrong = replace(zip_at("whole"), sha256="0" * 64)
    with pytest.raises(FetchError, match=r"ml-100k\.zip has the wrong checksum"):
        MovieLens100K(wrong, wheel).fetch(cache)
    assert not cache.folder("ml-100k").exists()
    left = {each.relative_to(cache.home).as_posix() for each in cache.home.rglob("*")}
    assert left == {"datasets", "downloads"}


def test_one_line_names_all_failed_ways_and_the_way_out(
    zip_at: Callable[[str], RemoteFile], wheel: Wheel, tmp_path: Path
) -> None:
    refused, missing = zip_at("refused"), Wheel("recbole", "9.9.9", "0" * 64, 1)
    with pytest.raises(UnreachableError) as raised:
        MovieLens100K(refused, missing).fetch(Cache(tmp_path / "home"))
    message = str(raised.value)
    assert "\n" not in message
    assert f"{refused.url} cannot be fetched: the connection was refused" in message
    assert "pip download recbole==9.9.9 failed: No matching distribution" in message
    assert "by its path, or set MATINEE_MIRROR to a folder that holds ml-100k/" in message


def test_a_film_table_out_of_reach_is_reported_and_noted(
    zip_at: Callable[[str], RemoteFile], wheel: Wheel, tmp_path: Path
) -> None:
    lines: list[str] = []
    cache = Cache(tmp_path / "home", say=lines.append)
    source = MovieLens100K(zip_at("whole"), wheel)
    folder = source.fetch(cache)
    assert lines[-1].startswith("without the film table: film-table could not be fetched")
    data = load(str(folder), cache)
    assert len(data.interactions) == 6
    assert len(data.notes) == 2
    assert data.notes[1].startswith(
        "runtime, certificate, languages, countries, directors and cast are unknown: "
        "film-table could not be fetched: pip download bokeh-sampledata==2026.1 failed"
    )


# --- the real thing -----------------------------------------------------------------------------


def test_the_real_data_has_the_published_counts(mirror: Path) -> None:
    data = MovieLens100K().read(mirror / "ml-100k", Cleaning())
    ratings = data.interactions
    assert (ratings.n_users, ratings.n_items, len(ratings)) == (943, 1682, 100_000)
    assert np.bincount(ratings.values.astype(int)).tolist() == [0, 6110, 11370, 27145, 34174, 21201]
    assert (ratings.times.min(), ratings.times.max()) == (874724710, 893286638)
    assert ratings.matrix.nnz == 100_000
    assert ratings.item_ids.ids.tolist() == [str(item) for item in range(1, 1683)]
    assert ratings.user_ids.ids.tolist() == [str(user) for user in range(1, 944)]
    assert data.folds is not None  # compared with u1..u5.test, which lie in the folder
    assert data.notes == ()
    assert data.catalog.film(266) == Film("267", "unknown")
    assert data.catalog.film(11).label == "The Usual Suspects (1995)"
    assert "unknown" not in {genre for film in data.catalog.genres for genre in film}
    assert data.demographics is not None
    assert data.demographics.height == 943
    assert data.demographics.schema["age"] == pl.Int64


def test_the_package_index_has_the_same_ratings_and_the_film_table(
    mirror: Path, tmp_path: Path, zip_at: Callable[[str], RemoteFile]
) -> None:
    cache = Cache(tmp_path)
    try:
        packaged = MovieLens100K(zip_at("refused")).load(cache)
        FilmTable().fetch(cache)
    except UnreachableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    original = MovieLens100K().read(mirror / "ml-100k", Cleaning())
    assert packaged.interactions.content_hash == original.interactions.content_hash
    titles = zip(packaged.catalog.films(), original.catalog.films(), strict=True)
    assert all((p.title, p.year, p.genres) == (o.title, o.year, o.genres) for p, o in titles)
    assert packaged.folds is not None
    assert packaged.notes[0].startswith("1,413 of 1,682 films matched")
    star_wars = packaged.catalog.film(49)
    assert (star_wars.label, star_wars.imdb_id) == ("Star Wars (1977)", "tt0076759")
