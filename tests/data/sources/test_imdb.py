from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.sources.imdb import Imdb
from matinee.errors import DataError

BASICS = "title.basics.tsv"
AMBER_FERRY = Film(
    id="tt9100001",
    title='The "Amber" Ferry',
    year=1994,
    runtime=112,
    genres=("Drama", "Mystery"),
    directors=("Paul Underhill", "Iris Calloway"),
    cast=("Jonas Veldt", "Ruth Amado"),
    imdb_id="tt9100001",
    votes=1_200,
    mean=7.1,
)


def add(file: Path, *lines: str) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n" + "\n".join(lines))


def test_only_films_are_read_with_their_people(folder: Path) -> None:
    data = Imdb().read(folder, Cleaning(strict=True))
    assert data.catalog.films() == [
        AMBER_FERRY,
        Film(id="tt9100003", title="Harbour Lights", imdb_id="tt9100003"),
        Film(
            id="tt9100006",
            title="Snow over Tallow Street",
            year=2019,
            runtime=95,
            genres=("Comedy",),
            directors=("Iris Calloway",),
            cast=("Ruth Amado",),
            imdb_id="tt9100006",
        ),
    ]
    assert len(data.interactions) == 0
    assert data.notes == ()


def test_packed_files_read_as_plain_ones(folder: Path) -> None:
    plain = Imdb().read(folder, Cleaning()).catalog.films()
    for file in folder.glob("*.tsv"):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    assert Imdb().recognises(folder)
    assert Imdb().read(folder, Cleaning()).catalog.films() == plain


def test_missing_files_of_people_are_noted(folder: Path) -> None:
    (folder / "title.principals.tsv.gz").unlink()
    data = Imdb().read(folder, Cleaning())
    assert data.notes == ("cast is unknown: there is no title.principals.tsv",)
    assert data.catalog.film(0).directors == AMBER_FERRY.directors
    (folder / "name.basics.tsv").unlink()
    data = Imdb().read(folder, Cleaning())
    assert data.notes == (
        "directors are unknown: there is no name.basics.tsv",
        "cast is unknown: there is no title.principals.tsv",
    )
    assert data.catalog.film(0).directors == ()


def test_defects_are_left_out_and_counted(folder: Path) -> None:
    add(
        folder / BASICS,
        "tt9100001\tmovie\tAgain\tAgain\t0\t1999\t\\N\t90\tDrama",
        "9100007\tmovie\tNo Id\tNo Id\t0\t1999\t\\N\t90\tDrama",
        "tt9100008\tmovie\t\\N\t\\N\t0\t1999\t\\N\t90\tDrama",
        "tt9100009\tmovie\tSome Year\tSome Year\t0\tMMXX\t\\N\t90\tDrama",
        "tt9100010\tmovie\tEarly\tEarly\t0\t1492\t\\N\t90\tDrama",
        "tt9100011\tmovie\tLong\tLong\t0\t1999\t\\N\tlong\tDrama",
        "tt9100012\tmovie\tShifted\tShifted\t0\t1999\t\\N\t90",
        "tt9100013\tmovie\tWeeks\tWeeks\t0\t2012\t\\N\t51420\tDrama",
    )
    cleaning = Cleaning()
    data = Imdb().read(folder, cleaning)
    assert {finding.kind: finding.count for finding in cleaning.findings} == {
        "malformed lines left out": 6,
        "repeated films, the first kept": 1,
        "runtimes too long, left unknown": 1,
    }
    assert data.catalog.film(0) == AMBER_FERRY
    assert data.catalog.film(3) == Film(
        id="tt9100013", title="Weeks", year=2012, genres=("Drama",), imdb_id="tt9100013"
    )
    with pytest.raises(DataError, match=r"title\.basics\.tsv, line 14: 8 fields instead of 9"):
        Imdb().read(folder, Cleaning(strict=True))
    with pytest.raises(DataError, match="more than 3 malformed lines"):
        Imdb().read(folder, Cleaning(limit=3))


def test_votes_that_make_no_sense_are_left_out_and_without_the_file_unknown(folder: Path) -> None:
    add(
        folder / "title.ratings.tsv",
        "tt9100003\t11.0\t1200",
        "tt9100006\t6.4\tmany",
        "tt9100001\t2.0\t9",
        "tt0000001\t?\t?",  # of no film that is read
    )
    cleaning = Cleaning()
    films = Imdb().read(folder, cleaning).catalog.films()
    assert [(film.votes, film.mean) for film in films] == [(1_200, 7.1), (None, None), (None, None)]
    (finding,) = cleaning.findings
    assert (finding.kind, finding.count) == ("malformed lines left out", 2)
    assert "title.ratings.tsv, line 3: averageRating is not from 1 to 10" in finding.examples[0]
    (folder / "title.ratings.tsv").unlink()
    data = Imdb().read(folder, Cleaning())
    assert data.notes == ("votes are unknown: there is no title.ratings.tsv",)
    assert data.catalog.film(0) == replace(AMBER_FERRY, votes=None, mean=None)


def test_a_missing_column_and_a_file_without_films_are_errors(folder: Path) -> None:
    basics = (folder / BASICS).read_text(encoding="utf-8")
    for text, message in (
        (
            basics.replace("startYear", "began"),
            r"title\.basics\.tsv, line 1: there is no column st",
        ),
        (basics.partition("\n")[0], "has no films: none of its titles is of type movie or tvMovie"),
    ):
        (folder / BASICS).write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=message):
            Imdb().read(folder, Cleaning())
    (folder / BASICS).unlink()
    with pytest.raises(DataError, match=r"neither title\.basics\.tsv nor title\.basics\.tsv\.gz"):
        Imdb().read(folder, Cleaning())


def test_the_real_samples_read(mirror: Path) -> None:
    if not (mirror / "imdb-tsv").is_dir():
        pytest.skip("the folder of real data sets has no imdb-tsv")
    sample = Imdb().read(mirror / "imdb-tsv" / "director-sample", Cleaning(strict=True))
    assert len(sample.catalog) == 14
    assert {film.directors for film in sample.catalog.films()} == {("Christopher Nolan",)}
    early = Imdb().read(mirror / "imdb-tsv" / "titles-1894", Cleaning(strict=True))
    (film,) = early.catalog.films()
    assert (film.label, film.runtime, film.genres) == ("Miss Jerry (1894)", 45, ("Romance",))
    assert (film.votes, film.mean) == (155, 5.9)
