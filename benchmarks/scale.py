"""Claim P9: iALS and lists for all at 100 million interactions, in 16 GiB.

    python benchmarks/scale.py [--users 1000000] [--items 100000] [--interactions 100000000]

One epoch of iALS with 64 factors and the top 20 for everybody without seen films, on a generated
audience; then the same on a hundredth of everything. The epoch is a complete fit with one
iteration, the median of three. Cost per interaction of the large case should be at most 1.5 times
that of the small one. Each case runs in its own process; its peak memory includes generating the
audience.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from statistics import median

import numpy as np

from matinee.data import Histories
from matinee.experiments.audience import AudienceConfig, audience
from matinee.models import create
from matinee.pipeline.top_lists import top_lists

_N = 20
_SMALLER = 100
_ROUNDS = 3


def main() -> None:
    """Measures both cases, or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--interactions", type=int, default=100_000_000)
    parser.add_argument("--only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = [options.users, options.items, options.interactions]
    if options.only:
        print(json.dumps(_measured(*size)))
        return
    print(f"{'interactions':>13}{'epoch s':>9}{'ns each':>9}{'lists s':>9}{'peak GiB':>10}")
    for each in ([number // _SMALLER for number in size], size):
        names = ("--users", "--items", "--interactions")
        arguments = [text for pair in zip(names, map(str, each), strict=True) for text in pair]
        command = [sys.executable, __file__, "--only", *arguments]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(printed.splitlines()[-1])
        per_interaction = found["epoch"] / each[2] * 1e9
        print(
            f"{each[2]:13,}{found['epoch']:9.2f}{per_interaction:9.0f}{found['lists']:9.2f}"
            f"{found['peak'] / 2**30:10.2f}",
            flush=True,
        )


def _measured(users: int, items: int, interactions: int) -> dict[str, float]:
    warm = audience(AudienceConfig(users=50, items=200, interactions=1_000))
    options = {"factors": 64, "iterations": 1}
    model = create("ials", options).fit(
        warm.interactions, warm.catalog, rng=np.random.default_rng(0)
    )
    top_lists(model, Histories(warm.interactions.matrix), _N)
    dataset = audience(AudienceConfig(users=users, items=items, interactions=interactions))
    matrix = dataset.interactions.matrix
    epochs = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        model = create("ials", options).fit(
            dataset.interactions, dataset.catalog, rng=np.random.default_rng(0)
        )
        epochs.append(time.perf_counter() - started)
    started = time.perf_counter()
    top_lists(model, Histories(matrix), _N)
    lists = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"epoch": median(epochs), "lists": lists, "peak": peak}


if __name__ == "__main__":
    main()
