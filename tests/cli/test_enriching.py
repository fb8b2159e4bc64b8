"""enrich: a data set's films filled from a TMDB on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import Run
from tests.data.tmdb.server import KEYS, TOKEN, V3_KEY, FakeTmdb, movie, serving

from matinee.data.fetching.cache import Cache
from matinee.data.tmdb import ATTRIBUTION
from matinee.service.datasets import load
from matinee.service.site import Site
from matinee.settings import load_settings
from matinee.web.app import create_app


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTmdb]:
    """A TMDB that knows five of the planted films; its key and address are set."""
    fake = FakeTmdb()
    titles = [("Comedy", row) for row in (0, 1)] + [("Horror", row) for row in (20, 21, 22)]
    fake.know(*(movie(row + 1, f"{kind} {row}", 1980 + row) for kind, row in titles))
    with serving(fake):
        monkeypatch.setenv("MATINEE_TMDB_KEY", TOKEN)
        monkeypatch.setenv("MATINEE_TMDB_URL", fake.url)
        yield fake


def test_an_enriched_data_set_is_saved_under_a_name(
    run: Run, fake: FakeTmdb, planted_folder: Path, home: Path
) -> None:
    outcome = run("enrich", str(planted_folder))
    assert outcome.err == ATTRIBUTION + "\n"
    assert "5 of 40 films found on TMDB: 0 by TMDB id, 0 by IMDb id, 5 by title" in outcome.out
    assert "runtime of 5, certificate of 5" in outcome.out
    assert outcome.out.endswith(
        "planted-tmdb: 900 ratings of 40 films by 60 viewers; use it with --data planted-tmdb\n"
    )
    enriched = load("planted-tmdb", Cache(home))
    film = enriched.film("Horror 20")
    assert (film.runtime, film.directors, film.genres) == (97, ("Ada Birch",), ("Horror",))
    film = run("data", "film", "Horror 20", "--data", "planted-tmdb", "--json").json
    assert film["facts"]["runtime"]["from"] == "TMDB"
    assert film["facts"]["title"]["from"] != "TMDB"
    before = load(str(planted_folder), Cache(home))
    assert enriched.interactions.content_hash == before.interactions.content_hash
    assert enriched.notes[-1].endswith("answers from the cache")


def test_a_second_run_needs_no_request_and_replaces_the_first(
    run: Run, fake: FakeTmdb, planted_folder: Path, home: Path
) -> None:
    first = run("enrich", str(planted_folder), "--json").json
    requests = len(fake.requests)
    assert first["report"]["requests"] == requests == 45
    assert first["report"]["filled"]["overview"] == 5
    assert len(first["report"]["not_found"]) == 35
    assert (first["name"], first["attribution"]) == ("planted-tmdb", ATTRIBUTION)
    again = run("enrich", "planted-tmdb", "--json").json
    assert len(fake.requests) == requests
    assert (again["name"], again["report"]["requests"]) == ("planted-tmdb", 0)
    assert load("planted-tmdb", Cache(home)).licence.count(ATTRIBUTION) == 1


def test_the_attribution_is_on_everything_that_shows_the_data(
    run: Run, fake: FakeTmdb, planted_folder: Path
) -> None:
    run("enrich", str(planted_folder), "--name", "ours", "--limit", "1")
    assert ATTRIBUTION in run("data", "describe", "ours", "--json").out
    run("train", "popular", "--data", "ours", "--promote")
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        transport = httpx.ASGITransport(create_app(site, secret="x" * 32))

        async def about() -> str:
            async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
                return (await client.get("/about")).text

        # In a thread of its own: a browser of other tests may hold this one's event loop.
        with ThreadPoolExecutor(1) as thread:
            assert ATTRIBUTION in thread.submit(asyncio.run, about()).result()


def test_a_limit_bounds_the_films(run: Run, fake: FakeTmdb, planted_folder: Path) -> None:
    outcome = run("enrich", str(planted_folder), "--limit", "3")
    assert len(fake.requests) == 5
    assert "37 not looked up because of the limit" in outcome.out


def test_without_a_key_there_is_no_request_and_the_message_says_how_to_get_one(
    run: Run, fake: FakeTmdb, planted_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MATINEE_TMDB_KEY")
    outcome = run("enrich", str(planted_folder), status=2)
    assert "MATINEE_TMDB_KEY" in outcome.err
    assert "TMDB account settings, https://www.themoviedb.org/settings/api" in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert fake.requests == []
    assert not (home / "tmdb").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--name", "ml-100k"), "is the name of a source"),
        (("--name", "No Good"), "cannot name a data set"),
        (("--name", ""), "cannot name a data set"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_a_wrong_option_is_refused_before_any_request(
    run: Run, fake: FakeTmdb, planted_folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run("enrich", str(planted_folder), *arguments, status=2)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert fake.requests == []


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        ((401, b"{}"), 2, "TMDB does not accept the key in MATINEE_TMDB_KEY"),
        ((404, b"<html>"), 1, "MATINEE_TMDB_URL"),
        ((200, b"{"), 1, "not as documented"),
        ((200, b" " * 9_000_000), 1, "larger than 8,388,608 bytes"),
        ((429, b"", "3600"), 1, "3,600 seconds"),
    ],
)
def test_a_failure_is_one_line_and_saves_nothing(
    run: Run,
    fake: FakeTmdb,
    planted_folder: Path,
    home: Path,
    answer: tuple[int, bytes] | tuple[int, bytes, str],
    status: int,
    message: str,
) -> None:
    fake.fail(answer[0], answer[1], Retry_After="".join(answer[2:]))
    outcome = run("enrich", str(planted_folder), status=status)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert not (home / "imported").exists()
    assert not list((home / "tmdb").glob("*"))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("accepted", [True, False])
def test_the_key_is_never_printed_or_written(
    key: str,
    accepted: bool,  # noqa: FBT001 - of a parametrised test
    run: Run,
    fake: FakeTmdb,
    planted_folder: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MATINEE_TMDB_KEY", key)
    if not accepted:
        fake.fail(401, key.encode())
    status = 0 if accepted else 2
    enriched = run("enrich", str(planted_folder), "--limit", "3", status=status)
    outcomes = [enriched, run("config"), run("config", "--json")]
    assert fake.requests[0].query.get("api_key") == (key if key == V3_KEY else None)
    assert (fake.requests[0].authorization == "") == (key == V3_KEY)
    assert outcomes[2].json["tmdb_key"] == "(set)"
    assert all(key not in each.out + each.err for each in outcomes)
    written = [each for each in home.rglob("*") if each.is_file()]
    assert (len(written) > 1) == accepted
    assert all(key.encode() not in each.read_bytes() for each in written)
