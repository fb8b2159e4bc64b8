"""Claim: EASE without a dense matrix ranks as well as with one, and fits 100,000 films.

    python benchmarks/ease_sparse.py [--data ml-1m ml-100k] [--sizes "20 64" "50 64"]
    python benchmarks/ease_sparse.py --viewers 100000 --films 100000 --ratings 10000000

Without --viewers: ml-1m, ratings of 4 or more, `strong`, NDCG@100; ml-100k, `random`, seeds 0 to 2,
NDCG@10. Options are chosen on validation; `ease-sparse 20 64` has 20 neighbours and 64 directions.
With --viewers: one fit on a generated audience, and its answers; the size of dense matrices is
computed.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from matinee.data import Query
from matinee.data.fetching.cache import Cache
from matinee.experiments.audience import AudienceConfig, audience
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import CandidateModel, ModelLike, grid
from matinee.experiments.measuring.cost import array_bytes, peak_memory
from matinee.experiments.recipes import Recipe
from matinee.models import create
from matinee.models.ease_sparse import EaseSparse, EaseSparseConfig
from matinee.service.datasets import load
from matinee.settings import load_settings

_TASKS: dict[str, tuple[str, float | None, tuple[int, ...], int]] = {
    "ml-1m": ("strong", 4, (0,), 100),
    "ml-100k": ("random", None, (0, 1, 2), 10),
}
"""Protocol, lowest rating, seeds, length of lists."""
_SIZES = ("20 64", "50 64", "50 0", "100 0")
_ASKED = 50


def main() -> None:
    """Prints a table for each data set, or the cost of one fit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", nargs="+", choices=list(_TASKS), default=list(_TASKS))
    parser.add_argument("--sizes", nargs="+", default=list(_SIZES), metavar="'K F'")
    parser.add_argument("--viewers", type=int)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--ratings", type=int, default=10_000_000)
    options = parser.parse_args()
    if options.viewers:
        cost(options.viewers, options.films, options.ratings)
        return
    for data in options.data:
        accuracy(data, options.sizes)


def accuracy(data: str, sizes: list[str]) -> None:
    """Sparse against dense on the test, with seconds and memory of the fit."""
    settings = load_settings()
    dataset = load(data, Cache(home=settings.home, mirror=settings.mirror))
    protocol, lowest, seeds, k = _TASKS[data]
    models: list[ModelLike] = ["ease", "dlae", *map(_of_size, sizes)]
    recipe = Recipe(models, protocol=protocol, k=(k,), min_rating=lowest, seeds=seeds)
    results = evaluate(recipe, dataset).results
    print(f"{data}, {protocol}, seeds {seeds}")
    print(f"  {'model':20}{f'NDCG@{k}':>9}{'fit s':>8}{'fit MB':>9}{'model MB':>10}")
    for result in results:
        fits = [
            (each.fit_seconds, (each.fit_bytes or 0) / 1e6, each.model_bytes / 1e6)
            for each in result.splits
        ]
        seconds, grown, kept = np.median(fits, axis=0)
        reached = result.means[f"ndcg@{k}"]
        print(f"  {result.name:20}{reached:9.4f}{seconds:8.2f}{grown:9.1f}{kept:10.1f}", flush=True)


def _of_size(size: str) -> CandidateModel:
    """Sparse EASE with these neighbours and directions, other candidates unchanged."""
    neighbours, directions = map(int, size.split())
    configs = (
        EaseSparseConfig.model_validate(
            {**each, "neighbours": neighbours, "directions": directions}
        )
        for each in grid(EaseSparseConfig)
    )
    return CandidateModel(f"ease-sparse {size}", EaseSparse, tuple(configs), "validation")


def cost(viewers: int, films: int, ratings: int) -> None:
    """Prints time, memory and size of one fit on a generated audience, and its answer time."""
    small = audience(AudienceConfig(users=50, items=200, interactions=1_000))
    create("ease-sparse").fit(small.interactions, small.catalog, rng=np.random.default_rng(0))
    dataset = audience(AudienceConfig(users=viewers, items=films, interactions=ratings))
    matrix = dataset.interactions.matrix
    with peak_memory() as memory:
        started, worked = time.perf_counter(), time.process_time()
        model = create("ease-sparse").fit(
            dataset.interactions, dataset.catalog, rng=np.random.default_rng(0)
        )
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    answers = []
    for user in range(_ASKED):
        entries = slice(*matrix.indptr[user : user + 2])
        query = Query(
            items=matrix.indices[entries].astype(np.int32),
            values=matrix.data[entries],
            times=np.zeros(entries.stop - entries.start, dtype=np.int64),
        )
        started = time.perf_counter()
        model.score(query)
        answers.append(time.perf_counter() - started)
    print(f"{viewers:,} viewers, {films:,} films, {ratings:,} ratings")
    print(f"  fit            {seconds:10.1f} s, {cpu:.1f} s of processor time")
    print(f"  memory of it   {(memory.grown or 0) / 1e9:10.2f} GB more than the ratings")
    print(f"  model          {array_bytes(model) / 1e6:10.1f} MB")
    print(f"  an answer      {np.median(answers) * 1e3:10.2f} ms")
    print(f"  dense: fit     {3 * 4 * films**2 / 1e9:10.0f} GB, model {4 * films**2 / 1e9:.0f} GB")


if __name__ == "__main__":
    main()
