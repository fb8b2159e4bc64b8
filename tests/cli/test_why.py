"""`why` on planted data."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from tests.cli.conftest import Run


def test_it_prints_sentences_and_the_films_that_add_most(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder), "--model", "ease")
    first = run("recommend", "--user", "1", *data, "--json").json["films"][0]["film"]
    outcome = run("why", "--user", "1", "--film", first["title"], "--n", "3", *data)
    lines = outcome.out.splitlines()
    assert lines[0].startswith(
        f"{first['title']} ({first['year']}) is number 1 of 25 films for you"
    )
    assert "Because you loved" in lines[0]
    assert lines[2].split() == ["film", "of", "the", "history", "rating", "share"]
    assert len(lines) == 6
    assert lines[3].endswith("%")
    assert "by ease" in outcome.err
    assert "the largest 3 of 15; --n, --csv and --json have more" in outcome.err


def test_json_and_csv_have_every_part(run: Run, planted_folder: Path) -> None:
    viewer = ("--like", "Comedy 1", "--like", "Comedy 4", "--like", "Horror 25")
    data = ("--data", str(planted_folder), "--model", "ease")
    command = ("why", *viewer, "--film", "comedy 2", *data)
    document = run(*command, "--json").json
    assert document["film"]["title"] == "Comedy 2"
    assert document["obstacle"] == ""
    assert len(document["parts"]) == 3
    parts = [each["part"] for each in document["parts"]]
    assert sum(parts) == pytest.approx(document["score"], rel=1e-4)
    frame = pl.read_csv(io.StringIO(run(*command, "--csv").out))
    assert frame.columns == ["item_id", "title", "rating", "part", "share"]
    assert frame["part"].to_list() == pytest.approx(parts)


def test_the_table_and_csv_have_the_kind_of_film(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    ratings = "".join(f"Comedy {row},{5 if row < 3 else 1}\n" for row in range(11))
    file.write_text(f"title,rating\n{ratings}")
    data = ("--data", str(planted_folder), "--model", "ials")
    command = ("why", "--ratings", str(file), "--film", "Comedy 11", *data)
    document = run(*command, "--json").json
    assert document["discount"]["part"] < 0
    table = run(*command).out.splitlines()
    assert table[-1].split() == ["for", "its", "kind", "(comedy", "films)", table[-1].split()[-1]]
    assert table[-1].endswith(f"{document['discount']['share']:+.1%}")
    frame = pl.read_csv(io.StringIO(run(*command, "--csv").out))
    assert frame["title"].to_list()[-1] == "for its kind (comedy films)"
    assert frame["part"].sum() == pytest.approx(document["score"], rel=1e-4)


def test_models_that_predict_say_the_rating(run: Run, planted_folder: Path) -> None:
    command = ("why", "--like", "Comedy 1", "--film", "Comedy 2", "--data", str(planted_folder))
    outcome = run(*command, "--model", "svd")
    assert "for you, with an expected rating of " in outcome.out
    assert outcome.out.count("\n") == 1


def test_what_is_missing_or_unknown_is_one_sentence(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder))
    assert "Missing option '--film'" in run("why", "--user", "1", status=2).err
    assert "name a viewer with --user" in run("why", "--film", "x", status=2).err
    unknown = run("why", "--user", "1", "--film", "Comedi 1", *data, status=2).err
    assert "unknown film 'Comedi 1'; did you mean 'Comedy 1 (1981)'" in unknown
