"""Resuming an interrupted evaluation."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from tests.experiments.receipts import interrupted
from tests.experiments.toy_models import FilmMeans, Together, TogetherConfig

from matinee.data import Catalog, Dataset, Interactions
from matinee.errors import FailureError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison, SplitResult
from matinee.experiments.receipts.environment import source_hash
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.recipes import Recipe

ROOT = Path(__file__).parents[3]
_TIMES = {"fit_seconds", "score_seconds", "answer_seconds", "fit_bytes"}


def assert_same(one: object, other: object) -> None:
    """Equal all the way down, arrays with their types."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, dict):
        assert isinstance(other, dict)
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, tuple | list):
        assert isinstance(other, tuple | list)
        for pair in zip(one, other, strict=True):
            assert_same(*pair)
    elif hasattr(one, "__dataclass_fields__"):
        assert type(one) is type(other)
        assert_same(vars(one), vars(other))
    else:
        assert repr(one) == repr(other)


def split_results(comparison: Comparison) -> dict[str, list[SplitResult]]:
    return {result.name: list(result.splits) for result in comparison.results}


def assert_equal_but_times(one: Comparison, other: Comparison) -> None:
    for name, results in split_results(one).items():
        for was, now in zip(results, split_results(other)[name], strict=True):
            for field in fields(SplitResult):
                if field.name not in _TIMES:
                    assert_same(getattr(was, field.name), getattr(now, field.name))
    for was_model, now_model in zip(one.results, other.results, strict=True):
        assert_same(was_model.intervals, now_model.intervals)
        assert_same(was_model.differences, now_model.differences)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe([Together], audit=True),
        Recipe([Together], candidates=5),
        Recipe([Together], protocol="time", cuts=3),
        Recipe([Together], protocol="prequential", retrain="daily"),
        Recipe([FilmMeans], protocol="folds"),
    ],
)
def test_a_result_comes_back_to_the_last_bit(
    dataset: Dataset, tmp_path: Path, recipe: Recipe
) -> None:
    messages: list[str] = []
    ledger = Ledger(tmp_path / "run", messages.append)
    first, again = (evaluate(recipe, dataset, ledger=ledger) for _ in range(2))
    n = len(first.tests)
    assert messages == [f"{each} of {n} runs taken from {tmp_path / 'run'}" for each in (0, n)]
    assert_same(split_results(first), split_results(again))
    assert first.receipt["results_taken_from_a_ledger"] == 0
    assert again.receipt["results_taken_from_a_ledger"] == n
    assert "results_taken_from_a_ledger" not in evaluate(recipe, dataset).receipt


def test_every_field_of_a_result_is_stored() -> None:
    stored = {
        *("split", "seed", "users", "skipped", "weights", "values", "means", "options", "origin"),
        *("trials", "lists", "fit_seconds", "score_seconds", "answer_seconds", "fit_bytes"),
        *("model_bytes", "groups", "notes", "audit", "errors", "selection"),
        *("fits", "newcomers", "own_weights"),
    }
    new = {field.name for field in fields(SplitResult)} - stored
    assert not new, f"add {new} to matinee.experiments.receipts.split_record, then here"


def test_a_killed_evaluation_resumes_with_equal_results(
    planted: Interactions, tmp_path: Path
) -> None:
    table, folder = tmp_path / "ratings.csv", tmp_path / "run"
    planted.to_frame().write_csv(table)
    program = "from tests.experiments.receipts import interrupted; interrupted.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(table), str(folder)],
        cwd=ROOT,
        env={**os.environ, interrupted.STOP: "1"},
    )
    try:
        patience = time.monotonic() + 120
        while len(list(folder.glob("*.json"))) < 3:
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < patience, "it never reached the fit that halts"
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    source_hash.cache_clear()  # the sources may have changed since this process started
    messages: list[str] = []
    dataset = interrupted.ratings(table)
    resumed = evaluate(interrupted.RECIPE, dataset, ledger=Ledger(folder, messages.append))
    assert messages == [f"3 of 4 runs taken from {folder}"]
    assert_equal_but_times(resumed, evaluate(interrupted.RECIPE, dataset))


@pytest.mark.parametrize("suffix", [".json", ".npz"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "gone"])
def test_a_damaged_entry_is_reported_and_the_run_repeated(
    dataset: Dataset, tmp_path: Path, suffix: str, damage: str
) -> None:
    whole = evaluate([Together()], dataset, ledger=Ledger(tmp_path))
    (path,) = tmp_path.glob(f"*{suffix}")
    content = path.read_bytes()
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "gone": None,
    }[damage]
    if damaged is None:
        path.unlink()
    else:
        path.write_bytes(damaged)
    messages: list[str] = []
    again = evaluate([Together()], dataset, ledger=Ledger(tmp_path, messages.append))
    assert messages[-1] == f"0 of 1 runs taken from {tmp_path}"
    entry_is_gone = (suffix, damage) == (".json", "gone")
    assert any("is damaged" in line for line in messages) != entry_is_gone
    assert_equal_but_times(whole, again)
    third = evaluate([Together()], dataset, ledger=Ledger(tmp_path))
    assert third.receipt["results_taken_from_a_ledger"] == 1


def test_entries_of_other_comparisons_are_counted(dataset: Dataset, tmp_path: Path) -> None:
    evaluate([Together()], dataset, ledger=Ledger(tmp_path))
    messages: list[str] = []
    evaluate([Together()], dataset, k=5, ledger=Ledger(tmp_path, messages.append))
    assert messages == [
        f"0 of 1 runs taken from {tmp_path}; 1 others have other data, options or versions"
    ]


def test_the_key_of_a_run_covers_all_that_decides_its_result(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Recipe([Together()])

    def reused(recipe: Recipe, data: Dataset = dataset) -> int:
        comparison = evaluate(recipe, data, ledger=Ledger(tmp_path))
        return int(comparison.receipt["results_taken_from_a_ledger"])

    assert reused(plain) == 0
    assert reused(plain) == 1
    for other in (
        Recipe([Together(TogetherConfig(sign=0.5))]),
        Recipe([Together]),
        replace(plain, k=(5,)),
        replace(plain, seeds=(1,)),
        replace(plain, min_rating=2),
        replace(plain, protocol="last"),
        replace(plain, candidates=5),
        replace(plain, audit=True),
    ):
        assert reused(other) == 0, other
    values = dataset.interactions.values.copy()
    values[0] = 6 - values[0]
    changed = replace(dataset.interactions, values=values)
    assert reused(plain, replace(dataset, interactions=changed)) == 0
    films = dataset.catalog.films()
    films[0] = replace(films[0], genres=("Drama",))
    assert reused(plain, replace(dataset, catalog=Catalog.of(films))) == 0
    monkeypatch.setattr("matinee.__version__", "99")
    assert reused(plain) == 0


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FailureError, match="cannot be a folder of results"):
        Ledger(tmp_path / "file")
