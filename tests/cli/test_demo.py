"""The main job on real data, as a new user runs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.cli import demo
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources.ml_latest_small import MovieLensLatestSmall


@pytest.fixture
def run_demo(run: Run, home: Path, film_table: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in a home whose film table is whole, with a model that is fitted in no time."""
    monkeypatch.setattr(demo, "_LIVE", "ease-sparse")
    (home / "datasets" / "film-table").unlink()
    (home / "datasets" / "film-table").symlink_to(film_table)
    return run


def test_demo_once_describes_compares_recommends_and_ends(
    run_demo: Run, home: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    outcome = run_demo("demo", "--once")
    printed = outcome.out
    assert outcome.err.startswith("movies: MovieLens latest-small is for research")
    assert "showing movies, the data set with the most facts about films" in outcome.err
    assert "610 viewers gave 9,742 films 100,836 ratings from 0.5 to 5" in printed
    assert "directors, cast, keywords, overviews" in printed
    assert "Wikipedia's (CC BY-SA)" in printed
    means = dict(re.findall(r"^(\S+) +(0\.\d+) \[", printed, re.M))
    assert means["ease-sparse"] > means["item-knn"] > means["popular"]
    assert "For somebody who loves Toy Story, Alien and Fargo" in printed
    assert "Because you loved" in printed
    assert "Films like Toy Story" in printed
    assert "Toy Story 2" in printed
    assert re.search(r"Done in \d+\.\d s", printed)
    assert (home / "matinee.db").is_file()


def test_with_the_package_index_alone_the_demo_shows_movielens_100k(
    run_demo: Run, home: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MovieLensLatestSmall, "archive", RemoteFile("http://127.0.0.1:9/x.zip", 1))
    (home / "datasets" / "ml-100k").symlink_to(mirror / "ml-100k")  # as if fetched before
    outcome = run_demo("demo", "--once")
    assert "ml-latest-small could not be fetched: http://127.0.0.1:9/x.zip" in outcome.err
    assert "showing ml-100k instead of movies" in outcome.err
    assert "943 viewers gave 1,682 films 100,000 ratings from 1 to 5" in outcome.out
    assert "Because you loved" in outcome.out
