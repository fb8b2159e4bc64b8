"""Our models and a peer's on one fold, one thread each, in alternating processes.

Seconds are processor seconds, which other load on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import matinee
from matinee.data import Catalog
from matinee.data.splits import Split, folds
from matinee.kernels.threads import threads
from matinee.models import create

__all__ = ["compare"]

_PEER = Path(__file__).parents[1] / "peers" / "rating_fold.py"
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Measured:
    """One fit and one prediction of all test ratings: seconds of both, and the error."""

    fit: float
    predict: float
    rmse: float

    @property
    def total(self) -> float:
        """Seconds of fit and prediction."""
        return self.fit + self.predict


def compare(claim: str, ours: list[str], peer: str) -> None:
    """Measures and prints a table, or is the measured process.

    Args:
        claim: the docstring of the benchmark.
        ours: names of models.
        peer: an algorithm of Surprise for `benchmarks/peers/rating_fold.py`.
    """
    parser = argparse.ArgumentParser(description=claim.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-100k")
    parser.add_argument("--fold", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        measured = _measured(options.only, *_fold(options))
        print(json.dumps([measured.fit, measured.predict, measured.rmse]))
        return
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    own = [sys.executable, sys.argv[0], "--data", options.data, "--fold", str(options.fold)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fold.npz"
        np.savez(file, **_columns(_fold(options)[1]))
        commands = {name: [*own, "--only", name] for name in ours}
        commands[peer] = [str(options.peers), str(_PEER), peer, str(file)]
        found: dict[str, list[Measured]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                found[name].append(Measured(*_printed(command)))
    _report(options, found, peer)


def _report(options: argparse.Namespace, found: dict[str, list[Measured]], peer: str) -> None:
    runs = len(found[peer])
    print(f"{options.data}, fold {options.fold}, one thread, processor seconds, median of {runs}")
    print(f"{'':18}{'RMSE':>8}{'fit':>8}{'predict':>9}{'both':>8}{'peer/fit':>10}{'peer/both':>11}")
    theirs_fit = median(each.fit for each in found[peer])
    theirs = median(each.total for each in found[peer])
    for name, each in found.items():
        fit, predict = median(one.fit for one in each), median(one.predict for one in each)
        whole = median(one.total for one in each)
        print(
            f"{name:18}{each[0].rmse:8.4f}{fit:8.3f}{predict:9.3f}{whole:8.3f}"
            f"{theirs_fit / fit:10.1f}{theirs / whole:11.1f}"
        )


def _measured(name: str, catalog: Catalog, test: Split) -> Measured:
    """The second of two runs, without compilation and imports."""
    with threads(1):
        for _ in range(2):
            started = time.process_time()
            model = create(name).fit(test.train, catalog, rng=np.random.default_rng(0))
            fitted = time.process_time()
            predicted = model.predictions(test.histories, test.wanted)
            done = time.process_time()
    rmse = float(np.sqrt(np.mean(np.square(predicted - test.targets.data))))
    return Measured(fitted - started, done - fitted, rmse)


def _fold(options: argparse.Namespace) -> tuple[Catalog, Split]:
    dataset = matinee.load(options.data)
    if dataset.folds is None:
        sys.exit(f"{options.data} has no folds of its own")
    divisions = folds(dataset.interactions, dataset.folds, 0)
    return dataset.catalog, divisions[options.fold - 1].test


def _columns(test: Split) -> dict[str, Any]:
    targets = test.targets.tocoo()
    return {
        "train_users": test.train.users,
        "train_items": test.train.items,
        "train_values": test.train.values,
        "test_users": test.users[targets.row],
        "test_items": targets.col,
        "test_values": targets.data,
    }


def _printed(command: list[str]) -> list[float]:
    environment = {**os.environ, **_ONE_THREAD}
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(printed.stdout.splitlines()[-1])
