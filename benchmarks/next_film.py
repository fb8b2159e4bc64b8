"""Claim A4 (closed form): blocks of the past and prefixes predict the next film.

    python benchmarks/next_film.py [--data ml-1m] [--ties file shuffle] [--models slit ...]

Likes of 4 or more under `last`, all films ranked. `--ties` are the protocol's rules for ratings of
one second. Options are chosen on validation, and models are fitted without it, as `evaluate` does.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.splits.by_order import TIES, Ties
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import CandidateModel, ModelLike
from matinee.experiments.measuring.results import ModelResult
from matinee.experiments.recipes import Recipe
from matinee.models import model_class
from matinee.service.datasets import load
from matinee.settings import load_settings

_DATA = ("ml-1m", "ml-100k", "ml-latest-small")
_LIKE = 4
_SEARCHES: dict[str, tuple[str, dict[str, list[float]]]] = {
    "ease": ("ease", {"l2": [200, 500], "half_life_items": [0, 1, 2, 4]}),
    "ease-sparse": ("ease-sparse", {"half_life_items": [0, 1, 2, 4]}),
    "item-knn": ("item-knn", {"half_life_items": [0, 1, 2, 4]}),
}
"""Models with decay of histories: a name, and values to try."""


def main() -> None:
    """Prints a table for each data set and order of equal times."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", nargs="+", default=list(_DATA))
    parser.add_argument("--ties", nargs="+", choices=TIES, default=["shuffle"])
    parser.add_argument("--models", nargs="+", default=["popular", *_SEARCHES, "slit"])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    settings = load_settings()
    cache = Cache(home=settings.home, mirror=settings.mirror)
    for data in options.data:
        for ties in options.ties:
            print(f"{data}, likes of {_LIKE} or more, last, order of equal times: {ties}")
            dataset = load(data, cache)
            ratings = dataset.interactions
            likes = replace(dataset, interactions=ratings.select(ratings.values >= _LIKE))
            table(likes, options.models, options.seed, ties)


def table(dataset: Dataset, models: list[str], seed: int, ties: Ties) -> None:
    """Evaluates and prints; intervals are of 95% over viewers, differences paired."""
    entries = [_entry(name) for name in models]
    recipe = Recipe(entries, protocol="last", seeds=(seed,), ties=ties)
    for result in evaluate(recipe, dataset).results:
        print(_row(result), flush=True)


def _entry(text: str) -> ModelLike:
    """A model by name, with options after it ("slit blocks=recent"), or a search."""
    name, *given = text.split(" ", 1)
    options = dict(each.split("=") for each in given[0].split(",")) if given else {}
    kind = model_class(_SEARCHES[name][0] if name in _SEARCHES else name)
    searched = _SEARCHES[name][1] if name in _SEARCHES else kind.Config.candidates()
    grid: list[dict[str, object]] = [dict(options)]
    for option, values in searched.items():
        if option not in options:
            grid = [each | {option: value} for each in grid for value in values]
    configs = tuple(kind.Config.model_validate(each) for each in grid)
    return CandidateModel(text, kind, configs, "validation" if len(configs) > 1 else "given")


def _row(result: ModelResult) -> str:
    cells = [f"  {result.name:30}"]
    for metric in ("recall@10", "ndcg@10"):
        interval = result.intervals[metric]
        cells.append(f"{result.means[metric]:.4f} [{interval.low:.4f}, {interval.high:.4f}]")
    if "ndcg@10" in result.differences:
        gap = result.differences["ndcg@10"]
        ends = gap.interval
        cells.append(f"{gap.mean:+.4f} [{ends.low:+.4f}, {ends.high:+.4f}]")
    split = result.splits[0]
    cost = f"{split.fit_seconds:5.1f} s {(split.fit_bytes or 0) / 1e6:5.0f} MB"
    chosen = {
        name: value
        for name, value in split.options.items()
        if len({trial.options[name] for trial in split.trials}) > 1
    }
    cells.append(f"{cost} {split.answer_seconds * 1e3:5.2f} ms  {chosen or ''}")
    return "  ".join(cells)


if __name__ == "__main__":
    main()
