"""Claims A2 and A3: NDCG@10 >= .35 on MovieLens 100K, NDCG@100 >= .435 on MovieLens 1M.

    python benchmarks/ranking_accuracy.py [a2] [a3]

A2 is protocol `random`, mean of seeds 0, 1, 2; A3 is `strong` with ratings of 4 or more. Our
models, implicit's ALS and RecTools' EASE use the same splits and are measured by the same code. All
options are chosen on validation: ours from each model's candidates, the others from the grids
below. Other libraries run in their own environment (`make peers`).
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ials import write

import matinee
from matinee.data.splits import Division, Split
from matinee.experiments.measuring import protocols
from matinee.kernels.top import top_of_scores

_TASKS: dict[str, tuple[str, str, float | None, tuple[int, ...], int]] = {
    "a2": ("ml-100k", "random", None, (0, 1, 2), 10),
    "a3": ("ml-1m", "strong", 4, (0,), 100),
}
"""Data, protocol, lowest rating, seeds, length of lists."""
_MODELS = ("popular", "item-knn", "rp3beta", "slim", "ials", "ease", "dlae", "dlae-content")
_GRIDS: dict[str, list[tuple[float, ...]]] = {
    "als": list(itertools.product((2, 5, 10), (3, 10, 30))),
    "ease": [(100,), (200,), (300,), (500,), (1000,)],
}


def main() -> None:
    """Prints a table for each claim."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("tasks", nargs="*", default=list(_TASKS), metavar="a2|a3")
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    options = parser.parse_args()
    if unknown := set(options.tasks) - set(_TASKS):
        parser.error(f"no such claim: {', '.join(sorted(unknown))}; known: {', '.join(_TASKS)}")
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    for task in options.tasks:
        data, protocol, lowest, seeds, k = _TASKS[task]
        dataset = matinee.load(data)
        recipe = matinee.Recipe(_MODELS, protocol=protocol, k=(k,), min_rating=lowest, seeds=seeds)
        found = matinee.evaluate(recipe, dataset).results
        reached = {each.name: each.means[f"ndcg@{k}"] for each in found}
        divisions = [
            division
            for seed in seeds
            for division in protocols.divide(protocol, dataset, seed=seed, min_rating=lowest)
        ]
        for peer, grid in _GRIDS.items():
            reached[f"{peer} (peer)"] = float(
                np.mean([of_peer(options.peers, peer, grid, each, k) for each in divisions])
            )
        print(f"{task.upper()}: NDCG@{k}, {data}, {protocol}, seeds {seeds}")
        for name, value in sorted(reached.items(), key=lambda pair: -pair[1]):
            print(f"  {name:14}{value:8.4f}")


def of_peer(
    python: Path, peer: str, grid: Sequence[tuple[float, ...]], division: Division, k: int
) -> float:
    """NDCG on the test, with the best options on validation."""
    validation, test = division
    script = Path(__file__).parent / "peers" / "ranking_accuracy.py"
    reached = []
    with tempfile.TemporaryDirectory() as temporary:
        file, out = Path(temporary) / "split.npz", Path(temporary) / "scores.npz"
        write(file, division)
        for options in grid:
            command = [str(python), str(script), peer, str(file), str(out), *map(str, options)]
            subprocess.run(command, check=True, capture_output=True)
            scores = np.load(out)["scores"]
            n = len(validation.users)
            reached.append((_ndcg(scores[:n], validation, k), _ndcg(scores[n:], test, k)))
    return max(reached)[1]


def _ndcg(scores: np.ndarray, split: Split, k: int) -> float:
    unranked = split.unranked()
    lists, _ = top_of_scores(scores, unranked.indptr, unranked.indices, k)
    return float(np.mean(matinee.measure_lists(lists, split.targets, k, ["ndcg"])[f"ndcg@{k}"]))


if __name__ == "__main__":
    main()
