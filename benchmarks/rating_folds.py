"""Ratings of any data: on drawn folds, each model has a lower RMSE than three of Surprise's.

    python benchmarks/rating_folds.py [--data ml-latest-small] [--folds 5] [--seed 0]

Both sides have default options and the same rows of the same folds: ours are divided, fitted and
measured as `matinee evaluate --protocol ratings --folds 5 --defaults` does it. Surprise reads ids
and stars alone. `bayes-fm` also reads times and facts of films, so it stands there from ids alone,
too. Peers live in an environment of their own (`make peers`). Some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rating_accuracy import columns

import matinee
from matinee.data import Dataset
from matinee.data.splits import Split
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.scoring import prediction_errors
from matinee.experiments.statistics.bootstrap import Interval, intervals, resampled_means
from matinee.experiments.statistics.sample import Sample
from matinee.metrics.rating import mae, rmse
from matinee.models import create

_PEER = Path(__file__).parent / "peers" / "rating_accuracy.py"
_IDS: dict[str, object] = dict.fromkeys(("implicit", "film_features", "sessions"), False)
_OURS: Mapping[str, tuple[str, dict[str, object]]] = {
    "bayes-fm": ("bayes-fm", {}),
    "bayes-fm, ids alone": ("bayes-fm", _IDS),
    "svd-plus-plus": ("svd-plus-plus", {}),
    "item-knn-ratings": ("item-knn-ratings", {}),
    "svd": ("svd", {}),
    "baseline": ("baseline", {}),
}
_THEIRS = ("SVD", "KNNBaseline", "BaselineOnly")

Errors = dict[str, list[NDArray[np.float64]]]


def main() -> None:
    """Measures everybody on every fold, then compares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-latest-small")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    options = parser.parse_args()
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    dataset = matinee.load(options.data)
    divisions = protocols.divide(
        "ratings", dataset, seed=options.seed, cut=Cut(folds=options.folds)
    )
    tests = [division.test for division in divisions]
    errors: Errors = {}
    seconds: dict[str, list[float]] = {}
    for test in tests:
        for name, found, spent in measured(dataset, test, options.seed, options.peers):
            print(f"{test.name}  {name:<22} {spent:6.1f} s", file=sys.stderr, flush=True)
            errors.setdefault(name, []).append(found)
            seconds.setdefault(name, []).append(spent)
    print(f"{options.data}, {options.folds} drawn folds, seed {options.seed}")
    report(tests, errors, seconds)


def measured(
    dataset: Dataset, test: Split, seed: int, peers: Path
) -> Iterator[tuple[str, NDArray[np.float64], float]]:
    """Name, errors of all test ratings and seconds of the fit, ours and theirs in turn."""
    for name, (model, given) in _OURS.items():
        started = time.perf_counter()
        rng = np.random.default_rng(seed)
        fitted = create(model, given).fit(test.train, dataset.catalog, rng=rng)
        seconds = time.perf_counter() - started
        yield name, prediction_errors(fitted, test), seconds
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "fold.npz", Path(folder) / "predicted.npy"
        np.savez(file, **columns(test))
        for kind in _THEIRS:
            command = [str(peers), str(_PEER), kind, str(file), str(out)]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            errors = np.load(out) - test.targets.data
            yield f"Surprise, {kind}", errors, json.loads(printed.splitlines()[-1])["seconds"]


def report(tests: list[Split], errors: Errors, seconds: Mapping[str, list[float]]) -> None:
    """Prints RMSE and MAE of everybody, then ours minus theirs over the same viewers."""
    names = list(errors)
    squares, absolute = (
        [
            Sample(
                test.users,
                np.diff(test.targets.indptr).astype(np.float64),
                np.column_stack(
                    [metric(each[fold], test.targets.indptr) for each in errors.values()]
                ),
                np.full(len(names), power),
            )
            for fold, test in enumerate(tests)
        ]
        for metric, power in ((rmse, 2.0), (mae, 1.0))
    )
    drawn = resampled_means(squares)
    means = np.mean([each.means() for each in squares], axis=0)
    maes = np.mean([each.means() for each in absolute], axis=0)
    print(f"\n{'':<24}{'RMSE [95%]':<26}{'MAE':>6}{'fit s':>9}")
    for row, bounds in enumerate(intervals(drawn)):
        name = names[row]
        print(
            f"{name:<24}{_text(means[row], bounds):<26}{maes[row]:.4f}{np.mean(seconds[name]):9.2f}"
        )
    theirs = [names.index(f"Surprise, {kind}") for kind in _THEIRS]
    columns_of_peers = "".join(f"{names[row]:<30}" for row in theirs)
    print(f"\n{'RMSE, ours minus':<24}{columns_of_peers}".rstrip())
    for name in _OURS:
        own = names.index(name)
        bounds = intervals(drawn[:, [own]] - drawn[:, theirs])
        cells = [
            _text(means[own] - means[row], at, "+") for row, at in zip(theirs, bounds, strict=True)
        ]
        print(f"{name:<24}{''.join(f'{cell:<30}' for cell in cells)}".rstrip())
    print("\n95% intervals: 1,000 resamples of viewers, paired over models and folds")


def _text(mean: float, bounds: Interval, sign: str = "") -> str:
    return f"{mean:{sign}.4f} [{bounds.low:{sign}.4f}, {bounds.high:{sign}.4f}]"


if __name__ == "__main__":
    main()
