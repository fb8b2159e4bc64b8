"""evaluate --receipt, evaluate --resume, verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.experiments.receipts.receipt_file import digest


@pytest.fixture
def receipt(run: Run, planted_folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "receipt.json"
    run("evaluate", "popular", "ease", "--data", str(planted_folder), "--receipt", str(path))
    return path


def test_a_receipt_holds(run: Run, receipt: Path) -> None:
    outcome = run("verify", str(receipt))
    assert "receipt.json holds: all" in outcome.out
    assert "ndcg@10" in outcome.out
    assert "--thorough chooses them again" in outcome.err


def test_the_document_has_every_number(run: Run, receipt: Path) -> None:
    document = run("verify", str(receipt), "--thorough", "--json").json
    assert document["agrees"] is True
    assert document["options_chosen_again"] is True
    assert document["counts"]["exact"] == len(document["agreements"])


def test_a_changed_file_is_refused_before_any_fit(run: Run, receipt: Path) -> None:
    receipt.write_text(receipt.read_text().replace('"audited": false', '"audited": true'))
    outcome = run("verify", str(receipt), status=1)
    assert "was changed after it was written" in outcome.err
    assert outcome.out == ""


def test_a_forged_digest_does_not_help(run: Run, receipt: Path) -> None:
    document = json.loads(receipt.read_text())
    metrics = next(each for each in document["results"] if each["model"] == "ease")["metrics"]
    metrics["ndcg@10"]["mean"] = 0.99
    receipt.write_text(json.dumps(document | {"sha256": digest(document)}))
    outcome = run("verify", str(receipt), status=1)
    assert "ease, ndcg@10: mean: recorded 0.99, now 0." in outcome.out
    assert "does not hold here: 1 of" in outcome.err


def test_changed_data_is_refused_with_both_counts(
    run: Run, receipt: Path, planted_folder: Path
) -> None:
    ratings = planted_folder / "u.data"
    ratings.write_text("".join(ratings.read_text().splitlines(keepends=True)[1:]))
    outcome = run("verify", str(receipt), status=1)
    assert "the data changed" in outcome.err
    assert "900 ratings" in outcome.err
    assert "899 ratings" in outcome.err


def test_data_can_be_named_by_path(run: Run, receipt: Path, planted_folder: Path) -> None:
    moved = planted_folder.rename(planted_folder.with_name("moved"))
    lost = run("verify", str(receipt), status=2)
    assert "the receipt's data is not here" in lost.err
    assert "name it with --data" in lost.err
    run("verify", str(receipt), "--data", str(moved))


def test_the_file_of_films_can_be_named(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    lines = (planted_folder / "u.item").read_text(encoding="latin-1").splitlines()
    films, receipt = tmp_path / "lists" / "films.txt", tmp_path / "receipt.json"
    films.parent.mkdir()
    films.write_text("\n".join(line.partition("|")[0] for line in lines[:30]))
    data = ("--data", str(planted_folder), "--receipt", str(receipt))
    run("evaluate", "popular", *data, "--among", str(films))
    refused = run("verify", str(receipt), status=2)
    assert "ranks the films of films.txt" in refused.err
    assert "name that file with --among FILE" in refused.err
    assert "holds: all" in run("verify", str(receipt), "--among", str(films)).out


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "there is no file"), ("{}", "is not a receipt"), ("x", "not JSON")],
)
def test_other_files_are_bad_input(
    run: Run, tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "file.json"
    if content is not None:
        path.write_text(content)
    outcome = run("verify", str(path), status=2)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_finished_runs_are_taken_from_the_folder(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    data, folder = ("--data", str(planted_folder)), str(tmp_path / "run")
    first = run("evaluate", "popular", *data, "--resume", folder)
    assert f"0 of 1 runs taken from {folder}" in first.err
    both = run("evaluate", "popular", "ease", *data, "--resume", folder)
    assert f"1 of 2 runs taken from {folder}" in both.err
