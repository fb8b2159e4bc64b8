"""Differences between models, and between groups of viewers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.statistics.bootstrap import Interval
from matinee.experiments.statistics.effects import Effect
from matinee.experiments.statistics.plain import plain_bounds, plain_number
from matinee.experiments.statistics.significance import SIGNIFICANT

__all__ = ["FEWEST_VIEWERS", "Difference", "Gap", "Overlap", "Pair"]

FEWEST_VIEWERS = 10
"""Smaller groups are printed, but never named as worst served."""

_DIGITS = 6
"""Significant digits of group figures in JSON."""


@dataclass(frozen=True)
class Difference:
    """One model's mean minus another's on the same viewers, with a 95% paired bootstrap interval.

    The p-value is that of the paired permutation test; `p_adjusted` has Holm's correction over all
    models of the comparison.
    """

    mean: float
    interval: Interval
    p_value: float
    p_adjusted: float
    effect: Effect

    @property
    def real(self) -> bool:
        """Whether it is significant: the interval excludes 0 and the adjusted p is below 0.05."""
        return self.interval.excludes_zero and self.p_adjusted < SIGNIFICANT

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "mean": plain_number(self.mean),
            "interval": plain_bounds(self.interval),
            "excludes_zero": self.interval.excludes_zero,
            "p": plain_number(self.p_value),
            "p_adjusted": plain_number(self.p_adjusted),
            "real": self.real,
            "cohens_d": plain_number(self.effect.cohens_d),
            "effect": self.effect.size,
            "superiority": plain_number(self.effect.superiority),
        }


@dataclass(frozen=True)
class Overlap:
    """Similarity of two models' lists, mean over viewers: Jaccard index, rank-biased overlap."""

    jaccard: float
    rbo: float


@dataclass(frozen=True)
class Pair:
    """Better minus other model of a comparison, with p adjusted over all its pairs.

    `overlap` is that of their lists at the deciding length; `None` if ratings are predicted.
    """

    better: str
    other: str
    difference: Difference
    overlap: Overlap | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        lists = self.overlap and {
            "jaccard": plain_number(self.overlap.jaccard),
            "rbo": plain_number(self.overlap.rbo),
        }
        names = {"better": self.better, "other": self.other}
        return {**names, **self.difference.to_json(), **({"overlap": lists} if lists else {})}


@dataclass(frozen=True, eq=False)
class Gap:
    """The means of one metric ("ndcg@10") of one model in the groups of one grouping ("gender").

    Attributes:
        viewers: number of distinct viewers of each group.
        means: the metric's mean in each group; NaN if nobody has a value.
        intervals: 95% interval of each mean, by bootstrap over viewers.
        best: the best served group with at least `FEWEST_VIEWERS`; `None` if fewer than two groups
            are that large, or neither direction of the metric is better.
        worst: the worst served of these groups.
        gap: highest minus lowest mean of these groups; NaN if there are fewer than two.
        interval: 95% interval of this difference. The two groups are chosen by their means, so it
            shows that the gap is not chance, not that no other group is worse off.
    """

    model: str
    metric: str
    grouping: str
    labels: tuple[str, ...]
    viewers: tuple[int, ...]
    means: NDArray[np.float64] = field(repr=False)
    intervals: tuple[Interval, ...] = field(repr=False)
    best: str | None
    worst: str | None
    gap: float
    interval: Interval

    def to_json(self, *, whole: bool) -> dict[str, Any]:
        """Plain values; the groups' means and intervals only if `whole`."""
        groups = {
            "means": [plain_number(mean, _DIGITS) for mean in self.means.tolist()],
            "intervals": [plain_bounds(each, _DIGITS) for each in self.intervals],
        }
        return {
            **(groups if whole else {}),
            "gap": plain_number(self.gap, _DIGITS),
            "interval": plain_bounds(self.interval, _DIGITS),
            "worst": self.worst,
        }
