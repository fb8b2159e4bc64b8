"""Receipts as files: written, read, and refused after a change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Dataset
from matinee.errors import DataError, FailureError, MatineeError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.receipts.receipt_file import (
    digest,
    read_receipt,
    receipt_document,
    write_receipt,
)
from matinee.experiments.recipes import Recipe

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def comparison(dataset: Dataset) -> Comparison:
    return evaluate(Recipe(["popular", ("ease", {"l2": 9}), "item-knn"], seeds=(0, 1)), dataset)


@pytest.fixture
def path(comparison: Comparison, tmp_path: Path) -> Path:
    write_receipt(comparison, tmp_path / "receipt.json")
    return tmp_path / "receipt.json"


def test_the_document_has_the_recipe_and_the_results(comparison: Comparison) -> None:
    document = receipt_document(comparison)
    assert (document["format"], document["version"]) == ("matinee-receipt", 1)
    assert document["data"]["ratings"] == 900
    assert len(document["data"]["films_sha256"]) == 64
    assert document["models"][1] == {
        "label": "ease (l2=9)",
        "name": "ease",
        "options_from": "given",
    }
    assert {"matinee", "sources", "python", "numpy", "scipy", "numba", "polars"} <= set(
        document["versions"]
    )
    assert "scikit-learn" in document["versions"]
    assert document["machine"]["cpus_allowed"] >= 1
    assert [each["split"] for each in document["splits"]] == ["seed 0", "seed 1"]
    assert document["splits"][0]["sha256"] != document["splits"][1]["sha256"]
    assert document["metrics"]["ndcg"]["definition"]
    chosen = next(each for each in document["results"] if each["model"] == "item-knn")
    assert len(chosen["splits"]) == 2
    assert len(chosen["splits"][0]["tried"]) > 1
    assert chosen["splits"][0]["model_bytes"] > 0


def test_the_document_has_no_values_of_single_viewers(comparison: Comparison) -> None:
    longest: list[int] = []

    def walk(value: Any) -> None:
        if isinstance(value, list):
            longest.append(len(value))
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, dict | list):
                walk(each)

    walk(receipt_document(comparison))
    n_tried = max(len(result.splits[0].trials) for result in comparison.results)
    assert max(longest) <= max(n_tried, len(comparison.pairs), 10)


def test_a_written_receipt_can_be_read(comparison: Comparison, path: Path) -> None:
    receipt = read_receipt(path)
    assert [each.model for each in receipt.results] == [each.name for each in comparison.results]
    for record, result in zip(receipt.results, comparison.results, strict=True):
        assert record.metrics["ndcg@10"]["mean"] == result.means["ndcg@10"]
        assert record.splits[1].options == result.splits[1].options
    assert json.loads(path.read_bytes())["sha256"] == receipt.sha256


@given(st.data())
def test_any_changed_value_changes_the_digest(comparison: Comparison, data: st.DataObject) -> None:
    document = receipt_document(comparison)
    place: Any = {key: value for key, value in document.items() if key != "sha256"}
    changed = place
    while True:
        inside = list(place) if isinstance(place, dict) else list(range(len(place)))
        inside = [key for key in inside if not isinstance(place[key], dict | list) or place[key]]
        key = data.draw(st.sampled_from(inside))
        if not isinstance(place[key], dict | list):
            break
        place = place[key]
    place[key] = "changed"
    assert digest(changed) != document["sha256"]


def test_the_digest_does_not_depend_on_the_layout(comparison: Comparison) -> None:
    document = receipt_document(comparison)
    reordered = dict(reversed(json.loads(json.dumps(document, indent=7)).items()))
    assert digest(reordered) == document["sha256"]


def test_the_digest_detects_a_changed_number(path: Path) -> None:
    document = json.loads(path.read_bytes())
    document["results"][0]["metrics"]["ndcg@10"]["mean"] += 0.01
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(FailureError, match="was changed after it was written: its digest is"):
        read_receipt(path)


def _reseal(path: Path, change: Change) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document | {"sha256": digest(document)}), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it.update(format="other"), 'lacks "format": "matinee-receipt"'),
        (lambda it: it.update(version=2), "format version 2; this matinee reads version 1"),
        (lambda it: it.pop("data"), "data is missing"),
        (lambda it: it.update(seeds=[]), "seeds has a wrong value"),
        (lambda it: it.update(seeds=["0"]), "seeds.0 has a wrong value"),
        (lambda it: it["models"].pop(), "lists other models than it has results of"),
        (lambda it: it["splits"].pop(), "lists other splits than it has results of"),
        (
            lambda it: it["results"][0]["splits"][0]["options"].update(l2={"$run": "x"}),
            "results.0.splits.0.options.l2",
        ),
        (lambda it: it.update(k=[10**9]), "k.0 has a wrong value"),
    ],
)
def test_a_wrong_field_is_named(path: Path, change: Change, message: str) -> None:
    _reseal(path, change)
    with pytest.raises(DataError) as error:
        read_receipt(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[1, 2]", "it is not a JSON object"),
        (b'{"format": NaN}', "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b'{"format": "matinee-receipt", "version": 1, "sha256": 7}', "was changed"),
        (b"{}", "is not a receipt"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(MatineeError, match=message):
        read_receipt(path)


def test_a_file_too_large_is_not_read(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="larger than 1,000 bytes"):
        read_receipt(path, max_bytes=1000)
    with pytest.raises(DataError, match="there is no file"):
        read_receipt(tmp_path / "nothing")
