"""train, evaluate and models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee import plugins


def test_evaluate_prints_one_json_document(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder))
    document = run("evaluate", "popular", "ease", *data, "--defaults", "--json").json
    ndcg = {each["model"]: each["metrics"]["ndcg@10"]["mean"] for each in document["results"]}
    assert ndcg["ease"] > ndcg["popular"]
    assert document["receipt"]["protocol"]["name"] == "random"


def test_evaluate_prints_intervals_and_chosen_options(run: Run, planted_folder: Path) -> None:
    outcome = run("evaluate", "ease", "popular", "--data", str(planted_folder))
    assert "ndcg@10 [95%]" in outcome.out
    assert "chosen on validation" in outcome.out


def test_train_prints_the_folder_of_an_artefact(run: Run, planted_folder: Path, home: Path) -> None:
    outcome = run("train", "svd", "--data", str(planted_folder))
    folder = Path(outcome.out.strip())
    assert folder.parent == home / "artefacts"
    assert (folder / "manifest.json").is_file()


def test_a_fit_that_diverges_names_the_option_to_change(run: Run, planted_folder: Path) -> None:
    options = ("-o", "learning_rate=0.5", "-o", "l2=9")
    for command in (("train", "svd"), ("evaluate", "svd:learning_rate=0.5,l2=9", "--defaults")):
        some = options if command[0] == "train" else ()
        outcome = run(*command, "--data", str(planted_folder), *some, status=2)
        assert "the fit of model 'svd' diverged" in outcome.err
        assert "set learning_rate below 0.5" in outcome.err


def test_no_threshold_is_written_none(run: Run, planted_folder: Path) -> None:
    options = ("-o", "min_rating=none")
    folder = Path(run("train", "ease", "--data", str(planted_folder), *options).out.strip())
    assert json.loads((folder / "manifest.json").read_text())["config"]["min_rating"] is None
    rows = [line.split()[:2] for line in run("models", "ease").out.splitlines()]
    assert ["min_rating", "none"] in rows


def test_models_lists_every_model(run: Run) -> None:
    listed = run("models").out
    assert all(f"\n{name}" in "\n" + listed for name in plugins.names("models"))


def test_models_name_shows_every_option_with_its_meaning(run: Run) -> None:
    outcome = run("models", "ease")
    assert "l2" in outcome.out
    assert "min_rating" in outcome.out


def test_models_name_shows_ranges_and_marks_those_of_the_default_search(run: Run) -> None:
    lines = {line.split()[0]: line for line in run("models", "svd").out.splitlines()}
    assert "10 to 300 (log)  " in lines["factors"]
    assert "0.01 to 1 (log) *" in lines["l2"]


@pytest.mark.parametrize(
    "command",
    [
        ("train", "svd", "-o", "factors=20..200"),
        ("train", "svd", "-o", "factors=20,50"),
        ("evaluate", "svd:factors=20..200"),
        ("evaluate", "svd:factors=20,50"),
    ],
)
def test_several_values_of_an_option_are_for_tune(run: Run, command: tuple[str, ...]) -> None:
    outcome = run(*command, status=2)
    assert "use matinee tune" in outcome.err


def test_every_option_of_every_model_has_a_meaning() -> None:
    for name in plugins.names("models"):
        for option, field in plugins.get("models", name).Config.model_fields.items():
            assert field.description, f"option {option!r} of model {name!r} has no docstring"


def test_a_folder_that_is_no_encoder_is_refused_before_any_data_is_read(
    run: Run, tmp_path: Path
) -> None:
    refused = run(
        "train", "popular", "--data", "no-such-data", "--encoder", str(tmp_path), status=2
    )
    assert "has no config.json; give the folder of a sentence-transformers model" in refused.err
    assert len(refused.err.splitlines()) == 1


def test_models_show_prints_how_a_saved_model_has_chosen(run: Run, planted_folder: Path) -> None:
    folder = run("train", "auto", "--data", str(planted_folder)).out.strip()
    shown = run("models", "show", folder)
    assert "viewers with a history: " in shown.out
    assert "chosen" in shown.out
    document = run("models", "show", folder, "--json").json
    assert document["races"][0]["chosen"] in shown.out


def test_models_show_refuses_what_has_not_chosen(run: Run, planted_folder: Path) -> None:
    folder = run("train", "popular", "--data", str(planted_folder)).out.strip()
    assert "does not choose between candidates" in run("models", "show", folder, status=2).err
    assert "live" in run("models", "show", status=2).err
    assert "no model is live" in run("models", "show", "live", status=1).err
    assert "models show ease" in run("models", "popular", "ease", status=2).err
    assert "is not the folder" in run("models", "show", "nowhere", status=2).err
