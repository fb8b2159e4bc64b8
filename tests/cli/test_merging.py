"""data merge and data film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

RATED = "userId,movieId,rating,timestamp,title,genres\n" + "".join(
    f"{user},{item},{1 + (user + item) % 5},97{user:03}{item:04},{title},Drama\n"
    for user in range(1, 7)
    for item, title in ((1, "Toy Story (1995)"), (2, "Casino (1995)"), (3, "Nowhere Film (1995)"))
)


@pytest.fixture
def rated(tmp_path: Path) -> str:
    file = tmp_path / "Rated.csv"
    file.write_text(RATED)
    return str(file)


def test_a_merge_is_reported_saved_and_recommended_from(run: Run, rated: str) -> None:
    outcome = run("data", "merge", rated, "film-table", "--name", "merged")
    assert outcome.status == 0, outcome.err
    lines = [line.split() for line in outcome.out.splitlines()]
    assert ["film-table", "17,470", "0", "2", "0", "17,468", "2", "(66.7", "%)"] in lines
    assert ["runtime", "0", "2", "1", "(33.3", "%)"] in lines
    assert "17,468 films that are not in rated are left out; --all-films keeps them" in (
        outcome.out
    )
    assert "merged: 18 ratings of 3 films by 6 viewers; use it with --data merged" in outcome.out
    kids = run(
        *("recommend", "--like", "Casino", "--kids", "--data", "merged"),
        *("--model", "item-knn", "--json"),
    )
    assert [each["film"]["title"] for each in json.loads(kids.out)["films"]] == ["Toy Story"]


def test_json_has_the_whole_report(run: Run, rated: str) -> None:
    outcome = run("data", "merge", rated, "film-table", "--name", "merged", "--json")
    document = json.loads(outcome.out)
    assert (document["ratings"], document["films"], document["left_out"]) == (18, 3, 17_468)
    assert document["ratings_of"] == "rated"
    assert document["sources"][1] == {
        "source": "film-table",
        "films": 17_470,
        "by_id": 0,
        "by_title": 2,
        "ambiguous": 0,
        "new": 17_468,
        "in_result": 2,
    }
    assert document["facts"]["genres"] == {"rated": 3, "film-table": 0}
    conflict = next(each for each in document["conflicts"] if each["field"] == "genres")
    assert conflict["films"] == 2
    assert conflict["examples"][0].startswith("Toy Story (1995): Drama (rated), Animation")
    assert document["duplicates"] == []
    assert "CC0" in document["licence"]


def test_all_films_keeps_films_without_ratings(run: Run, rated: str) -> None:
    outcome = run(
        *("data", "merge", rated, "film-table", "--name", "merged", "--all-films", "--json"),
        *("--trust", "genres=film-table,rated"),
    )
    document = json.loads(outcome.out)
    assert (document["films"], document["left_out"]) == (17_471, 0)
    assert document["facts"]["genres"]["rated"] == 1


def test_a_film_is_printed_with_the_source_of_each_fact(run: Run, rated: str) -> None:
    assert run("data", "merge", rated, "film-table", "--name", "merged").status == 0
    outcome = run("data", "film", "toy story", "--data", "merged")
    lines = {line.split()[0]: line.split()[1] for line in outcome.out.splitlines()[1:]}
    assert (lines["id"], lines["title"], lines["genres"]) == ("rated",) * 3
    assert (lines["runtime"], lines["imdb_id"]) == ("film-table",) * 2
    assert "unknown: " in outcome.err
    assert "listed by rated, film-table" in outcome.err
    document = json.loads(run("data", "film", "Toy Story", "--data", "merged", "--json").out)
    assert document["listed_by"] == ["rated", "film-table"]
    assert document["facts"]["certificate"] == {"value": "G", "from": "film-table"}
    assert document["facts"]["overview"] == {"value": None, "from": None}


def test_a_film_of_one_source_is_printed_without_sources(run: Run, rated: str) -> None:
    outcome = run("data", "film", "Casino (1995)", "--data", rated)
    assert [line.split() for line in outcome.out.splitlines()] == [
        ["id", "2"], ["title", "Casino"], ["year", "1995"], ["genres", "Drama"]
    ]  # fmt: skip
    document = json.loads(run("data", "film", "Casino", "--data", rated, "--json").out)
    assert document["listed_by"] is None
    assert document["facts"]["year"] == {"value": 1995, "from": None}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--name", "film-table"), "is the name of a source"),
        (("--name", "rated"), "is one of the data sets to merge"),
        (("--name", "x", "--trust", "runtime"), "must have the form FIELD=NAME"),
        (("--name", "x", "--trust", "runtime=rated,"), "must have the form FIELD=NAME"),
        (("--name", "x", "--trust", "runtme=rated"), "did you mean 'runtime'?"),
        (("--name", "x", "--trust", "runtime=ml-1m"), "known: rated, film-table"),
        (("--name", "x", "--trust", "year=rated", "--trust", "year=rated"), "set twice"),
        (("--name", "x", "film-table"), "are both called 'film-table'"),
        ((), "Missing option '--name'"),
    ],
)
def test_wrong_options_of_merge_are_one_line(
    run: Run, rated: str, home: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run("data", "merge", rated, "film-table", *arguments)
    assert outcome.status == 2, outcome.err
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert not (home / "imported").exists()


def test_one_data_set_cannot_be_merged(run: Run, rated: str) -> None:
    outcome = run("data", "merge", rated, "--name", "x")
    assert outcome.status == 2
    assert "two data sets or more" in outcome.err


def test_an_unknown_film_gets_suggestions(run: Run, rated: str) -> None:
    outcome = run("data", "film", "Casno", "--data", rated)
    assert outcome.status == 2
    assert "Casino" in outcome.err
