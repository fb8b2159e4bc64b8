"""Claim A6: `auto` is level with the best single model under every protocol, untuned.

    python benchmarks/default_recipe.py [--only ml-100k ...] [--protocols time ...] [--seeds 0 ...]

Ratings of 4 and more of MovieLens, and a generated file. What `auto` chooses on is chosen on the
validation part of each protocol, like the options of every other model. Printed are NDCG at 10, the
95% interval of the paired difference to `auto` over viewers, and the seconds of the fit.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.experiments.audience import AudienceConfig, audience
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.recipes import Recipe
from matinee.service.datasets import load
from matinee.settings import load_settings

_DATA = ("ml-100k", "ml-latest-small", "ml-1m", "generated")
_PROTOCOLS = ("random", "strong", "last", "time")
_MODELS: tuple[ModelLike, ...] = (
    "popular",
    "trending",
    "item-knn",
    "ials",
    "ease-sparse",
    ("ease-sparse", {"half_life_items": 4}),
    "dlae-content",
    "auto",
)


def main() -> None:
    """Prints each data set and protocol, its models best first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=_DATA, default=_DATA)
    parser.add_argument("--protocols", nargs="+", choices=_PROTOCOLS, default=_PROTOCOLS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    settings = load_settings()
    cache = Cache(home=settings.home, mirror=settings.mirror)
    for name in options.only:
        dataset = _dataset(name, cache)
        for protocol in options.protocols:
            _compare(name, dataset, protocol, options.seeds)


def _compare(name: str, dataset: Dataset, protocol: str, seeds: list[int]) -> None:
    recipe = Recipe(_MODELS, protocol=protocol, seeds=seeds, min_rating=4)
    comparison = evaluate(recipe, dataset)
    print(f"\n{name}, {protocol}: {len(dataset.interactions):,} ratings", flush=True)
    for result in comparison.results:
        gap = ""
        for pair in comparison.pairs:
            if {pair.better, pair.other} == {"auto", result.name} and result.name != "auto":
                low, high = pair.difference.interval.low, pair.difference.interval.high
                low, high = (low, high) if pair.better == "auto" else (-high, -low)
                gap = f"auto gains {low:+.4f} to {high:+.4f}"
        mean, seconds = result.means["ndcg@10"], result.fit_seconds
        print(f"  {result.name:32} {mean:.4f}  {seconds:6.1f} s  {gap}", flush=True)
    auto = next(each for each in comparison.results if each.name == "auto")
    for split in auto.splits:
        races = split.selection.races if split.selection else ()
        chosen = "; ".join(f"{race.viewers}: {race.chosen}" for race in races)
        print(f"  {split.split}, choose_on={split.options['choose_on']}: {chosen}", flush=True)


def _dataset(name: str, cache: Cache) -> Dataset:
    if name != "generated":
        return load(name, cache)
    generated = audience(AudienceConfig(users=2000, items=1500, interactions=120_000, seed=3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.csv"
        generated.interactions.to_frame().write_csv(path)
        return load(str(path), cache)


if __name__ == "__main__":
    main()
