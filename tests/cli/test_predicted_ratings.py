"""Ratings of a table of one's own, predicted: evaluated, verified, reported and tuned."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_ratings_of_any_table_are_predicted_by_fold_with_new_films_apart(
    run: Run, rated: str
) -> None:
    with Path(rated).open("a") as file:
        file.write("1,9,2,970010009,Seldom Seen (1990),Drama\n")
    chosen = ("popular", "baseline", "--protocol", "ratings", "--folds", "3", "--data", rated)
    outcome = run("evaluate", *chosen, "--defaults", "--receipt", "r.json", "--report", "r.html")
    assert "rmse [95%]" in outcome.out
    rows = [line.split() for line in outcome.out.splitlines()]
    assert ["rmse", "fold", "1", "fold", "2", "fold", "3", "mean"] in rows
    assert ["model", "group", "ratings", "rmse", "mae"] in rows
    assert any(row[:4] == ["popular", "new", "films", "1"] for row in rows)
    assert "known viewers" not in outcome.out  # everybody is known: the mean says it
    assert "protocol ratings" in outcome.err
    assert "new films" in Path("r.html").read_text()
    verified = run("verify", "r.json", "--data", rated, "--json").json
    assert verified["counts"]["exact"] == len(verified["agreements"])


def test_ratings_are_tuned_on_a_hold_out(run: Run, rated: str) -> None:
    options = ("--protocol", "ratings", "--data", rated, "--trials", "2", "--json")
    tuned = run("tune", "baseline", *options).json
    assert tuned["metric"] == "rmse"
    assert tuned["about"]["protocol"] == "ratings"
    tuned = run("tune", "baseline", *options, "--metric", "recall-predicted").json
    assert tuned["metric"] == "recall-predicted"
    low, high = tuned["test"]["interval"]
    assert low <= tuned["test"]["mean"] <= high


def test_precision_and_recall_of_predictions_are_means_over_viewers(run: Run, rated: str) -> None:
    names = "precision-predicted,recall-predicted,fcp,r2,mse"
    chosen = ("popular", "--protocol", "ratings", "--data", rated, "--defaults")
    header = run("evaluate", *chosen, "--metrics", names).out.splitlines()[0]
    assert [each for each in header.split() if each in names.split(",")] == names.split(",")


@pytest.mark.parametrize(
    ("arguments", "times"),
    [
        ("svd:factors=2,epochs=2 popular", 1),
        ("popular", 0),
        ("svd:factors=2,epochs=2 ease", 0),
        ("svd:factors=2,epochs=2 --protocol strong", 0),
    ],
)
def test_models_of_ratings_that_are_ranked_are_pointed_to_their_protocol(
    run: Run, planted_folder: Path, arguments: str, times: int
) -> None:
    outcome = run("evaluate", *arguments.split(), "--defaults", "--data", str(planted_folder))
    assert outcome.err.count("--protocol ratings measures RMSE and MAE") == times
