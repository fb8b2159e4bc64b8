"""Effect sizes of differences between models, which do not grow with the number of viewers.

With enough viewers every difference is significant. An effect size shows whether it matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.statistics.bootstrap import viewers_of
from matinee.experiments.statistics.sample import Sample

__all__ = ["Effect", "effects"]

_SIZES = ((0.8, "large"), (0.5, "medium"), (0.2, "small"))
"""Cohen (1988): lower bounds of d."""
_SLACK = 1e-12
"""Values that differ only by rounding are equal."""


@dataclass(frozen=True)
class Effect:
    """The size of a paired difference.

    Attributes:
        cohens_d: mean of viewers' differences over their standard deviation (d_z of Cohen 1988);
            NaN with fewer than two viewers, 0 if no viewer differs.
        superiority: share of viewers for whom the first side is better, with ties as one half
            (the paired probability of superiority; Grissom and Kim 2012); 0.5 is no difference.
            `2 * superiority - 1` is the paired form of Cliff's delta.
    """

    cohens_d: float
    superiority: float

    @property
    def size(self) -> str:
        """Cohen's term: negligible, small, medium, large; "unknown" without viewers."""
        if np.isnan(self.cohens_d):
            return "unknown"
        return next((word for least, word in _SIZES if abs(self.cohens_d) >= least), "negligible")


def effects(
    first: Sequence[Sample], second: Sequence[Sample], lower_is_better: NDArray[np.bool_]
) -> tuple[Effect, ...]:
    """The effect of every column, first side against second, with the same viewers and weights.

    A viewer with several values counts once, with the mean of the differences. Weights (numbers of
    ratings) apply to Cohen's d, not to superiority. `lower_is_better` is `bool[c]`.
    """
    differences, weights = _by_viewer(first, second)
    known = weights > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        cohens_d = _cohens_d(differences, weights)
        better = np.where(lower_is_better, differences < -_SLACK, differences > _SLACK) & known
        ties = (np.abs(differences) <= _SLACK) & known
        n = np.count_nonzero(known, axis=0)
        superiority = (np.count_nonzero(better, axis=0) + np.count_nonzero(ties, axis=0) / 2) / n
    return tuple(map(Effect, cohens_d.tolist(), superiority.tolist()))


def _by_viewer(
    first: Sequence[Sample], second: Sequence[Sample]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Differences (0 if there is none) and weights, `float64[viewers, c]` each."""
    everyone = viewers_of(first)
    shape = len(everyone), first[0].values.shape[1]
    totals, weights = np.zeros(shape), np.zeros(shape)
    for one, other in zip(first, second, strict=True):
        places = np.searchsorted(everyone, one.viewers)
        difference = one.values - other.values
        known = np.isfinite(difference)
        weight = one.weights * known
        # a viewer with several queries has several rows
        np.add.at(totals, places, weight * np.where(known, difference, 0))
        np.add.at(weights, places, weight)
    np.divide(totals, weights, out=totals, where=weights > 0)
    return totals, weights


def _cohens_d(
    differences: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    n = np.count_nonzero(weights, axis=0)
    weight = weights.sum(axis=0)
    mean = (weights * differences).sum(axis=0) / weight
    spread = (weights * (differences - mean) ** 2).sum(axis=0) / weight * n / (n - 1)
    cohens_d = mean / np.sqrt(spread)
    none_differ = (n > 1) & ~(np.abs(differences) > _SLACK).any(axis=0)
    return np.where(none_differ, 0.0, np.where(n > 1, cohens_d, np.nan))
