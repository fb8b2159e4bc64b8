"""Claim P8: reads 25 million ratings from CSV in at most twice the time of polars alone.

Peak memory is at most four times the arrays.

    python benchmarks/read_ratings.py [--rows 25000000] [--rounds 3] [--folder DIR]

Rows are generated: as many viewers and films as MovieLens 25M has, distinct pairs in no order. The
two readers take turns, each in a process of its own with its own memory; the file is in the page
cache for both. Memory is that of the process without imports and without mapped pages of the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings

_PIECE = 5_000_000
_BYTES_A_ROW = 4 + 4 + 4 + 8
"""users, items, values, times."""


def main() -> None:
    """Measure, or run as one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--rows", type=int, default=25_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="folder for the generated file")
    parser.add_argument("--only", choices=list(_READERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(*_measured(options.only, options.file))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        file = Path(folder) / "ratings.csv"
        generate(file, options.rows)
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in _READERS}
        for _ in range(options.rounds):
            for name, found in results.items():
                found.append(_in_a_process(name, file))
    report(options.rows, results)


def generate(file: Path, rows: int) -> None:
    """Write ratings in half stars without repeated pairs."""
    rng = np.random.default_rng(0)
    with file.open("wb") as stream:
        for start in range(0, rows, _PIECE):
            n = min(_PIECE, rows - start)
            # A viewer walks round the catalogue in steps prime to its size, which repeats no film.
            row = np.arange(start, start + n)
            frame = pl.DataFrame(
                {
                    "userId": row % 162_541 + 1,
                    "movieId": (row // 162_541 * 7_919 + row % 162_541 * 31) % 59_047 + 1,
                    "rating": rng.integers(1, 11, n) / 2,
                    "timestamp": rng.integers(789_652_009, 1_574_327_703, n),
                }
            )
            frame.write_csv(stream, include_header=start == 0)


def report(rows: int, results: dict[str, list[tuple[float, float]]]) -> None:
    """Print the medians side by side."""
    arrays = rows * _BYTES_A_ROW / 1e6
    print(f"{rows:,} ratings, arrays {arrays:,.0f} MB, median of {len(results['polars'])}")
    print(f"{'':10}{'seconds':>9}{'x polars':>10}{'peak MB':>9}{'x arrays':>10}")
    bare = median(seconds for seconds, _ in results["polars"])
    for name, found in results.items():
        seconds = median(each for each, _ in found)
        peak = median(each for _, each in found)
        print(f"{name:10}{seconds:9.2f}{seconds / bare:10.2f}{peak:9,.0f}{peak / arrays:10.2f}")


def _in_a_process(name: str, file: Path) -> tuple[float, float]:
    command = [sys.executable, __file__, "--only", name, "--file", str(file)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(printed[0]), float(printed[1])


def _measured(name: str, file: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one reading."""
    read = _READERS[name]
    before = _own_memory()
    peak, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak.append(max(peak.pop(), _own_memory()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    table = read(file)
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    del table
    return seconds, (max(peak) - before) / 1e6


def _own_memory() -> int:
    """Bytes of resident memory without mapped files."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    return 0


def _bare(file: Path) -> object:
    return pl.read_csv(file)


def _ours(file: Path) -> object:
    return read_ratings(file, cleaning=Cleaning())


_READERS: dict[str, Callable[[Path], object]] = {"polars": _bare, "matinee": _ours}

if __name__ == "__main__":
    main()
