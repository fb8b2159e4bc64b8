"""Claim A6: `auto` beats popularity, item-kNN and tuned ALS on any rating file, untuned.

    python benchmarks/default_recipe.py [--only ml-100k ml-latest-small ml-1m generated implicit]

Every data set is written as a plain CSV and read like any other. Protocol `random`: 80% training,
10% validation, 10% test. Item-kNN and ALS choose their options on the validation part; `auto` never
sees it and holds out a part of the training data.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.experiments.audience import AudienceConfig, audience
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.recipes import Recipe
from matinee.service.datasets import load
from matinee.settings import load_settings


def main() -> None:
    """Prints each file, its models best first."""
    settings = load_settings()
    cache = Cache(home=settings.home, mirror=settings.mirror)
    files: dict[str, Callable[[], pl.DataFrame]] = {
        "ml-100k": lambda: _frame(load("ml-100k", cache)),
        "ml-latest-small": lambda: _frame(load("ml-latest-small", cache)),
        "ml-1m": lambda: _frame(load("ml-1m", cache)),
        "generated": lambda: _frame(
            audience(AudienceConfig(users=2000, items=1500, interactions=120_000, seed=3))
        ),
        "implicit": lambda: (
            _frame(load("ml-100k", cache))
            .filter(pl.col("rating") >= 4)
            .select("user_id", "item_id")
        ),
    }
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=list(files), default=list(files))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    for name in options.only:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.csv"
            files[name]().write_csv(path)
            dataset = load(str(path), cache)
        print(f"\n{name}.csv: {len(dataset.interactions):,} rows", flush=True)
        models: list[ModelLike] = ["popular", "item-knn", "ials", ("auto", {})]
        for result in evaluate(Recipe(models, seeds=options.seeds), dataset).results:
            print(f"  {result.name:12}NDCG@10 {result.means['ndcg@10']:.4f}", flush=True)


def _frame(dataset: Dataset) -> pl.DataFrame:
    return dataset.interactions.to_frame()


if __name__ == "__main__":
    main()
