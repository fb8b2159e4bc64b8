from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.sources.netflix_prize import NetflixPrize
from matinee.errors import DataError

ONE, TITLES = "combined_data_1.txt", "movie_titles.csv"


def seconds(date: str) -> int:
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def test_ratings_are_read_film_by_film_and_file_by_file(folder: Path) -> None:
    data = NetflixPrize().read(folder, Cleaning(strict=True))
    assert data.interactions.to_frame().rows() == [
        ("1488001", "1", 3.0, seconds("2005-09-06")),
        ("822001", "1", 5.0, seconds("2005-05-13")),
        ("822001", "2", 4.0, seconds("2005-10-19")),
        ("1488001", "3", 1.0, seconds("2004-12-31")),
        ("30878", "3", 2.0, seconds("2000-02-29")),
        ("30878", "4", 5.0, seconds("2005-12-26")),
        ("822001", "5", 4.0, seconds("1999-11-11")),
    ]
    assert data.interactions.user_ids.ids.tolist() == ["30878", "822001", "1488001"]
    assert data.folds is None
    assert data.notes == ("probe.txt is not used: its ratings are among the others",)


def test_titles_keep_their_commas_and_accents(folder: Path) -> None:
    films = NetflixPrize().read(folder, Cleaning(strict=True)).catalog.films()
    assert films == [
        Film(id="1", title="The Lighthouse Choir", year=2003),
        Film(id="2", title="Bread, Salt, and Snow"),
        Film(id="3", title="Café Meridian", year=1997),
        Film(id="4", title="The Quiet Orbit", year=1966),
        Film(id="5", title="Paper Tigers: Director's Cut", year=2001),
    ]


def test_titles_may_have_their_original_name_and_missing_ratings_are_noted(
    folder: Path,
) -> None:
    (folder / TITLES).rename(folder / "movie_titles.txt")
    (folder / "combined_data_3.txt").unlink()
    assert NetflixPrize().recognises(folder)
    data = NetflixPrize().read(folder, Cleaning(strict=True))
    assert len(data.interactions) == 6
    assert "the copy is incomplete: there is no combined_data_3.txt" in data.notes
    (folder / "movie_titles.txt").unlink()
    assert not NetflixPrize().recognises(folder)
    with pytest.raises(DataError, match=r"neither movie_titles\.txt nor movie_titles\.csv"):
        NetflixPrize().read(folder, Cleaning())


@pytest.mark.parametrize("block", [8, 40, 1 << 20])
def test_defects_are_left_out_and_counted_whatever_the_block(block: int, folder: Path) -> None:
    (folder / ONE).write_bytes(
        b"9,3,2005-01-01\r\n1:\r\n7,3,2005-01-01\n7,4,2005-01-02\n\n8,6,2005-01-01\n"
        b"8,4,2005-02-30\n8,4\n8,4,2005-01-01,x\n8,four,2005-01-01\n2,:\n9,1,2005-01-01\n"
        b"1\xe9,4,2005-01-01\nx:\n9,2,2005-01-01\n77:\n7,0,2005-01-03\n8,2,2005-01-03\n6,2,1905-01-03\n"
    )
    cleaning = Cleaning()
    data = NetflixPrize(block=block).read(folder, cleaning)
    assert data.interactions.to_frame().rows()[:3] == [
        ("7", "1", 4.0, seconds("2005-01-02")),
        ("8", "77", 2.0, seconds("2005-01-03")),
        ("1488001", "3", 1.0, seconds("2004-12-31")),
    ]
    assert {finding.kind: finding.count for finding in cleaning.findings} == {
        "malformed lines left out": 11,
        "ratings outside 1 to 5, left out": 2,
        "rated films without a title, called by their ids": 1,
        "repeated ratings, the last kept": 1,
    }
    assert data.catalog.film(5) == Film(id="77", title="77")
    with pytest.raises(DataError, match=r"combined_data_1\.txt, line 1: a rating of no film"):
        NetflixPrize().read(folder, Cleaning(strict=True))
    with pytest.raises(DataError, match=r"line 8: '8,4' is neither a film nor a rating; more"):
        NetflixPrize().read(folder, Cleaning(limit=2))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("6,1999", "2 fields instead of 3"),
        ("6,1999, ", "not an id, a year and a title"),
        ("x,1999,Kites", "id is 'x', not a whole number of at most nine digits"),
        ("6,99,Kites", "'99' is neither a year nor NULL"),
        ("5,1999,Kites", "film 5 occurs twice"),
    ],
)
def test_a_malformed_title_is_named(line: str, message: str, folder: Path) -> None:
    with (folder / TITLES).open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(DataError, match=rf"movie_titles\.csv, line 6: {message}"):
        NetflixPrize().read(folder, Cleaning(strict=True))
    assert len(NetflixPrize().read(folder, Cleaning()).catalog) == 5


def test_small_blocks_and_large_ones_read_the_same(folder: Path) -> None:
    drawn = np.random.default_rng(5)
    lines = []
    for film in range(1, 6):
        lines.append(f"{film}:")
        for customer in drawn.choice(2_649_429, 40, replace=False) + 1:
            stars, month, day = drawn.integers(1, (6, 13, 29))
            lines.append(f"{customer},{stars},2004-{month:02}-{day:02}")
    (folder / ONE).write_text("\n".join(lines))
    hashes = {
        NetflixPrize(block=block).read(folder, Cleaning(strict=True)).interactions.content_hash
        for block in (5, 64, 1 << 20)
    }
    assert len(hashes) == 1


def test_stars_on_the_line_of_a_film_are_no_rating(folder: Path) -> None:
    # Found by tests/fuzz/importers.py: the row had a film and stars and no customer.
    (folder / ONE).write_text("1:\n1488001,3,2005-09-06\n2:,4,2005-09-07\nno commas\n", "latin-1")
    cleaning = Cleaning()
    data = NetflixPrize().read(folder, cleaning)
    assert "1488001" in data.interactions.user_ids
    examples = [example for each in cleaning.findings for example in each.examples]
    assert any("line 3" in example for example in examples)
