"""`matinee errors`: tables, CSV, JSON, and what has no errors of ratings."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from tests.cli.conftest import Run


def test_the_tables(run: Run, planted_folder: Path) -> None:
    outcome = run("errors", "baseline", "--data", str(planted_folder), "--worst", "3")
    for title in (
        "Errors by rating",
        "Predictions, rounded to the scale",
        "Films with the largest errors",
        "Viewers with the largest errors",
        "Ratings with the largest errors",
    ):
        assert f"\n{title}" in outcome.out
    assert len(outcome.out.split("Ratings with the largest errors")[1].strip().splitlines()) == 4
    assert "bias is prediction minus rating" in outcome.err


def test_every_rating_as_csv(run: Run, rated: str) -> None:
    outcome = run("errors", "popular", "--data", rated, "--folds", "3", "--csv")
    errors = pl.read_csv(io.StringIO(outcome.out))
    assert len(errors) == 18  # every rating is a target once
    assert errors.columns[:7] == ["split", "user", "item", "title", "rating", "predicted", "error"]
    assert (errors["predicted"] - errors["rating"] - errors["error"]).abs().max() < 1e-5  # type: ignore[operator]


def test_one_document(run: Run, rated: str) -> None:
    document = run("errors", "popular", "--data", rated, "--worst", "2", "--json").json
    n = document["all"]["ratings"]
    assert sum(map(sum, document["confusion"]["counts"])) == n
    assert sum(row["ratings"] for row in document["by_rating"]) == n
    assert document["worst_films"] == []  # none has ten targets
    assert len(document["worst_ratings"]) == 2


@pytest.mark.parametrize("grouping", ["rating", "film", "viewer", "activity", "popularity"])
def test_one_grouping(run: Run, rated: str, grouping: str) -> None:
    chosen = ("errors", "popular", "--data", rated, "--by", grouping)
    groups = run(*chosen, "--json").json["groups"]
    table = pl.read_csv(io.StringIO(run(*chosen, "--csv").out))
    assert table["ratings"].to_list() == [each["ratings"] for each in groups]
    printed = run(*chosen).out
    if grouping in ("film", "viewer"):
        assert f"no {grouping} has 10 targets; --csv has all ratings" in printed
    else:
        assert len(printed.splitlines()) == 1 + len(groups)


def test_options_are_used(run: Run, rated: str) -> None:
    outcome = run("errors", "baseline", "--data", rated, "-o", "item_damping=9")
    assert "baseline (item_damping=9) on" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("ease", "model 'ease' ranks films and does not predict ratings; use one that does: base"),
        (
            "svd --protocol random",
            "ranks films and predicts no ratings; use --protocol ratings, or",
        ),
        ("svd --protocol rating", "did you mean 'ratings'"),
        ("svd --protocol folds --folds 3", "folds does not apply to protocol 'folds'"),
        ("svd -o factors=1..3", "use matinee tune"),
        ("svd -o factors=1,3", "use matinee tune"),
        ("svd --csv --json", "--csv and --json are two forms"),
        ("svd --by genre", "--by"),
    ],
)
def test_what_has_no_errors_is_refused_before_data_is_loaded(
    run: Run, arguments: str, message: str
) -> None:
    assert message in run("errors", *arguments.split(), status=2).err
