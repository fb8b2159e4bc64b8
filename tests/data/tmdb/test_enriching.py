"""A catalogue filled from TMDB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.data.tmdb import server
from tests.data.tmdb.conftest import Clock
from tests.data.tmdb.server import KEYS, FakeTmdb, movie

from matinee.data import Catalog, Film
from matinee.data.tmdb import AnswerCache, Connection, Tmdb, TmdbReport, enrich_from_tmdb
from matinee.errors import UnreachableError

LAMP = Film(id="a", title="The Lamp", year=1999)
FILLED = replace(server.LAMP, id="a")
CATALOG = Catalog.of(
    [
        LAMP,
        Film(id="b", title="A known title", imdb_id="tt0000008", runtime=12, genres=("Noir",)),
        Film(id="c", title="Whatever", tmdb_id="9"),
        Film(id="d", title="Twice", year=2001),
        Film(id="e", title="Nowhere", year=2001),
        replace(FILLED, id="f"),
    ]
)


@pytest.fixture(autouse=True)
def films(fake: FakeTmdb) -> None:
    fake.know(
        movie(7, "The Lamp", 1999, "tt0000007"),
        movie(8, "The Ladder", 2002, "tt0000008"),
        movie(9, "The Loft", 2003, overview=""),
        movie(10, "Twice", 2001),
        movie(11, "Twice", 2001),
    )


def test_every_unknown_fact_is_filled_and_known_ones_do_not_change(tmdb: Tmdb) -> None:
    catalog, _ = enrich_from_tmdb(CATALOG, tmdb)
    assert catalog.film(0) == FILLED
    ladder = catalog.film(1)
    assert (ladder.title, ladder.runtime, ladder.genres) == ("A known title", 12, ("Noir",))
    assert (ladder.year, ladder.imdb_id, ladder.tmdb_id) == (2002, "tt0000008", "8")
    assert catalog.film(2).overview == ""
    assert catalog.films([3, 4, 5]) == CATALOG.films([3, 4, 5])
    assert catalog.item_ids is CATALOG.item_ids


def test_the_report_counts_everything(tmdb: Tmdb, fake: FakeTmdb) -> None:
    done: list[tuple[int, int]] = []
    _, report = enrich_from_tmdb(CATALOG, tmdb, progress=lambda *step: done.append(step))
    assert report == TmdbReport(
        films=6,
        complete=1,
        beyond_limit=0,
        by=(1, 1, 1),
        ambiguous=("Twice (2001)",),
        not_found=("Nowhere (2001)",),
        filled=(
            *(("year", 2), ("runtime", 2), ("genres", 2), ("certificate", 3), ("languages", 3)),
            *(("countries", 3), ("directors", 3), ("cast", 3), ("keywords", 3), ("overview", 2)),
            *(("imdb_id", 1), ("tmdb_id", 2)),
        ),
        requests=7,
        from_cache=0,
    )
    assert len(fake.requests) == 7
    assert done == [(film, 5) for film in range(1, 6)]
    assert str(report).splitlines()[0] == (
        "3 of 6 films found on TMDB: 1 by TMDB id, 1 by IMDb id, 1 by title and year"
    )
    assert "1 ambiguous and not changed: Twice (2001)" in str(report)
    assert "7 requests sent, 0 answers from the cache" in str(report)


def test_a_second_run_sends_no_request(
    tmdb: Tmdb, fake: FakeTmdb, connection: Connection, folder: Path, clock: Clock
) -> None:
    catalog, first = enrich_from_tmdb(CATALOG, tmdb)
    again = Tmdb(connection, AnswerCache(folder, clock.now))
    same, second = enrich_from_tmdb(CATALOG, again)
    assert len(fake.requests) == 7
    assert second == replace(first, requests=0, from_cache=7)
    assert same.films() == catalog.films()
    clock.time += 181 * 86_400
    assert enrich_from_tmdb(CATALOG, again)[1] == first


def test_a_run_continues_after_an_interruption(
    tmdb: Tmdb, fake: FakeTmdb, connection: Connection, folder: Path, clock: Clock
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            fake.fail(503, times=4)

    with pytest.raises(UnreachableError, match="run it again"):
        enrich_from_tmdb(CATALOG, tmdb, progress=stop)
    assert len(fake.requests) == 4 + 4
    _, report = enrich_from_tmdb(CATALOG, Tmdb(connection, AnswerCache(folder, clock.now)))
    assert (report.requests, report.from_cache) == (3, 4)


def test_a_limit_takes_the_first_films_with_unknown_facts(tmdb: Tmdb, fake: FakeTmdb) -> None:
    catalog, report = enrich_from_tmdb(CATALOG, tmdb, limit=1)
    assert (report.found, report.beyond_limit, report.complete) == (1, 4, 1)
    assert catalog.film(0) == FILLED
    assert catalog.films([1, 2]) == CATALOG.films([1, 2])
    assert len(fake.requests) == 2
    assert "4 not looked up because of the limit" in str(report)


def test_a_long_list_names_ten_films_and_an_empty_catalogue_none(
    tmdb: Tmdb, fake: FakeTmdb
) -> None:
    nowhere = Catalog.of(Film(id=str(row), title=f"Nowhere {row}") for row in range(12))
    _, report = enrich_from_tmdb(nowhere, tmdb)
    assert len(report.not_found) == 12
    assert "Nowhere 9; and 2 more" in str(report)
    assert "unknown facts filled: none" in str(report)
    catalog, report = enrich_from_tmdb(Catalog.of([]), tmdb)
    assert (len(catalog), report.films, fake.requests) == (0, 0, [])


@pytest.mark.parametrize("key", KEYS)
def test_the_key_is_in_no_file(key: str, fake: FakeTmdb, folder: Path, clock: Clock) -> None:
    with Connection(key, fake.url, now=clock.now, sleep=clock.sleep) as connection:
        _, report = enrich_from_tmdb(CATALOG, Tmdb(connection, AnswerCache(folder, clock.now)))
    files = list(folder.iterdir())
    assert len(files) == 7
    assert all(key not in f"{each} {each.read_text(encoding='utf-8')}" for each in files)
    assert key not in f"{report!r} {report}"
