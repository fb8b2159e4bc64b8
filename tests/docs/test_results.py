"""The README's table agrees with the receipts, and the receipts are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import results
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.experiments.receipts.receipt_file import read_receipt

RECEIPTS = sorted((results.DOCS / "receipts").glob("*.json"))


def test_the_table_is_up_to_date() -> None:
    written = results.README.read_text(encoding="utf-8")
    assert written == results.page(), "run: python docs/results.py --table"


def test_the_best_model_has_the_numbers_of_its_receipt() -> None:
    table = results.table(read_receipt(results.RANKING), read_receipt(results.RATING))
    best = read_receipt(results.RANKING).results[0]
    first = table.splitlines()[2]
    assert first.startswith(f"| [{best.model}](docs/models/{best.model}.md) | ")
    assert f"{best.metrics['ndcg@10']['mean']:.4f} [" in first


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_a_receipt_is_valid_has_no_paths_and_matches_the_current_data(
    path: Path, mirror: Path, home: Path
) -> None:
    receipt = read_receipt(path)
    assert receipt.data.name == "ml-100k"
    data = load("ml-100k", Cache(home, mirror=mirror))
    assert receipt.data.sha256 == data.interactions.content_hash
    text = path.read_text(encoding="utf-8")
    assert not re.search("/home/|/work/|/tmp/", text)
