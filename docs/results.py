"""Writes the results table of the README anew, between its two marks.

About a minute on two cores; needs MovieLens 100K on this machine or within reach.
"""

from __future__ import annotations

import platform
from pathlib import Path

import matinee
from matinee import plugins
from matinee.cli.comparison import interval
from matinee.experiments.results import Comparison, ModelResult
from matinee.models import Model

README = Path(__file__).parents[1] / "README.md"
_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def main() -> None:
    """Measure every model and put the table in place."""
    data = matinee.load("ml-100k")
    names = plugins.names("models")
    ranking = matinee.evaluate(names, data, "random", k=10, seeds=(0, 1, 2))
    rating = matinee.evaluate([name for name in names if _predicts(name)], data, "folds")
    before, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    README.write_text(
        f"{before}{_BEGIN}\n{_table(ranking, rating)}\n{_END}{after}", encoding="utf-8"
    )


def _predicts(name: str) -> bool:
    kind: type[Model] = plugins.get("models", name)
    return kind.predicts_ratings


def _table(ranking: Comparison, rating: Comparison) -> str:
    errors = {result.name: result for result in rating.results}
    lines = [
        "| model | NDCG@10 | Recall@10 | coverage | fit | RMSE |",
        "|---|---|---|---|---|---|",
        *(_line(result, errors.get(result.name)) for result in ranking.results),
    ]
    versions = ranking.receipt["versions"]
    return "\n".join(lines) + (
        f"\n\nPython {versions['python']}, NumPy {versions['numpy']}, {platform.machine()}, "
        f"{ranking.receipt['machine']['cpus']} cores; "
        f"data SHA-256 `{ranking.receipt['data']['sha256'][:12]}`."
    )


def _line(result: ModelResult, errors: ModelResult | None) -> str:
    return (
        f"| [{result.name}](docs/models/{result.name}.md) | {interval(result, 'ndcg@10')} "
        f"| {result.means['recall@10']:.4f} | {result.means['coverage@10']:.1%} "
        f"| {result.fit_seconds:.2f} s | {interval(errors, 'rmse') if errors else ''} |"
    )


if __name__ == "__main__":
    main()
