"""A folder that no source knows, read by its columns and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.errors import DataError

RATINGS = "userId,movieId,rating\n1,10,4\n2,10,3\n"
FILMS = "movieId,title,genres\n10,Alien (1979),Horror\n"


def read(folder: Path, **files: str) -> Dataset:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return load(str(folder), Cache(folder.parent / "home"), Cleaning())


def test_ratings_and_films_are_found_by_their_columns(tmp_path: Path) -> None:
    data = read(tmp_path, a_csv=FILMS, b_csv=RATINGS, tags_csv="a,b\n", README_txt="about\n")
    assert len(data.interactions) == 2
    assert list(data.catalog.titles) == ["Alien"]
    assert data.notes[0] == "ratings from b.csv, films from a.csv"
    assert data.notes[1] == "not read: tags.csv"


def test_files_without_headers_are_found_by_name(tmp_path: Path) -> None:
    data = read(
        tmp_path,
        ratings_dat="1::0114508::8::1381006850\n2::0114508::0::1381006850\n",
        movies_dat="0114508::Species (1995)::Action|Horror\n0499549::Avatar (2009)::Action\n",
        users_dat="1::139564917\n2::17528189\n",
    )
    assert [film.label for film in data.catalog.films()] == ["Species (1995)", "Avatar (2009)"]
    assert data.catalog.film(0).genres == ("Action", "Horror")
    assert data.interactions.scale == (0.0, 10.0)
    assert data.notes[1] == "not read: users.dat"


def test_two_tables_of_ratings_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"test\.csv, train\.csv could each hold the ratings; name"):
        read(tmp_path, train_csv=RATINGS, test_csv=RATINGS)
    data = read(tmp_path, ratings_csv=RATINGS)
    assert "not read: test.csv, train.csv" in data.notes


def test_folders_in_folders_and_what_macos_adds(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".git").mkdir()
    (inside / "._ratings.csv").write_bytes(b"\0\1")
    (inside / "ratings.csv").write_text(RATINGS)
    assert len(read(tmp_path).interactions) == 2
