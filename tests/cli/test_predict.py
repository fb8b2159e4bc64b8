"""`predict` on planted data."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from tests.cli.conftest import Run


def test_each_film_gets_a_rating(run: Run, planted_folder: Path) -> None:
    command = ("predict", "--user", "1", "--film", "Comedy 1", "--film", "Horror 30")
    data = ("--data", str(planted_folder), "--model", "svd")
    outcome = run(*command, *data)
    header, comedy, horror = (line.split() for line in outcome.out.splitlines())
    assert header == ["title", "year", "rating"]
    assert comedy[:3] == ["Comedy", "1", "1981"]
    assert float(comedy[3]) > 3.5 > float(horror[3])
    document = run(*command, *data, "--json").json
    assert document["model"] == "svd"
    stars = [each["predicted"] for each in document["films"]]
    assert [f"{each:.1f}" for each in stars] == [comedy[3], horror[3]]
    frame = pl.read_csv(io.StringIO(run(*command, *data, "--csv").out))
    assert frame.columns == ["item_id", "title", "year", "predicted", "low", "high"]
    assert frame["predicted"].to_list() == pytest.approx(stars)


def test_intervals_have_their_place(run: Run, planted_folder: Path) -> None:
    folder = run(
        *("train", "bayes-fm", "--data", str(planted_folder), "-o", "sweeps=20"),
        *("-o", "burn_in=5", "-o", "samples=5"),
    ).out.strip()  # fmt: skip
    data = ("--data", str(planted_folder), "--model", folder)
    outcome = run("predict", "--like", "Comedy 2", "--film", "Comedy 1", *data)
    assert "rating (80%)" in outcome.out
    assert outcome.out.rstrip().endswith(")")
    assert "rating (80%)" in run("recommend", "--user", "1", *data).out


def test_where_the_usual_model_only_ranks_another_answers(run: Run, planted_folder: Path) -> None:
    command = ("predict", "--user", "1", "--film", "Comedy 1", "--data", str(planted_folder))
    outcome = run(*command)
    assert "auto ranks films and predicts no ratings; svd-plus-plus answers" in outcome.err
    assert "by svd-plus-plus\n" in outcome.err
    refused = run(*command, "--model", "ease", status=2).err
    assert "does not predict ratings; models that do: baseline, bayes-fm" in refused


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_of_pairs_is_predicted(
    run: Run, planted_folder: Path, tmp_path: Path, suffix: str
) -> None:
    table, out = tmp_path / "pairs.csv", tmp_path / f"out.{suffix}"
    table.write_text("who,movieId,rating,note\n1,101,4,x\n2,130,2,y\n")
    command = ("predict", "--pairs", str(table), "--column", "user=who")
    data = ("--data", str(planted_folder), "--model", "svd")
    outcome = run(*command, "--out", str(out), *data)
    assert outcome.out == ""
    assert f"2 predicted ratings are in {out}" in outcome.err
    frame = pl.read_csv(out) if suffix == "csv" else pl.read_parquet(out)
    assert frame.columns == ["who", "movieId", "rating", "note", "predicted", "low", "high"]
    single = run("predict", "--user", "1", "--film", "#101", *data, "--json").json["films"]
    assert frame["predicted"][0] == pytest.approx(single[0]["predicted"], abs=1e-4)
    printed = pl.read_csv(io.StringIO(run(*command, *data).out))
    assert printed["predicted"].to_list() == pytest.approx(frame["predicted"].to_list())


def test_options_that_do_not_go_together_are_refused(run: Run, tmp_path: Path) -> None:
    pairs = ("predict", "--pairs", str(tmp_path / "p.csv"))
    for more in (("--film", "x"), ("--user", "1"), ("--like", "x"), ("--json",)):
        assert "leave out --film, --json and the options of one" in run(*pairs, *more, status=2).err
    assert "name a film with --film" in run("predict", "--user", "1", status=2).err
    assert "--out is for --pairs" in run("predict", "--film", "x", "--out", "f.csv", status=2).err
    assert "name a viewer with --user" in run("predict", "--film", "x", status=2).err
    assert "must end in" in run(*pairs, "--out", str(tmp_path / "x.txt"), status=2).err


def test_a_wrong_row_is_named(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("user,item\n1,101\n1,999\n")
    data = ("--data", str(planted_folder), "--model", "baseline")
    refused = run("predict", "--pairs", str(table), *data, status=2).err
    assert f"{table}, line 3: unknown film '999'" in refused
