"""Claim A1: RMSE on the folds of MovieLens 100K at most .895 from ids alone, .875 at best.

    python benchmarks/rating_accuracy.py [--folds 5] [--data ml-100k]

Ours is fitted and measured as `matinee evaluate --protocol folds --defaults` does it, peers on the
same rows of the same folds. myFM does not know which ratings were entered together: our line
"without sessions" is the one to compare its best with. Surprise reads ids and stars alone. Peers
live in an environment of their own (`make peers`). Some ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import matinee
from matinee.data import Dataset
from matinee.data.splits import Split, folds
from matinee.experiments.measuring.scoring import prediction_errors
from matinee.models import create

_PEER = Path(__file__).parent / "peers" / "rating_accuracy.py"
_TIMELESS: dict[str, object] = {"drift": "none", "day_biases": False}
_IDS: dict[str, object] = dict.fromkeys(("implicit", "film_features", "sessions"), False)
_OURS: dict[str, tuple[str, dict[str, object]]] = {
    "svd": ("svd", {}),
    "svd-plus-plus, no times": ("svd-plus-plus", _TIMELESS),
    "svd-plus-plus": ("svd-plus-plus", {}),
    "bayes-fm, ids alone": ("bayes-fm", _IDS | {"factors": 10}),
    "bayes-fm, ids and implicit": ("bayes-fm", _IDS | {"implicit": True}),
    "bayes-fm, without sessions": ("bayes-fm", {"sessions": False}),
    "bayes-fm": ("bayes-fm", {}),
}
_THEIRS = {
    "Surprise, SVD": "SVD",
    "Surprise, SVD++": "SVDpp",
    "myFM, ids alone": "ids",
    "myFM, timeSVD++ flipped": "flipped",
}


def main() -> None:
    """Measure everybody, fold by fold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-100k")
    parser.add_argument("--folds", type=int, default=5, help="how many of the folds")
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    options = parser.parse_args()
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    dataset = matinee.load(options.data)
    if dataset.folds is None:
        sys.exit(f"{options.data} has no folds of its own")
    divisions = folds(dataset.interactions, dataset.folds, 0)[: options.folds]
    found: dict[str, list[tuple[float, float]]] = {}
    for division in divisions:
        for name, rmse, seconds in measured(dataset, division.test, options.peers):
            line = f"{division.test.name}  {name:<28} {rmse:.4f}  {seconds:6.1f} s"
            print(line, file=sys.stderr, flush=True)
            found.setdefault(name, []).append((rmse, seconds))
    numbers = "".join(f"{division.test.name:>8}" for division in divisions)
    print(f"{options.data}, RMSE{'':<15}{numbers}    mean  seconds of a fit")
    for name, values in found.items():
        rmses, times = np.array(values).T
        each = "".join(f"{rmse:8.4f}" for rmse in (*rmses, rmses.mean()))
        print(f"{name:<28}{each}  {times.mean():6.1f}")


def measured(dataset: Dataset, test: Split, peers: Path) -> Iterator[tuple[str, float, float]]:
    """Name, RMSE and seconds of the fit of ours and theirs, in turn, on one fold."""
    for name, (model, given) in _OURS.items():
        started = time.perf_counter()
        fitted = create(model, given).fit(test.train, dataset.catalog, rng=np.random.default_rng(0))
        seconds = time.perf_counter() - started
        errors = prediction_errors(fitted, test)
        yield name, float(np.sqrt(np.square(errors).mean())), seconds
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fold.npz"
        np.savez(file, **columns(test))
        for name, kind in _THEIRS.items():
            command = [str(peers), str(_PEER), kind, str(file)]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            answer = json.loads(printed.splitlines()[-1])
            yield name, answer["rmse"], answer["seconds"]


def columns(test: Split) -> dict[str, Any]:
    """The fold as plain columns, days since 1970 instead of seconds; 1970 for an unknown time."""
    train = test.train
    test_users = np.repeat(test.users, np.diff(test.targets.indptr))
    return {
        "shape": np.array([train.n_users, train.n_items]),
        "scale": np.array(train.scale),
        "train_users": train.users,
        "train_items": train.items,
        "train_values": train.values.astype(np.float64),
        "train_days": train.times // 86_400,
        "test_users": test_users,
        "test_items": test.targets.indices,
        "test_values": test.targets.data.astype(np.float64),
        "test_days": test.wanted.data // 86_400,
    }


if __name__ == "__main__":
    main()
