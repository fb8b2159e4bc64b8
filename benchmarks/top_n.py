"""Claim P2: top 20 of all films for every viewer, seen ones left out, at 3 times implicit's speed.

    python benchmarks/top_n.py [--viewers 50000] [--films 3700] [--rounds 3]

Both get the same factors (64 numbers) and 100 seen films a viewer, and use all cores. The matrix
product alone, in blocks whose scores are discarded, is the lower bound. Measurements alternate in
their own processes, after a small call that compiles the kernels. Other libraries run in their own
environment (`make peers`).
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

import numpy as np

from matinee.kernels.top import top_of_factors

_FACTORS, _SEEN, _N = 64, 100, 20
_PRODUCT_ROWS = 1024


def main() -> None:
    """Measures, or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--viewers", type=int, default=50_000)
    parser.add_argument("--films", type=int, default=3_700)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' Python"
    )
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        task, file, out = options.only
        print(json.dumps({"seconds": _measured(task, Path(file), Path(out))}))
        return
    if not options.peers.is_file():
        sys.exit(f"{options.peers} is missing: run `make peers`, or name a Python with --peers")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file = folder / "factors.npz"
        generate(file, options.viewers, options.films)
        peer = Path(__file__).parent / "peers" / "ials.py"
        own = [sys.executable, __file__, "--only"]
        commands = {
            "matinee": [*own, "top", str(file), str(folder / "matinee.npz")],
            "product": [*own, "product", str(file), ""],
            "implicit": [
                *(str(options.peers), str(peer), "top", str(file)),
                str(folder / "implicit.npz"),
            ],
        }
        found: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[name].append(json.loads(printed.splitlines()[-1])["seconds"])
        lists = [np.load(folder / f"{each}.npz")["items"] for each in ("matinee", "implicit")]
    report(options, found, float((lists[0] == lists[1]).mean()))


def generate(file: Path, viewers: int, films: int) -> None:
    """Normal factors, and seen films drawn uniformly."""
    rng = np.random.default_rng(0)
    steps = rng.integers(1, max(2, films // _SEEN), (viewers, _SEEN))
    seen = np.cumsum(steps, axis=1) - 1
    np.savez(
        file,
        users=rng.standard_normal((viewers, _FACTORS), dtype=np.float32),
        items=rng.standard_normal((films, _FACTORS), dtype=np.float32),
        seen_indptr=np.arange(0, viewers * _SEEN + 1, _SEEN, dtype=np.int32),
        seen_indices=seen.astype(np.int32).ravel(),
        seen_shape=(viewers, films),
    )


def report(options: argparse.Namespace, found: dict[str, list[float]], same: float) -> None:
    """Prints the medians, and checks that the lists agree."""
    print(f"{options.viewers:,} viewers x {options.films:,} films, top {_N}, {_FACTORS} factors")
    print(f"{'':10}{'viewers/s':>11}{'x matinee':>11}")
    own = median(found["matinee"])
    for name, runs in found.items():
        print(f"{name:10}{options.viewers / median(runs):11,.0f}{median(runs) / own:11.2f}")
    print(f"matinee and implicit list the same film at {same:.4%} of all places")


def _measured(task: str, file: Path, out: Path) -> float:
    given = np.load(file)
    users, items = given["users"], given["items"]
    seen = given["seen_indptr"], given["seen_indices"]
    if task == "product":
        blocks = [users[at : at + _PRODUCT_ROWS] for at in range(0, len(users), _PRODUCT_ROWS)]
        target = np.empty((_PRODUCT_ROWS, len(items)), dtype=np.float32)
        started = time.perf_counter()
        for block in blocks:
            np.matmul(block, items.T, out=target[: len(block)])
        return time.perf_counter() - started
    top_of_factors(users[:64], items, seen[0][:65], seen[1], _N)
    started = time.perf_counter()
    found, _ = top_of_factors(users, items, *seen, _N)
    seconds = time.perf_counter() - started
    np.savez(out, items=found)
    return seconds


if __name__ == "__main__":
    main()
