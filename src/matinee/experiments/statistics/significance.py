"""Whether two models differ by more than chance, and what is left of that after many questions.

The test is the paired permutation test (Fisher 1935; Smucker, Allan and Carterette 2007 for
retrieval): if two models were equally good, it would not matter which of them a viewer had got, so
their results are exchanged for a random half of the viewers, over and over. An exchanged viewer
takes along everything known of them, in all splits; what is compared is always the difference of
the two means as they are reported, so that a pooled RMSE is tested as a pooled RMSE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.statistics.bootstrap import Sample, places_among, viewers_of

__all__ = ["PERMUTATIONS", "SIGNIFICANT", "TEST_RULE", "holm", "p_values"]

PERMUTATIONS = 10_000
SIGNIFICANT = 0.05
TEST_RULE = (
    f"two-sided p of {PERMUTATIONS} paired permutations of viewers, seed 0, adjusted (Holm) over "
    f"all models; real where the interval of the difference excludes 0 and p < {SIGNIFICANT}"
)

_BITS_AT_ONCE = 2**22
_SLACK = 1e-12
"""Differences that only rounding tells apart are the same; relative to the means."""


def p_values(
    first: Sequence[Sample],
    second: Sequence[Sample],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Two-sided p of every column: how often chance makes a difference as large as the one found.

    Args:
        first: what was measured of one side, one a split.
        second: the other side: the same viewers with the same weights, in the same columns.
        permutations: how often viewers are exchanged at random.
        seed: the same seed exchanges the same viewers.

    Returns:
        `float64[c]`, `(1 + as large) / (1 + permutations)` (Phipson and Smyth 2010), so never 0;
        NaN where a difference cannot be computed.
    """
    everyone = viewers_of(first)
    pairs = [_Exchange.of(*sides, everyone) for sides in zip(first, second, strict=True)]
    nobody = np.zeros((1, len(everyone)))
    found = np.abs(_difference(pairs, nobody)[0])
    scale = np.mean([np.abs(_mean(*pair.kept, pair.powers)) for pair in pairs], axis=0)
    least = found - _SLACK * np.maximum(found, scale)
    as_large = np.zeros(len(found), dtype=np.int64)
    for exchanged in _coins(len(everyone), permutations, np.random.default_rng(seed)):
        # what cannot be computed counts as large: never in favour of a difference
        as_large += np.count_nonzero(~(np.abs(_difference(pairs, exchanged)) < least), axis=0)
    return np.where(np.isfinite(found), (1 + as_large) / (1 + permutations), np.nan)


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """P-values of several questions, corrected so that all hold together (Holm 1979).

    Args:
        p: `float64[m]`; NaN asks nothing and stays NaN.

    Returns:
        `float64[m]`: with `alpha` as the limit, the chance that any one is called a difference
        wrongly is at most `alpha`.
    """
    adjusted = np.full(len(p), np.nan)
    asked = np.flatnonzero(np.isfinite(p))
    order = asked[np.argsort(p[asked], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps)) if len(order) else steps
    return adjusted


class _Exchange(NamedTuple):
    """Both sides of one split: sums as they are, and what an exchanged viewer moves.

    Attributes:
        places: the viewers' places among everyone.
        kept: totals and weights of the first side with nobody exchanged, `float64[c]` each.
        other: the same of the second side.
        moved: `float64[n, c]`, second minus first total of every viewer.
        moved_weight: the same of the weights; `None` where exchanging moves none.
        powers: `float64[c]`.
    """

    places: NDArray[np.integer] | slice
    kept: tuple[NDArray[np.float64], NDArray[np.float64]]
    other: tuple[NDArray[np.float64], NDArray[np.float64]]
    moved: NDArray[np.float64]
    moved_weight: NDArray[np.float64] | None
    powers: NDArray[np.float64]

    @classmethod
    def of(cls, first: Sample, second: Sample, everyone: NDArray[np.integer]) -> _Exchange:
        weight = second.counted - first.counted
        return cls(
            places=places_among(everyone, first.viewers),
            kept=(first.totals.sum(axis=0), first.counted.sum(axis=0)),
            other=(second.totals.sum(axis=0), second.counted.sum(axis=0)),
            moved=second.totals - first.totals,
            moved_weight=weight if weight.any() else None,
            powers=first.powers,
        )


def _difference(pairs: Sequence[_Exchange], exchanged: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[rows, c]`: the mean over splits of first minus second, after every exchange."""
    in_splits = [_in_split(pair, exchanged[:, pair.places]) for pair in pairs]
    differences: NDArray[np.float64] = np.mean(in_splits, axis=0)
    return differences


def _in_split(pair: _Exchange, exchanged: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = exchanged @ pair.moved
    weight = 0.0 if pair.moved_weight is None else exchanged @ pair.moved_weight
    first = _mean(pair.kept[0] + moved, pair.kept[1] + weight, pair.powers)
    second = _mean(pair.other[0] - moved, pair.other[1] - weight, pair.powers)
    return first - second


def _mean(
    total: NDArray[np.float64], weight: NDArray[np.float64], powers: NDArray[np.float64]
) -> NDArray[np.float64]:
    total, weight = np.broadcast_arrays(total, weight)
    means = np.full(total.shape, np.nan)
    np.divide(total, weight, out=means, where=weight > 0)
    squares = powers != 1
    means[..., squares] = np.maximum(means[..., squares], 0)  # rounding can leave -1e-17
    rooted: NDArray[np.float64] = means ** (1 / powers)
    return rooted


def _coins(n: int, permutations: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """1 where a viewer is exchanged, else 0: `float64[rows, n]`, a few permutations at a time."""
    step = max(1, _BITS_AT_ONCE // n)
    for start in range(0, permutations, step):
        rows = min(step, permutations - start)
        thrown = np.frombuffer(rng.bytes((rows * n + 7) // 8), dtype=np.uint8)
        yield np.unpackbits(thrown, count=rows * n).reshape(rows, n).astype(np.float64)
