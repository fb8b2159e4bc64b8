"""Constraints on recommended and similar films."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.cli.conftest import Run


def test_every_film_meets_every_constraint(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    options = shlex.split("--not-genre horror --since 1985 --until 1996 --any-genre comedy")
    outcome = run("recommend", "--user", "31", *options, "--data", data, "--json")
    films = [line["film"] for line in outcome.json["films"]]
    assert films
    assert all(film["genres"] == ["Comedy"] and 1985 <= film["year"] <= 1996 for film in films)


def test_the_reason_names_the_constraint(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    outcome = run("recommend", "--like", "Horror 25", "--genre", "horror", "--data", data)
    assert "Horror. Because you loved Horror 25 (2005)." in outcome.out


def test_when_no_film_is_left_the_smallest_changes_are_offered(
    run: Run, planted_folder: Path
) -> None:
    ask = ("recommend", "--like", "Comedy 3", "--data", str(planted_folder), "--n", "2")
    outcome = run(*ask, "--genre", "comedy", "--since", "2001")
    assert outcome.out == ""
    assert "no unseen film matches: since 2001, comedy" in outcome.err
    assert "instead: since 1999 instead of 2001: 1 film  [--since 1999 --genre comedy]" in (
        outcome.err
    )
    offered = re.findall(r"(\d+) films?  \[(.+)\]", outcome.err)
    assert len(offered) >= 3
    for films, options in offered:
        found = run(*ask[:-1], "1000", *options.split(), "--json")
        assert len(found.json["films"]) == int(films)


def test_json_has_the_relaxations_and_none_is_applied(run: Run, planted_folder: Path) -> None:
    ask = ("recommend", "--like", "Comedy 3", "--data", str(planted_folder), "--json")
    document = run(*ask, "--genre", "comedy", "--since", "1999").json
    assert [line["film"]["title"] for line in document["films"]] == ["Comedy 19"]
    assert document["relaxations"][0] == {
        "query": "since:1990 genre:comedy",
        "text": "since 1990 instead of 1999",
        "films": 10,
    }


def test_similar_but_newer_and_darker(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    outcome = run("similar", "Comedy 3", "--but", "newer", "--data", data, "--json")
    films = [line["film"] for line in outcome.json["films"]]
    assert films
    assert all(film["year"] > 1983 for film in films)
    table = run("similar", "Comedy 3", "--but", "newer", "--data", data)
    assert "films like Comedy 3 (1983), but newer" in table.err
    assert "1 year newer" in table.out or "years newer" in table.out


def test_constraints_in_words_are_added_to_the_options(run: Run, planted_folder: Path) -> None:
    ask = ("recommend", "--user", "31", "--data", str(planted_folder), "--json")
    in_words = run(*ask, "--where", "comedy from the 80s").json
    assert in_words == run(*ask, "--genre", "comedy", "--since", "1980", "--until", "1989").json
    both = run(*ask, "--where", "comedies since 1980", "--until", "1989").json
    assert [line["film"] for line in both["films"]] == [line["film"] for line in in_words["films"]]
    refused = run(*ask, "--where", "no horror, comedy", status=2)
    assert "'comedy' after 'no horror' has two meanings" in refused.err
