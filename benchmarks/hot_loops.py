"""Where a run spends its time, and the limits of its hottest loops.

    python benchmarks/hot_loops.py [--data ml-1m] [--rounds 3]

First a complete run under Python's profiler, the second one, without compilation: tuned iALS and
EASE, evaluated. Then the two hottest loops, iALS' half iteration and EASE's inverse, and the
product and selection of `top_lists`, each compared with the measured peak of one core of this
machine: multiply-adds of a compiled loop, BLAS products, reads from the nearest caches, copies in
memory. One thread, processor seconds.

A roofline (Williams, Waterman & Patterson 2009): operations are counted by formula; `memory` counts
bytes moved to or from memory once, `cache` all bytes the loop reads.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sp
from scipy.linalg import lapack

import matinee
from matinee.data import Dataset, Interactions
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring import protocols
from matinee.experiments.recipes import Recipe
from matinee.kernels.alternate import balanced, gram, improve
from matinee.kernels.threads import threads
from matinee.kernels.top import top_of_factors
from matinee.models._shared.item_to_item import gram_of
from matinee.models._shared.weighting import weighted

_FACTORS, _STEPS, _N = 64, 3, 20
_FAST = {"reassoc", "contract", "arcp", "nsz"}
_PEAKS = {
    "registers": "multiply-adds of a compiled loop, float32",
    "sgemm": "BLAS product, float32",
    "dgemm": "BLAS product, float64",
    "cache": "reading 256 KiB again and again",
    "memory": "copying 256 MiB, read and written",
}


@dataclass(frozen=True)
class Loop:
    """One loop as measured and as counted.

    Attributes:
        name: its name on the page.
        seconds: processor seconds, one thread.
        flops: operations.
        memory: bytes from and to memory.
        cache: bytes read from any level; 0 for BLAS.
        best: the peak of its arithmetic: a name of `_PEAKS`.
    """

    name: str
    seconds: float
    flops: float
    memory: float
    cache: float
    best: str


def main() -> None:
    """Profiles, then measures the machine and the loops."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-1m")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    dataset = matinee.load(options.data)
    with threads(1):
        _report_profile(dataset)
        peaks = measured_peaks(options.rounds)
        print("\nbest of this machine, one core")
        for name, about in _PEAKS.items():
            unit = "GB/s" if name in {"cache", "memory"} else "GFLOP/s"
            print(f"  {about:42}{peaks[name] / 1e9:8.1f} {unit}")
        print(
            f"\n{'':26}{'s':>7}{'GFLOP/s':>9}{'of best':>9}{'flop/B':>8}{'GB/s':>7}{'of copy':>9}"
        )
        for loop in (
            half_iteration(dataset, options.rounds),
            inverse(dataset, options.rounds),
            lists(dataset, options.rounds),
        ):
            _report(loop, peaks)


def _report_profile(dataset: Dataset) -> None:
    """The functions of this package with the most own time; kernels count as their caller."""

    def run() -> None:
        evaluate(Recipe(["ials", "ease"], protocol="strong", k=(100,), min_rating=4), dataset)

    run()
    profile = cProfile.Profile(time.process_time)
    profile.runcall(run)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # there, and used by all
    total = sum(own for _, _, own, _, _ in stats.values())
    print(f"ials and ease tuned and evaluated on {dataset.name}: {total:.1f} s, of which")
    hottest = sorted(stats.items(), key=lambda each: -each[1][2])[:6]
    for (file, _, function), (_, calls, own, _, _) in hottest:
        where = file.rpartition("/")[2].removesuffix(".py") if file != "~" else "built in"
        print(f"  {own / total:6.1%}  {where}: {function.strip('<>')}, {calls} calls")


def measured_peaks(rounds: int) -> dict[str, float]:
    """Operations and bytes a second, by name of `_PEAKS`."""
    rng = np.random.default_rng(0)
    values = rng.random(128, dtype=np.float32)
    near = rng.random(2**16, dtype=np.float32)
    source, target = np.ones(2**26, dtype=np.float32), np.zeros(2**26, dtype=np.float32)
    single = rng.random((2048, 2048), dtype=np.float32)
    double = single.astype(np.float64)
    times, laps = 2_000_000, 2_000
    products = 2 * 2048**3
    return {
        "registers": 2 * 128 * times / _seconds(lambda: _multiply_add(values, times), rounds),
        "sgemm": products / _seconds(lambda: single @ single, rounds),
        "dgemm": products / _seconds(lambda: double @ double, rounds),
        "cache": near.nbytes * laps / _seconds(lambda: _read(near, laps), rounds),
        "memory": 2 * source.nbytes / _seconds(lambda: np.copyto(target, source), rounds),
    }


def half_iteration(dataset: Dataset, rounds: int) -> Loop:
    """iALS: factors of all viewers with the films fixed."""
    by_user = _likes(dataset)
    viewers, films = by_user.shape
    rng = np.random.default_rng(0)
    fixed = rng.standard_normal((films, _FACTORS), dtype=np.float32) * np.float32(0.1)
    common, ridge = gram(fixed, 0.1), np.full(viewers, 1, dtype=np.float32)
    cuts = balanced(by_user.indptr)
    feedback = (by_user.indptr, by_user.indices, np.empty(0, dtype=np.float32))  # likes alone

    def run() -> None:
        moving = np.zeros((viewers, _FACTORS), dtype=np.float32)
        improve(feedback, None, cuts, fixed, common, ridge, moving, _STEPS)

    seconds = _seconds(run, rounds)
    # a residual: the common part, then every film of the history read for its product and its step
    rows = np.count_nonzero(np.diff(by_user.indptr))
    residuals = _STEPS + 1
    flops = residuals * (2 * _FACTORS**2 * rows + 4 * _FACTORS * by_user.nnz)
    cache = residuals * 4 * (_FACTORS**2 * rows + 2 * _FACTORS * by_user.nnz)
    memory = 4 * (_FACTORS * by_user.nnz + by_user.nnz + 2 * _FACTORS * viewers)
    return Loop("ials: half an iteration", seconds, flops, memory, cache, "registers")


def inverse(dataset: Dataset, rounds: int) -> Loop:
    """EASE: LAPACK's factor and inverse."""
    matrix = gram_of(_likes(dataset)).T
    matrix[np.diag_indices_from(matrix)] += 300
    n = len(matrix)

    def run() -> None:
        factor, _ = lapack.dpotrf(matrix.copy(order="F"), lower=True, overwrite_a=True)
        lapack.dpotri(factor, lower=True, overwrite_c=True)

    seconds = _seconds(run, rounds) - _seconds(lambda: matrix.copy(order="F"), rounds)
    return Loop("ease: factor and inverse", seconds, n**3, 2 * 8 * n**2, 0, "dgemm")


def lists(dataset: Dataset, rounds: int) -> Loop:
    """The best 20 for all viewers from factors: product, then selection in the cache."""
    seen = _train(dataset).matrix
    viewers, films = seen.shape
    rng = np.random.default_rng(0)
    users = rng.standard_normal((viewers, _FACTORS), dtype=np.float32)
    items = rng.standard_normal((films, _FACTORS), dtype=np.float32)
    indices = seen.indices.astype(np.int32)
    seconds = _seconds(
        lambda: top_of_factors(users, items, seen.indptr.astype(np.int32), indices, _N), rounds
    )
    flops = 2 * viewers * films * _FACTORS
    memory = 4 * (_FACTORS * (viewers + films) + seen.nnz + 2 * _N * viewers)
    return Loop("lists: product and top", seconds, flops, memory, 4 * viewers * films, "sgemm")


def _report(loop: Loop, peaks: dict[str, float]) -> None:
    """The line of a loop, with its nearest ceiling."""
    flops, memory = loop.flops / loop.seconds, loop.memory / loop.seconds
    shares = {loop.best: flops / peaks[loop.best], "memory": memory / peaks["memory"]}
    print(
        f"{loop.name:26}{loop.seconds:7.3f}{flops / 1e9:9.1f}{shares[loop.best]:9.0%}"
        f"{loop.flops / loop.memory:8.1f}{memory / 1e9:7.2f}{shares['memory']:9.0%}"
    )
    if loop.cache:
        shares["cache"] = loop.cache / loop.seconds / peaks["cache"]
    nearest = max(shares, key=shares.__getitem__)
    print(f"  nearest to {_PEAKS[nearest]}: {shares[nearest]:.0%} of it")


def _likes(dataset: Dataset) -> sp.csr_array:
    ratings = _train(dataset).matrix
    return weighted(ratings, np.ones(ratings.nnz, dtype=np.float32))


def _train(dataset: Dataset) -> Interactions:
    return protocols.divide("strong", dataset, min_rating=4)[0].test.train


def _seconds(run: Callable[[], object], rounds: int) -> float:
    """The minimum of several runs after a first one."""
    run()
    took = []
    for _ in range(rounds):
        started = time.process_time()
        run()
        took.append(time.process_time() - started)
    return min(took)


@numba.njit(fastmath=_FAST)
def _multiply_add(values: np.ndarray, times: int) -> float:
    """128 independent sums, kept in registers."""
    sums = values.copy()
    for _ in range(times):
        for lane in range(128):
            sums[lane] = sums[lane] * np.float32(0.999) + np.float32(0.001)
    return sums.sum()


@numba.njit(fastmath=_FAST)
def _read(values: np.ndarray, laps: int) -> float:
    total = np.float32(0)
    for lap in range(laps):
        part = np.float32(0)
        for place in range(len(values)):
            part += values[place] * values[place]
        total += part * np.float32(lap)
    return total


if __name__ == "__main__":
    main()
