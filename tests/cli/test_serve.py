"""`serve` as a process of its own, from an empty home to an answered request."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import Run

from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.viewers import Visit


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`matinee serve` on a free port, and its address."""
    serve = [sys.executable, *shlex.split("-m matinee serve --port 0"), *arguments]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"matinee is at (http://\S+/)", line):
                    yield process, found[1]
                    break
            else:
                pytest.fail("the server did not start")
        finally:
            process.kill()


def test_the_first_start_fits_a_model_and_serves_the_site(home: Path, planted_folder: Path) -> None:
    with serving("--data", str(planted_folder)) as (process, address):
        with httpx.Client(base_url=address, timeout=30) as client:
            assert client.get("/health/ready").json()["model"] == "auto"
            assert "Widely watched" in client.get("/").text
            assert client.get("/", headers={"host": "elsewhere.test"}).status_code == 400
            health = client.get("/health/live", headers={"host": "elsewhere.test"})
            assert health.status_code == 200
            assert "server" not in health.headers
            film = client.get("/api/v1/recommendations").json()["recommendations"][0]["film"]["id"]
            rating = {"id": "12345678", "type": "rating", "film": film, "value": 5}
            client.post("/api/v1/events", json=rating).raise_for_status()
            page = client.get("/").raise_for_status().text
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
    with sqlite3.connect(home / "matinee.db") as database:  # also what was queued is written
        written = database.execute("SELECT id FROM events WHERE type = 'impression'").fetchall()
    rows = set(re.findall(r'data-request="(\w+)"', page))
    assert {each for (each,) in written} == rows != set()
    with serving() as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert (home / "secret").is_file()


def test_the_site_answers_with_the_promoted_model(
    run: Run, home: Path, planted_folder: Path
) -> None:
    outcome = run("train", "ials", "--data", str(planted_folder), "-o", "factors=8", "--promote")
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        assert site.live().recommender.model.name == "ials"
        options = site.live().recommender.model.config.model_dump()
        assert (options["factors"], options["like_from"]) == (8, 3.5)
        assert Path(outcome.out.strip()).name == site.live().promotion.artefact


def test_a_model_of_other_films_says_what_becomes_of_the_ratings(
    run: Run, home: Path, planted_folder: Path, rated: str
) -> None:
    first = run("train", "popular", "--data", str(planted_folder), "--promote")
    assert "ratings from other catalogues" not in first.err
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        source = site.live().source
        assert re.fullmatch(r"planted-[0-9a-f]{8}", source)
        assert site.live().film_ids.numbering == source  # MovieLens by its files, not its films
        record(site, [Event("e1", "ann", "rating", "105", 4.0, 1_700_000_000)])
    other = run("train", "popular", "--data", rated, "--promote")
    assert "0 mapped by IMDb or TMDB id, 1 kept for a model that has their films" in other.err
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        assert len(Visit(site, "ann").history) == 0
        assert Visit(site, "ann").unmapped == 1


def test_a_server_retrains_and_answers_meanwhile(
    run: Run, home: Path, planted_folder: Path
) -> None:
    run("train", "ease", "--data", str(planted_folder), "--promote")
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        before = site.live().recommender.version
        for number in range(60):
            rated = Event(f"event{number}", f"v{number % 12}", "rating", str(100 + number % 40), 5)
            record(site, [replace(rated, time=1_700_000_000 + number)])
    answered = 0
    with serving("--retrain", "5%") as (process, address):
        with httpx.Client(base_url=address, timeout=30) as client:
            version = before
            deadline = time.monotonic() + 60
            while version == before and time.monotonic() < deadline:
                answer = client.get("/api/v1/recommendations").raise_for_status().json()
                version = answer["version"]
                answered += 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
    live = run("models", "live", "--json").json
    assert version == live["version"] != before
    assert live["note"] == "scheduled retrain"
    assert live["ratings"] == 960
    assert answered > 1


def test_a_wrong_schedule_is_refused_before_the_start(run: Run) -> None:
    refused = run("serve", "--retrain", "hourly", status=2)
    assert "--retrain: must be never, daily, weekly or a share of new ratings" in refused.err
