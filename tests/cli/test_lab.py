"""train, evaluate and models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee import plugins


def test_evaluate_prints_one_json_document(run: Run, planted_folder: Path) -> None:
    outcome = run(
        "evaluate", "popular", "ease", "--data", str(planted_folder), "--protocol", "random",
        "--defaults", "--json",
    )  # fmt: skip
    assert outcome.status == 0
    document = json.loads(outcome.out)
    ndcg = {each["model"]: each["metrics"]["ndcg@10"]["mean"] for each in document["results"]}
    assert ndcg["ease"] > ndcg["popular"]
    assert document["receipt"]["protocol"]["name"] == "random"


def test_evaluate_prints_intervals_and_chosen_options(run: Run, planted_folder: Path) -> None:
    outcome = run("evaluate", "ease", "popular", "--data", str(planted_folder))
    assert outcome.status == 0
    assert "ndcg@10 [95%]" in outcome.out
    assert "chosen on validation" in outcome.out


def test_train_prints_the_folder_of_an_artefact(run: Run, planted_folder: Path, home: Path) -> None:
    outcome = run("train", "svd", "--data", str(planted_folder))
    folder = Path(outcome.out.strip())
    assert outcome.status == 0
    assert folder.parent == home / "artefacts"
    assert (folder / "manifest.json").is_file()


def test_models_lists_every_model(run: Run) -> None:
    listed = run("models").out
    assert all(f"\n{name}" in "\n" + listed for name in plugins.names("models"))


def test_models_name_shows_every_option_with_its_meaning(run: Run) -> None:
    outcome = run("models", "ease")
    assert "l2" in outcome.out
    assert "min_rating" in outcome.out


def test_every_option_of_every_model_has_a_meaning() -> None:
    for name in plugins.names("models"):
        for option, field in plugins.get("models", name).Config.model_fields.items():
            assert field.description, f"option {option!r} of model {name!r} has no docstring"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "esae"), "unknown model 'esae'; did you mean 'ease'?"),
        (("train", "ease", "-o", "lambda=3"), "has no option 'lambda'"),
        (("train", "ease", "-o", "l2=-3"), "option 'l2'"),
        (("train", "ease", "-o", "l2"), "not of the form OPTION=VALUE"),
        (("train", "ease", "-o", "l2=1", "-o", "l2=2"), "given twice"),
        (("evaluate", "nothing"), "unknown model 'nothing'"),
        (("evaluate", "ease", "--protocol", "randon"), "unknown protocol 'randon'"),
        (("evaluate", "ease", "--protocol", "folds"), "does not predict ratings"),
        (("evaluate", "svd", "--protocol", "folds"), "has no folds of its own"),
        (("evaluate", "ease", "--k", "0"), "--k"),
        (("models", "none-such"), "unknown model 'none-such'"),
        (("evaluate",), "Missing argument"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    run: Run, planted_folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    with_data = arguments[0] in {"train", "evaluate"} and len(arguments) > 1
    outcome = run(*arguments, *(("--data", str(planted_folder)) if with_data else ()))
    assert outcome.status == 2, outcome.err
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
