"""Output of `evaluate`: tables, groups and pairs; recipes and list lengths."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.cli import comparison as printed

TWO = ("evaluate", "popular", "ease:l2=300")


def test_the_table_is_readable_at_120_columns(run: Run, planted_folder: Path) -> None:
    outcome = run(*TWO, "item-knn:neighbours=20", "--data", str(planted_folder))
    table = outcome.out.split("\n\n")[0]
    header = table.splitlines()[0]
    assert max(map(len, table.splitlines())) <= 120
    for column in ("ndcg@10 [95%]", "to best", "p ", "effect", "recall@10", "fit s", "MB"):
        assert column in header
    assert "* significant: the interval" in outcome.err


def test_a_narrow_terminal_drops_metrics_beside_the_deciding_one(
    run: Run, planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "table_width", lambda: 80)
    table = run(*TWO, "--data", str(planted_folder)).out.split("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 80
    assert "ndcg@10 [95%]" in table
    assert "recall@10" not in table


def test_columns_can_be_chosen(run: Run, planted_folder: Path) -> None:
    outcome = run(
        *TWO, "--data", str(planted_folder), "--k", "5", "--k", "10", "--metrics",
        "map, precision@5",
    )  # fmt: skip
    header = outcome.out.splitlines()[0]
    assert header.index("map@5") < header.index("map@10") < header.index("precision@5")
    assert "precision@10" not in header
    assert "recall" not in header


def test_a_named_length_is_measured_in_addition(run: Run, planted_folder: Path) -> None:
    header = run(*TWO, "--data", str(planted_folder), "--metrics", "f1@20,rbp@3").out.splitlines()[
        0
    ]
    assert "ndcg@10 [95%]" in header
    assert header.index("f1@20") < header.index("rbp@3")
    assert "f1@10" not in header


def test_columns_of_sampled_candidates_have_their_plain_names(
    run: Run, planted_folder: Path
) -> None:
    outcome = run(
        *TWO, "--data", str(planted_folder), "--candidates", "20", "--metrics", "recall@10"
    )
    assert "recall@10 of 20 sampled" in outcome.out.splitlines()[0]


def test_several_lengths_are_in_the_document(run: Run, planted_folder: Path) -> None:
    document = run(*TWO, "--data", str(planted_folder), "--k", "3", "--k", "20", "--json").json
    assert document["metric"] == "ndcg@3"
    assert {"ndcg@3", "ndcg@20"} <= document["results"][0]["metrics"].keys()


def test_the_document_has_tests_effects_pairs_and_groups(run: Run, planted_folder: Path) -> None:
    document = run(*TWO, "--data", str(planted_folder), "--json").json
    difference = document["results"][1]["metrics"]["ndcg@10"]["difference_to_best"]
    assert difference["p"] <= difference["p_adjusted"] < 0.05
    assert difference["real"] is True
    assert difference["effect"] == "large"
    assert 0 <= difference["superiority"] < 0.5
    (pair,) = document["pairs"]
    assert (pair["better"], pair["other"]) == ("ease (l2=300)", "popular")
    assert 0 < pair["overlap"]["rbo"] <= 1
    assert {each["grouping"] for each in document["groups"]} >= {"taste"}
    assert document["results"][0]["model_bytes"] > 0
    assert "Holm" in document["receipt"]["test"]


def test_groups_and_pairs_are_printed_on_request(run: Run, planted_folder: Path) -> None:
    quiet = run(*TWO, "--data", str(planted_folder)).out
    loud = run(*TWO, "--data", str(planted_folder), "--groups", "--pairs").out
    pairs = ("adjusted (Holm) over all 1", "Jaccard", "RBO")
    for text in ("ndcg@10 by taste", "worst served", "widest gap", *pairs):
        assert text not in quiet
        assert text in loud
    assert "Pareto front: ease (l2=300)" in quiet


def test_one_model_has_no_differences(run: Run, planted_folder: Path) -> None:
    outcome = run("evaluate", "popular", "--data", str(planted_folder), "--groups", "--pairs")
    assert "to best" not in outcome.out
    assert "not beaten" not in outcome.out
    assert "significant" not in outcome.err


def test_flags_override_a_recipe(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "comparison.toml"
    recipe.write_text(
        f"""
data = "{planted_folder}"
protocol = "strong"
k = [3, 7]
min_rating = 2
seeds = [1, 2]
[[model]]
name = "popular"
[[model]]
name = "ease"
options = {{ l2 = 77 }}
"""
    )
    whole = run("evaluate", "--recipe", str(recipe), "--json").json["receipt"]
    assert whole["protocol"]["name"] == "strong"
    assert whole["protocol"]["min_rating"] == 2
    assert (whole["k"], whole["seeds"]) == ([3, 7], [1, 2])
    assert [each["label"] for each in whole["models"]] == ["popular", "ease (l2=77)"]
    flags = ("--k", "4", "--seed", "5", "--protocol", "random", "--min-rating", "3", "--json")
    other = run("evaluate", "ease:l2=9", "--recipe", str(recipe), *flags).json["receipt"]
    assert (other["k"], other["seeds"]) == ([4], [5])
    assert other["protocol"]["name"] == "random"
    assert other["protocol"]["min_rating"] == 3
    assert [each["label"] for each in other["models"]] == ["ease (l2=9)"]
