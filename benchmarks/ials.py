"""Claim P1: iALS at least as good as implicit's in at most half the time.

    python benchmarks/ials.py [--data ml-1m] [--rounds 3]

Ratings of 4 or more, protocol `strong`, 64 factors, 15 iterations, all cores. Weight and
penalty of each side are the best of its grid by NDCG@100 on validation; the test is used once. The
time is that of the fit, in alternating processes, with compiled code. Other libraries run in their
own environment (`make peers`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import scipy.sparse as sp

import matinee
from matinee.data import Catalog, Film, Histories, Interactions, Vocabulary
from matinee.data.splits import Division, Split
from matinee.experiments.measuring import protocols
from matinee.kernels.top import top_of_factors
from matinee.models import create

_K = 100
_OURS = list(itertools.product((0.1, 0.2, 0.3), (0.003, 0.005, 0.01)))
"""`unobserved_weight` and `l2`."""
_THEIRS = list(itertools.product((2, 3, 5, 10), (3, 10, 30)))
"""`alpha` and `regularization`."""

Run = Callable[[tuple[float, ...]], float]


def main() -> None:
    """Tunes both, then times both; or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-1m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    parser.add_argument("--only", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        file, out, weight, l2 = options.only
        print(json.dumps({"seconds": _fit(np.load(file), Path(out), float(weight), float(l2))}))
        return
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    division = protocols.divide("strong", matinee.load(options.data), min_rating=4)[0]
    peer = Path(__file__).parent / "peers" / "ials.py"
    with tempfile.TemporaryDirectory() as temporary:
        file, out = Path(temporary) / "split.npz", Path(temporary) / "factors.npz"
        write(file, division)
        sides = {
            "matinee": runner([sys.executable, __file__, "--only", str(file), str(out)]),
            "implicit": runner([str(options.peers), str(peer), "fit", str(file), str(out)]),
        }
        grids = {"matinee": _OURS, "implicit": _THEIRS}
        found = {name: tuned(run, grids[name], division, out) for name, run in sides.items()}
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(options.rounds):
            for name, run in sides.items():
                seconds[name].append(run(found[name][0]))
    print(f"{options.data}, ratings >= 4, 64 factors, 15 iterations")
    print(f"{'':10}{'weight, penalty':>17}{'NDCG@100':>10}{'seconds':>9}{'x matinee':>11}")
    own = median(seconds["matinee"])
    for name, (chosen, reached) in found.items():
        taken = median(seconds[name])
        pair = ", ".join(map(str, chosen))
        print(f"{name:10}{pair:>17}{reached:10.4f}{taken:9.2f}{taken / own:11.1f}")


def write(file: Path, division: Division) -> None:
    """The training likes, and the histories of validation and test, one below the other."""
    histories = sp.vstack([split.histories.ratings for split in division], format="csr")
    parts: dict[str, Any] = {}
    for name, matrix in (("train", division.test.train.matrix), ("histories", histories)):
        parts[f"{name}_indptr"] = matrix.indptr.astype(np.int32)
        parts[f"{name}_indices"] = matrix.indices.astype(np.int32)
        parts[f"{name}_shape"] = matrix.shape
    np.savez(file, **parts)


def tuned(
    run: Run, grid: list[Any], division: Division, out: Path
) -> tuple[tuple[float, ...], float]:
    """The best options on validation, and their NDCG@100 on the test."""
    n_validation = len(division.validation.users)
    reached: dict[tuple[float, ...], tuple[float, float]] = {}
    for options in grid:
        run(options)
        factors = np.load(out)
        users, items = factors["users"], factors["items"]
        reached[options] = (
            _ndcg(users[:n_validation], items, division.validation),
            _ndcg(users[n_validation:], items, division.test),
        )
    best = max(grid, key=lambda options: reached[options][0])
    return best, reached[best][1]


def _ndcg(users: np.ndarray, items: np.ndarray, split: Split) -> float:
    unranked = split.unranked()
    lists, _ = top_of_factors(users, items, unranked.indptr, unranked.indices, _K)
    return float(np.mean(matinee.measure_lists(lists, split.targets, _K, ["ndcg"])[f"ndcg@{_K}"]))


def runner(command: list[str]) -> Run:
    """Runs a command with options as its last arguments; returns the seconds it prints."""

    def run(options: tuple[float, ...]) -> float:
        arguments = [*command, *map(str, options)]
        printed = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        return float(json.loads(printed.splitlines()[-1])["seconds"])

    return run


def _fit(given: Any, out: Path, weight: float, l2: float) -> float:
    train = _csr(given, "train")
    films = Catalog.of(Film(id=str(each), title=str(each)) for each in range(train.shape[1]))
    interactions = Interactions(
        users=np.repeat(np.arange(train.shape[0], dtype=np.int32), np.diff(train.indptr)),
        items=train.indices,
        values=train.data,
        times=np.zeros(train.nnz, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(train.shape[0])),
        item_ids=films.item_ids,
    )
    options = {"factors": 64, "iterations": 15, "unobserved_weight": weight, "l2": l2}
    _ = interactions.matrix  # the peer also gets a matrix
    create("ials", {**options, "iterations": 1}).fit(
        interactions, films, rng=np.random.default_rng(0)
    )
    started = time.perf_counter()
    model = create("ials", options).fit(interactions, films, rng=np.random.default_rng(0))
    seconds = time.perf_counter() - started
    factors = model.factors(Histories(_csr(given, "histories")))
    if factors is None:
        sys.exit("this model has no factors")
    np.savez(out, users=factors[0], items=factors[1])
    return seconds


def _csr(given: Any, name: str) -> sp.csr_array:
    indices = given[f"{name}_indices"]
    ones = np.ones(len(indices), dtype=np.float32)
    shape = tuple(given[f"{name}_shape"].tolist())
    return sp.csr_array((ones, indices, given[f"{name}_indptr"]), shape=shape)


if __name__ == "__main__":
    main()
