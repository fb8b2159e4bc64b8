"""Claim P7: all ranking metrics at 10, 20 and 100 in at most a fifth of the faster peer's time.

    python benchmarks/measure_lists.py [--viewers 100000] [--films 20000] [--rounds 3]

Lists of 100 and targets are generated, the same for all. The time of other libraries is that of
their evaluation, with data already in their own structures; ours goes from arrays of films to means
and includes metrics that they lack. Each measurement runs in its own process, alternating. Other
libraries run in their own environment (`make peers`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import scipy.sparse as sp

from matinee import metrics
from matinee.experiments.measuring.list_metrics import measure_lists

_CUTS = (10, 20, 100)
_PEERS = Path(__file__).parent / "peers"
_SAME = {
    "ranx": {"recall@20": "recall@20", "ndcg-graded@20": "ndcg@20", "map@100": "map@100"},
    "rectools": {"recall@20": "recall@20", "map@100": "map@100", "mrr@10": "mrr@10"},
}
"""Our metrics and the peer's names of the same definitions, to compare the values."""


def main() -> None:
    """Measures, or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--viewers", type=int, default=100_000)
    parser.add_argument("--films", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(_measured(options.only)))
        return
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lists.npz"
        generate(file, options.viewers, options.films)
        commands = {
            "matinee": [sys.executable, __file__, "--only", str(file)],
            **{
                peer: [str(options.peers), str(_PEERS / "measure_lists.py"), peer, str(file)]
                for peer in _SAME
            },
        }
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[name].append(json.loads(printed.splitlines()[-1]))
    report(options, found)


def generate(file: Path, viewers: int, films: int) -> None:
    """Long-tailed targets, 1 to 29 a viewer, and lists of 100 distinct films."""
    rng = np.random.default_rng(0)
    popularity = 1 / np.arange(1, films + 1) ** 0.8
    counts = rng.integers(1, 30, viewers)
    rows = np.repeat(np.arange(viewers), counts)
    columns = rng.choice(films, len(rows), p=popularity / popularity.sum())
    pairs = np.unique(rows * films + columns)
    values = rng.integers(1, 6, len(pairs)).astype(np.float32)
    targets = sp.csr_array((values, (pairs // films, pairs % films)), shape=(viewers, films))
    # steps coprime to the size of the catalogue repeat no film
    step = rng.choice([each for each in range(1, 500) if np.gcd(each, films) == 1], viewers)
    start = rng.integers(0, 300, viewers)
    items = (start[:, None] + np.arange(100) * step[:, None]) % films
    np.savez(
        file,
        items=items.astype(np.int32),
        indptr=targets.indptr,
        indices=targets.indices,
        data=targets.data,
        n_items=films,
    )


def report(options: argparse.Namespace, found: dict[str, list[dict[str, Any]]]) -> None:
    """Prints the medians, and checks that the values agree."""
    print(f"{options.viewers:,} viewers x {options.films:,} films, lists of 100, cut at {_CUTS}")
    print(f"{'':10}{'metrics':>9}{'seconds':>9}{'with its structures':>21}{'x matinee':>11}")
    own = median(each["evaluation"] for each in found["matinee"])
    for name, runs in found.items():
        seconds = median(each["evaluation"] for each in runs)
        whole = median(each["whole"] for each in runs)
        print(f"{name:10}{len(runs[0]['means']):9}{seconds:9.2f}{whole:21.2f}{seconds / own:11.1f}")
    means = found["matinee"][0]["means"]
    for peer, same in _SAME.items():
        theirs = found[peer][0]["means"]
        off = max(abs(means[ours] - theirs[other]) for ours, other in same.items())
        print(f"{peer} agrees on {', '.join(same)} to {off:.1e}")


def _measured(file: Path) -> dict[str, Any]:
    given = np.load(file)
    shape = (len(given["items"]), int(given["n_items"]))
    targets = sp.csr_array((given["data"], given["indices"], given["indptr"]), shape=shape)
    items = given["items"]
    of_hits = {"hits", "gains", "ideal", "n_targets"}
    names = [each.name for each in metrics.of_kind("list") if of_hits.issuperset(each.inputs)]
    measure_lists(items[:50], targets[:50], _CUTS, names)
    ones = np.ones(len(items))
    for _ in range(2):  # the second run counts, as for the peers
        started = time.perf_counter()
        means = {
            label: metrics.get(label.partition("@")[0]).mean(np.asarray(value), ones)
            for label, value in measure_lists(items, targets, _CUTS, names).items()
        }
        seconds = time.perf_counter() - started
    return {"whole": seconds, "evaluation": seconds, "means": means}


if __name__ == "__main__":
    main()
