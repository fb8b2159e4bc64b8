"""A data set by name or by path, and errors without one."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from matinee import plugins
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.errors import DataError, FailureError, FetchError, UnknownNameError, UnreachableError

TMDB = Path(__file__).parent / "fixtures" / "tmdb-5000"


def zipped(tmp_path: Path, prefix: str = "") -> Path:
    path = tmp_path / "films.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in TMDB.iterdir():
            archive.write(file, f"{prefix}{file.name}")
    return path


@pytest.mark.parametrize("prefix", ["", "tmdb/"])
def test_a_zip_reads_like_its_folder(prefix: str, tmp_path: Path) -> None:
    path = zipped(tmp_path, prefix)
    from_zip, from_folder = load(str(path), Cache(tmp_path)), load(str(TMDB), Cache(tmp_path))
    assert from_zip.name == str(path)
    assert from_zip.catalog.films() == from_folder.catalog.films()


def test_the_only_subfolder_is_read(tmp_path: Path) -> None:
    shutil.copytree(TMDB, tmp_path / "films" / "inside")
    assert len(load(str(tmp_path / "films"), Cache(tmp_path)).catalog) == 3


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as raised:
        load("ml-100", Cache(tmp_path))
    assert "unknown data set 'ml-100'; did you mean 'ml-100k'" in str(raised.value)
    assert f"known: {', '.join(plugins.names('sources'))}" in str(raised.value)


def test_defects_in_a_zip_are_named_by_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "films.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("movies.csv", "movieId,title,genres\n10,Alien (1979),\n")
        archive.writestr("ratings.csv", "userId,movieId,rating,timestamp\n1,10,4,1\n1,x,4,1\n")
    (finding,) = load(str(path), Cache(tmp_path)).findings
    (example,) = finding.examples
    assert example.startswith(f"{path}/ratings.csv, line 3: movieId is 'x'")
    with pytest.raises(DataError) as raised:
        load(str(path), Cache(tmp_path), Cleaning(limit=0))
    assert str(raised.value).startswith(f"{path}/ratings.csv, line 3: ")


@pytest.mark.parametrize("name", ["no/such/folder", "films.zip", "./ml-100k"])
def test_a_missing_path_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file or folder"):
        load(name, Cache(tmp_path))


def test_a_folder_or_file_that_holds_no_ratings_has_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "films.pdf").write_text("Alien")
    with pytest.raises(DataError, match=r"no data set of a known layout .*; name the file of rat"):
        load(str(tmp_path), Cache(tmp_path))
    with pytest.raises(DataError, match=r"films\.pdf, line 1: one column only"):
        load(str(tmp_path / "films.pdf"), Cache(tmp_path))


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=r"films\.zip is not a whole zip file"):
        load(str(path), Cache(tmp_path))


def test_a_zip_whose_names_clash_is_a_failure_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "films.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "a file")
        archive.writestr("a/b", "in a folder of that name")
    with pytest.raises(FailureError, match=r"films\.zip cannot be unpacked"):
        load(str(path), Cache(tmp_path))


def test_an_incomplete_folder_in_the_cache_is_refused(tmp_path: Path) -> None:
    (tmp_path / "datasets" / "tmdb-5000").mkdir(parents=True)
    with pytest.raises(FetchError, match=r"lacks files of tmdb-5000; remove it"):
        load("tmdb-5000", Cache(tmp_path))


def test_the_mirror_comes_before_a_download(tmp_path: Path) -> None:
    data = load("tmdb-5000", Cache(tmp_path / "home", TMDB.parent))
    assert len(data.catalog) == 3
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tmdb-5000", "Kaggle (tmdb/tmdb-movie-metadata"),
        ("netflix-prize", "Kaggle (netflix-inc/netflix-prize-data"),
        ("imdb", "https://datasets.imdbws.com"),
        ("recbole", "a layout that many data sets come in"),
    ],
)
def test_an_unreachable_data_set_names_where_to_get_it(
    name: str, place: str, tmp_path: Path
) -> None:
    lines: list[str] = []
    with pytest.raises(UnreachableError) as raised:
        load(name, Cache(tmp_path, say=lines.append))
    message = str(raised.value)
    assert place in message
    assert "give the folder or zip of a copy by its path" in message
    assert f"set MATINEE_MIRROR to a folder that holds {name}/" in message
    assert lines == [f"{name}: {plugins.get('sources', name).licence}"]
