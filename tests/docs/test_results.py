"""The README's table agrees with the receipts, and the receipts are valid."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.experiments.receipts.receipt_file import read_receipt

DOCS = Path(__file__).parents[2] / "docs"
RECEIPTS = sorted((DOCS / "receipts").glob("*.json"))


@pytest.fixture(scope="module")
def results() -> ModuleType:
    specification = importlib.util.spec_from_file_location("results", DOCS / "results.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_table_is_up_to_date(results: ModuleType) -> None:
    written = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert written == results.page(), "run: python docs/results.py --table"


def test_the_best_model_has_the_numbers_of_its_receipt(results: ModuleType) -> None:
    table = results.table(read_receipt(results.RANKING), read_receipt(results.RATING))
    best = read_receipt(results.RANKING).results[0]
    first = table.splitlines()[2]
    assert first.startswith(f"| [{best.model}](docs/models/{best.model}.md) | ")
    assert f"{best.metrics['ndcg@10']['mean']:.4f} [" in first


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_a_receipt_is_valid_and_has_no_paths(path: Path) -> None:
    receipt = read_receipt(path)
    assert receipt.data.name == "ml-100k"
    text = path.read_text(encoding="utf-8")
    assert "/home/" not in text
    assert "/work/" not in text
    assert "/tmp/" not in text  # noqa: S108 - looked for, not written to


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_a_receipt_matches_the_current_data(
    path: Path, mirror: Path, film_table: Path, tmp_path: Path
) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "film-table").symlink_to(film_table)
    data = load("ml-100k", Cache(tmp_path, mirror=mirror))
    assert read_receipt(path).data.sha256 == data.interactions.content_hash
