"""Paired permutation tests of differences between models, with Holm's correction.

The null hypothesis is that two models are equally good (Fisher 1935; Smucker, Allan and Carterette
2007 for retrieval). A permutation swaps the two results of a random half of the viewers. A viewer
is swapped as a whole, in all splits; newcomers of a cut in time, who share one list, are swapped
together. The statistic is the difference of the two reported means:
a pooled RMSE is tested as a pooled RMSE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.statistics.bootstrap import places_among
from matinee.experiments.statistics.sample import Sample

__all__ = ["PERMUTATIONS", "SIGNIFICANT", "TEST_RULE", "holm", "p_values"]

PERMUTATIONS = 10_000
SIGNIFICANT = 0.05
TEST_RULE = (
    f"two-sided p of {PERMUTATIONS} paired permutations of viewers, seed 0, adjusted (Holm) over "
    f"all models; real where the interval of the difference excludes 0 and p < {SIGNIFICANT}"
)

_SLACK = 1e-12
"""Differences that differ only by rounding are equal; relative to the means."""


def p_values(
    first: Sequence[Sample],
    second: Sequence[Sample],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    block: int = 2**22,
) -> NDArray[np.float64]:
    """Two-sided p of every column: the share of permutations with as large a difference.

    Args:
        first: samples of one side, one a split.
        second: samples of the other side, with the same viewers, weights and columns.
        permutations: number of random permutations.
        seed: the seed.
        block: number of swaps in memory at a time.

    Returns:
        `float64[c]`, `(1 + as large) / (1 + permutations)` (Phipson and Smyth 2010), so never 0;
        NaN if the difference cannot be computed.
    """
    everyone = np.unique(np.concatenate([each.units for each in first]))
    pairs = [_Swap.of(*sides, everyone) for sides in zip(first, second, strict=True)]
    nobody = np.zeros((1, len(everyone)))
    observed = np.abs(_difference(pairs, nobody)[0])
    scale = np.mean([np.abs(_mean(*pair.first, pair.powers)) for pair in pairs], axis=0)
    least = observed - _SLACK * np.maximum(observed, scale)
    as_large = np.zeros(len(observed), dtype=np.int64)
    for swapped in _swaps(len(everyone), permutations, np.random.default_rng(seed), block):
        # NaN counts as large, so that it never favours a difference
        as_large += np.count_nonzero(~(np.abs(_difference(pairs, swapped)) < least), axis=0)
    return np.where(np.isfinite(observed), (1 + as_large) / (1 + permutations), np.nan)


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[m]`: adjusted p-values of several tests (Holm 1979).

    They bound the family-wise error rate. NaN is no test and stays NaN.
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps)) if len(order) else steps
    return adjusted


class _Swap(NamedTuple):
    """Both sides of one split: their sums, and the change of the sums by a swapped viewer.

    The sides are totals and weights without swaps, `float64[c]` each; `moved` is second minus first
    total of every viewer, `float64[n, c]`, and so is `moved_weight`, or `None` if all are 0.
    """

    places: NDArray[np.integer] | slice
    first: tuple[NDArray[np.float64], NDArray[np.float64]]
    second: tuple[NDArray[np.float64], NDArray[np.float64]]
    moved: NDArray[np.float64]
    moved_weight: NDArray[np.float64] | None
    powers: NDArray[np.float64]

    @classmethod
    def of(cls, first: Sample, second: Sample, everyone: NDArray[np.integer]) -> _Swap:
        weight = second.counted - first.counted
        return cls(
            places=places_among(everyone, first.units),
            first=(first.totals.sum(axis=0), first.counted.sum(axis=0)),
            second=(second.totals.sum(axis=0), second.counted.sum(axis=0)),
            moved=second.totals - first.totals,
            moved_weight=weight if weight.any() else None,
            powers=first.powers,
        )


def _difference(pairs: Sequence[_Swap], swapped: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[rows, c]`: the mean over splits of first minus second, for every permutation."""
    in_splits = []
    for pair in pairs:
        here = swapped[:, pair.places]
        moved = here @ pair.moved
        weight = 0.0 if pair.moved_weight is None else here @ pair.moved_weight
        first = _mean(pair.first[0] + moved, pair.first[1] + weight, pair.powers)
        second = _mean(pair.second[0] - moved, pair.second[1] - weight, pair.powers)
        in_splits.append(first - second)
    return np.mean(in_splits, axis=0)


def _mean(
    total: NDArray[np.float64], weight: NDArray[np.float64], powers: NDArray[np.float64]
) -> NDArray[np.float64]:
    total, weight = np.broadcast_arrays(total, weight)
    means = np.full(total.shape, np.nan)
    np.divide(total, weight, out=means, where=weight > 0)
    squares = powers != 1
    means[..., squares] = np.maximum(means[..., squares], 0)  # rounding can give -1e-17
    return means ** (1 / powers)


def _swaps(
    n: int, permutations: int, rng: np.random.Generator, block: int
) -> Iterator[NDArray[np.float64]]:
    """1 for a swapped viewer, else 0: `float64[rows, n]`, a few permutations at a time."""
    step = max(1, block // n)
    for start in range(0, permutations, step):
        rows = min(step, permutations - start)
        bits = np.frombuffer(rng.bytes((rows * n + 7) // 8), dtype=np.uint8)
        yield np.unpackbits(bits, count=rows * n).reshape(rows, n).astype(np.float64)
