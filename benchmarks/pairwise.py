"""BPR: at least as good as implicit's, in no more time.

    python benchmarks/pairwise.py [--data ml-1m] [--rounds 3]

Ratings of 4 or more, protocol `strong`, 64 factors. Ours runs on one core, the peer on all. It
cannot answer new viewers, so both fits get the histories of validation and test viewers;
`newcomers` is ours without them. Options of each side are the best of its grid by NDCG@100 on
validation; the test is used once. The time is that of the fit, in alternating processes, with
compiled code. Other libraries run in their own environment (`make peers`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import scipy.sparse as sp
from ials import runner, tuned, write

import matinee
from matinee.data import Catalog, Film, Histories, Interactions, Vocabulary
from matinee.experiments.measuring import protocols
from matinee.models import create

_K = 100
_OURS = list(itertools.product((0.01, 0.03), (8, 16)))
"""`l2` and `negatives`."""
_THEIRS = list(itertools.product((0.0025, 0.005, 0.01), (0.0001, 0.001), (40, 80, 160)))
"""`learning_rate`, `regularization` and `iterations`."""


def main() -> None:
    """Tunes all sides, then times them; or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-1m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    parser.add_argument("--only", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        file, out, who, l2, negatives = options.only
        chosen = {"l2": float(l2), "negatives": int(negatives)}
        print(json.dumps({"seconds": _fit(np.load(file), Path(out), who == "matinee", chosen)}))
        return
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    division = protocols.divide("strong", matinee.load(options.data), min_rating=4)[0]
    peer = Path(__file__).parent / "peers" / "pairwise.py"
    with tempfile.TemporaryDirectory() as temporary:
        file, out = Path(temporary) / "split.npz", Path(temporary) / "factors.npz"
        write(file, division)
        ours = [sys.executable, __file__, "--only", str(file), str(out)]
        sides = {
            "matinee": (runner([*ours, "matinee"]), _OURS),
            "newcomers": (runner([*ours, "newcomers"]), _OURS),
            "implicit": (runner([str(options.peers), str(peer), str(file), str(out)]), _THEIRS),
        }
        found = {name: tuned(run, grid, division, out) for name, (run, grid) in sides.items()}
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(options.rounds):
            for name, (run, _grid) in sides.items():
                seconds[name].append(run(found[name][0]))
    print(f"{options.data}, ratings >= 4, 64 factors")
    print(f"{'':10}{'chosen':>17}{'NDCG@100':>10}{'seconds':>9}{'x matinee':>11}")
    own = median(seconds["matinee"])
    for name, (chosen_options, reached) in found.items():
        taken = median(seconds[name])
        named = ", ".join(map(str, chosen_options))
        print(f"{name:10}{named:>17}{reached:10.4f}{taken:9.2f}{taken / own:11.1f}")


def _fit(given: Any, out: Path, with_histories: bool, chosen: dict[str, object]) -> float:  # noqa: FBT001
    histories = _csr(given, "histories")
    rows = [_csr(given, "train"), histories]
    train = sp.vstack(rows if with_histories else rows[:1], format="csr")
    films = Catalog.of(Film(id=str(each), title=str(each)) for each in range(train.shape[1]))
    interactions = Interactions(
        users=np.repeat(np.arange(train.shape[0], dtype=np.int32), np.diff(train.indptr)),
        items=train.indices.astype(np.int32),
        values=train.data,
        times=np.zeros(train.nnz, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(train.shape[0])),
        item_ids=films.item_ids,
    )
    _ = interactions.matrix  # the peer also gets a matrix
    create("bpr", {**chosen, "epochs": 1}).fit(interactions, films, rng=np.random.default_rng(0))
    started = time.perf_counter()
    model = create("bpr", chosen).fit(interactions, films, rng=np.random.default_rng(0))
    seconds = time.perf_counter() - started
    factors = model.factors(Histories(histories))
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
