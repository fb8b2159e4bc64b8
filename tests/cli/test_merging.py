"""data merge and data film."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_a_merge_is_reported_saved_and_recommended_from(run: Run, rated: str) -> None:
    outcome = run("data", "merge", rated, "film-table", "--name", "merged")
    lines = [line.split() for line in outcome.out.splitlines()]
    assert ["film-table", "351", "0", "2", "0", "349", "2", "(66.7", "%)"] in lines
    assert ["runtime", "0", "2", "1", "(33.3", "%)"] in lines
    assert (
        "349 films that are not in rated are left out; --since and --min-votes keep" in outcome.out
    )
    assert "merged: 18 ratings of 3 films by 6 viewers; use it with --data merged" in outcome.out
    kids = run(
        *("recommend", "--like", "Casino", "--kids", "--data", "merged"),
        *("--model", "item-knn", "--json"),
    )
    assert [each["film"]["title"] for each in kids.json["films"]] == ["Toy Story"]


def test_json_has_the_whole_report(run: Run, rated: str) -> None:
    document = run("data", "merge", rated, "film-table", "--name", "merged", "--json").json
    assert (document["ratings"], document["films"], document["left_out"]) == (18, 3, 349)
    assert document["ratings_of"] == "rated"
    assert document["sources"][1] == {
        "source": "film-table",
        "films": 351,
        "by_id": 0,
        "by_title": 2,
        "ambiguous": 0,
        "new": 349,
        "in_result": 2,
    }
    assert document["facts"]["genres"] == {"rated": 3, "film-table": 0}
    conflict = next(each for each in document["conflicts"] if each["field"] == "genres")
    assert conflict["films"] == 2
    assert conflict["examples"][0].startswith("Toy Story (1995): Drama (rated), Animation")
    assert document["duplicates"] == []
    assert "CC0" in document["licence"]


def test_all_films_keeps_films_without_ratings(run: Run, rated: str) -> None:
    document = run(
        *("data", "merge", rated, "film-table", "--name", "merged", "--all-films", "--json"),
        *("--trust", "genres=film-table,rated"),
    ).json
    assert (document["films"], document["left_out"]) == (352, 0)
    assert document["facts"]["genres"]["rated"] == 1


def test_new_films_join_within_bounds(run: Run, rated: str, tmp_path: Path) -> None:
    folder = tmp_path / "imdb"
    folder.mkdir()
    basics = "tconst titleType primaryTitle isAdult startYear runtimeMinutes genres"
    films = [
        "tt0114709 movie Toy_Story 0 1995 81 Animation",
        "tt9000001 movie Of_This_Year 0 2026 100 Drama",
        "tt9000002 movie Of_This_Year_Too 0 2026 90 Drama",
        "tt9000003 movie Old 0 1950 90 Drama",
    ]
    ratings = [
        "tt0114709 8.3 1100000",
        "tt9000001 7.4 25000",
        "tt9000002 9.9 5",
        "tt9000003 8.0 9000",
    ]
    for name, head, rows in (
        ("title.basics.tsv", basics, films),
        ("title.ratings.tsv", "tconst averageRating numVotes", ratings),
    ):
        text = "\n".join([head, *rows]).replace(" ", "\t").replace("_", " ")
        (folder / name).write_text(text + "\n", encoding="utf-8")
    merge = ("data", "merge", rated, str(folder), "--name", "today")
    outcome = run(*merge, "--since", "2026", "--min-votes", "1000")
    assert "1 films of 2026 or later with 1,000 votes or more have no ratings" in outcome.err
    assert "2 films that are not in rated are left out" in outcome.out
    facts = run("data", "film", "Of This Year", "--data", "today", "--json").json["facts"]
    assert facts["votes"] == {"value": 25_000, "from": "imdb"}
    assert facts["mean"] == {"value": 7.4, "from": "imdb"}
    known = run("data", "film", "Toy Story", "--data", "today", "--json").json["facts"]
    assert known["votes"]["value"] == 1_100_000
    assert run(*merge, "--since", "2026", "--json").json["films"] == 5
    assert run(*merge, "--min-votes", "1000", "--json").json["films"] == 5
    assert "since must be 1 or more, not 0" in run(*merge, "--since", "0", status=2).err


def test_a_film_is_printed_with_the_source_of_each_fact(run: Run, rated: str) -> None:
    run("data", "merge", rated, "film-table", "--name", "merged")
    outcome = run("data", "film", "toy story", "--data", "merged")
    lines = {line.split()[0]: line.split()[1] for line in outcome.out.splitlines()[1:]}
    assert (lines["id"], lines["title"], lines["genres"]) == ("rated",) * 3
    assert (lines["runtime"], lines["imdb_id"]) == ("film-table",) * 2
    assert "unknown: " in outcome.err
    assert "listed by rated, film-table" in outcome.err
    document = run("data", "film", "Toy Story", "--data", "merged", "--json").json
    assert document["listed_by"] == ["rated", "film-table"]
    assert document["facts"]["certificate"] == {"value": "G", "from": "film-table"}
    assert document["facts"]["overview"] == {"value": None, "from": None}


def test_a_film_of_one_source_is_printed_without_sources(run: Run, rated: str) -> None:
    outcome = run("data", "film", "Casino (1995)", "--data", rated)
    assert [line.split() for line in outcome.out.splitlines()] == [
        ["id", "2"], ["title", "Casino"], ["year", "1995"], ["genres", "Drama"]
    ]  # fmt: skip
    document = run("data", "film", "Casino", "--data", rated, "--json").json
    assert document["listed_by"] is None
    assert document["facts"]["year"] == {"value": 1995, "from": None}


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        ("--all-films --since 2000", "--all-films keeps every film"),
        ("--all-films --min-votes 9", "remove --all-films or the bounds"),
        ("--min-votes 9", "beside rated, no data set has votes"),
        ("--since 2500", "beside rated, the latest year is 2"),
        ("--since soon", "'soon' is not a whole number"),
        ("--since 1990 --min-votes 9", "--min-votes 9 lets no film join"),
    ],
)
def test_bounds_that_say_nothing_are_refused(run: Run, rated: str, flags: str, error: str) -> None:
    outcome = run(
        "data", "merge", rated, "film-table", "--name", "merged", *flags.split(), status=2
    )
    assert error in outcome.err
