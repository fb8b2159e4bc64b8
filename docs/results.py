"""The results table of the README: measured into receipts, and written from them.

python docs/results.py            measure every model (minutes; needs MovieLens 100K), then write
python docs/results.py --table    write the table from the receipts as they are
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matinee
from matinee import plugins
from matinee.experiments.evaluate import evaluate
from matinee.experiments.receipt_file import read_receipt, write_receipt
from matinee.experiments.receipt_format import ModelRecord, Receipt
from matinee.models import Model

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
RANKING = DOCS / "receipts" / "ml-100k-random.json"
RATING = DOCS / "receipts" / "ml-100k-folds.json"
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def measure() -> None:
    """Every model, as rankings on three seeds and, where it can, as ratings on the folds."""
    data = matinee.load("ml-100k")
    names = plugins.names("models")
    write_receipt(evaluate(names, data, "random", k=10, seeds=(0, 1, 2)), RANKING)
    write_receipt(evaluate([name for name in names if _predicts(name)], data, "folds"), RATING)


def page() -> str:
    """The README with the table that the receipts give."""
    before, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{table(read_receipt(RANKING), read_receipt(RATING))}\n{_END}{after}"


def table(ranking: Receipt, rating: Receipt) -> str:
    """One row a model, best first by NDCG."""
    errors = {record.model: record for record in rating.results}
    lines = [
        "| model | NDCG@10 | Recall@10 | coverage | fit | RMSE |",
        "|---|---|---|---|---|---|",
        *(_line(record, errors.get(record.model)) for record in ranking.results),
    ]
    return "\n".join(lines) + (
        f"\n\nPython {ranking.versions['python']}, NumPy {ranking.versions['numpy']}, "
        f"{ranking.machine['processor']}, {ranking.machine['cpus_allowed']} cores; "
        f"data SHA-256 `{ranking.data.sha256[:12]}`."
    )


def _predicts(name: str) -> bool:
    kind: type[Model] = plugins.get("models", name)
    return kind.predicts_ratings


def _line(record: ModelRecord, errors: ModelRecord | None) -> str:
    return (
        f"| [{record.model}](docs/models/{record.model}.md) | {_bounded(record.metrics['ndcg@10'])} "
        f"| {record.metrics['recall@10']['mean']:.4f} | {record.metrics['coverage@10']['mean']:.1%} "
        f"| {record.fit_seconds:.2f} s | {_bounded(errors.metrics['rmse']) if errors else ''} |"
    )


def _bounded(metric: Mapping[str, Any]) -> str:
    low, high = metric["interval"]
    return f"{metric['mean']:.4f} [{low:.4f}, {high:.4f}]"


if __name__ == "__main__":
    if sys.argv[1:] != ["--table"]:
        measure()
    README.write_text(page(), encoding="utf-8")
