"""`matinee tune`: output, resumption, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.experiments.measuring.measure import MetricSet


def test_the_best_options_and_their_plateaus(run: Run, planted_folder: Path) -> None:
    outcome = run("tune", "ease", "--data", str(planted_folder), "--trials", "4")
    assert "validation" in outcome.out
    assert "best of 4 trials" in outcome.out
    assert "10 to 5000 (log)" in outcome.out
    assert "of 4 trials (" in outcome.out
    *_, last = outcome.out.splitlines()
    assert last.startswith("ease:min_rating=none,l2=")
    again = run("evaluate", last, "--data", str(planted_folder), "--json")
    test = again.json["results"][0]["metrics"]["ndcg@10"]
    assert f"{test['mean']:.4f} [{test['interval'][0]:.4f}" in outcome.out


def test_one_json_document(run: Run, planted_folder: Path) -> None:
    document = run(
        "tune", "item-knn", "--data", str(planted_folder), "--trials", "3", "--metric", "recall@5",
        "-o", "neighbours=20", "--seed", "1", "--seed", "2", "--min-rating", "2",
        "--relevant-from", "3", "--json",
    ).json  # fmt: skip
    assert document["metric"] == "recall@5"
    assert document["chosen"].keys() == {"neighbours", "weighting", "lowest_weight", "like_from"}
    assert document["chosen"]["like_from"] == document["about"]["relevant_from"] == 3
    assert document["options"]["neighbours"] == 20
    assert document["about"]["seeds"] == [1, 2]
    assert document["about"]["min_rating"] == 2
    assert len(document["trials"]) == 3


def test_a_model_of_ratings_is_pointed_to_their_protocol(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder), "--trials", "1")
    said = "svd predicts ratings: --protocol ratings tunes its RMSE"
    fast = ("-o", "epochs=1..2", "-o", "factors=2")
    assert said in run("tune", "svd", *fast, *data).err
    assert said not in run("tune", "svd", *fast, *data, "--protocol", "ratings").err
    assert "--protocol ratings" not in run("tune", "ease", *data).err


def test_ranges_and_choices_on_the_command_line(run: Run, planted_folder: Path) -> None:
    document = run(
        "tune", "svd", "--data", str(planted_folder), "--protocol", "ratings", "--trials", "3",
        "-o", "factors=2..9,log", "-o", "epochs=2,4", "-o", "fold-in-l2=5", "--json",
    ).json  # fmt: skip
    assert document["about"]["search"] == {"factors": "2 to 9 (log)", "epochs": "2, 4"}
    assert document["chosen"].keys() == {"factors", "epochs", "fold_in_l2"}
    assert all(isinstance(trial["options"]["factors"], int) for trial in document["trials"])


def test_a_study_is_resumed(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "ease.study"
    arguments = ("tune", "ease", "--data", str(planted_folder), "--study", str(study))
    run(*arguments, "--trials", "2")
    document = run(*arguments, "--trials", "3", "--json").json
    assert len(document["trials"]) == 3


def test_ctrl_c_keeps_the_study(
    run: Run, planted_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MetricSet, "decisive", interrupted)
    study = tmp_path / "ease.study"
    outcome = run("tune", "ease", "--data", str(planted_folder), "--study", str(study), status=130)
    assert f"{study} has the finished trials; repeat the command to resume" in outcome.err
    assert study.is_file()
