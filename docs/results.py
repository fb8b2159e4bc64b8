"""Measures the README's results into receipts, and writes its table from them.

python docs/results.py            measures every model (minutes; needs MovieLens 100K), then writes
python docs/results.py --table    only writes the table, from the existing receipts
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matinee
from matinee import plugins
from matinee.experiments.evaluate import evaluate
from matinee.experiments.receipts.receipt_file import read_receipt, write_receipt
from matinee.experiments.receipts.receipt_format import ModelRecord, Receipt
from matinee.experiments.recipes import Recipe
from matinee.models import Model

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
RANKING = DOCS / "receipts" / "ml-100k-random.json"
RATING = DOCS / "receipts" / "ml-100k-folds.json"
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


_COMPOSITE = ("auto", "blend")
"""Models that fit many others and take minutes; their pages have their numbers."""


def measure() -> None:
    """Ranking models on three seeds, rating models on the folds; popularity in both."""
    data = matinee.load("ml-100k")
    names = [name for name in plugins.names("models") if name not in _COMPOSITE]
    ranking = [name for name in names if not _predicts(name) or name == "popular"]
    rating = [name for name in names if _predicts(name)]
    write_receipt(evaluate(Recipe(ranking, seeds=(0, 1, 2)), data), RANKING)
    write_receipt(evaluate(rating, data, "folds"), RATING)


def page() -> str:
    """The README with the table from the receipts."""
    before, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{table(read_receipt(RANKING), read_receipt(RATING))}\n{_END}{after}"


def table(ranking: Receipt, rating: Receipt) -> str:
    """Two tables: ranking models, best first by NDCG, and rating models, by RMSE."""
    lines = [
        "| ranking | NDCG@10 | Recall@10 | coverage | novelty | fit |",
        "|---|---|---|---|---|---|",
        *map(_ranking_line, ranking.results),
        "",
        "| rating | RMSE | MAE | fit |",
        "|---|---|---|---|",
        *map(_rating_line, rating.results),
    ]
    return "\n".join(lines) + (
        f"\n\nPython {ranking.versions['python']}, NumPy {ranking.versions['numpy']}, "
        f"{ranking.machine['processor']}, {ranking.machine['cpus_allowed']} cores; "
        f"data SHA-256 `{ranking.data.sha256[:12]}`."
    )


def _predicts(name: str) -> bool:
    kind: type[Model] = plugins.get("models", name)
    return kind.predicts_ratings


def _ranking_line(record: ModelRecord) -> str:
    metrics = record.metrics
    return (
        f"| {_linked(record)} | {_bounded(metrics['ndcg@10'])} "
        f"| {metrics['recall@10']['mean']:.4f} | {metrics['coverage@10']['mean']:.1%} "
        f"| {metrics['novelty@10']['mean']:.2f} | {record.fit_seconds:.2f} s |"
    )


def _rating_line(record: ModelRecord) -> str:
    return (
        f"| {_linked(record)} | {_bounded(record.metrics['rmse'])} "
        f"| {record.metrics['mae']['mean']:.4f} | {record.fit_seconds:.2f} s |"
    )


def _linked(record: ModelRecord) -> str:
    return f"[{record.model}](docs/models/{record.model}.md)"


def _bounded(metric: Mapping[str, Any]) -> str:
    low, high = metric["interval"]
    return f"{metric['mean']:.4f} [{low:.4f}, {high:.4f}]"


if __name__ == "__main__":
    if sys.argv[1:] != ["--table"]:
        measure()
    README.write_text(page(), encoding="utf-8")
