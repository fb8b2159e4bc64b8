"""Bootstrap intervals of means over several cuts in time, where newcomers share one list.

All viewers without a history get the same list at one cut. However many there are, that is one
draw of how well a model greets newcomers, and resampling viewers would take it for certain. So
newcomers are resampled by cut (a cluster bootstrap, Davison and Hinkley 1997), viewers with a
history as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from matinee.experiments.statistics.sample import Sample

__all__ = ["CUTS_RULE", "Cuts"]

CUTS_RULE = (
    "new viewers of a cut share one list and are resampled by cut, their deviations widened for "
    "the small number of cuts by sqrt(c / (c - 1)) and Student's t"
)
_UPPER = 0.975
"""Of the 95% intervals."""


class Cuts:
    """The newcomers of one group of viewers, by cut.

    With the share w of newcomers among the weights of a cut, its mean is (1 - w) times that of its
    known viewers plus w times that of its newcomers. In a resample, the newcomers of a cut that is
    drawn at random take the place of each cut's own, with the share as it is. Few cuts vary less
    in a bootstrap than their means do, by (c - 1) / c, and percentiles assume a normal
    distribution. Deviations of the newcomers' part are therefore widened by `factor`.
    """

    def __init__(self, samples: Sequence[Sample]) -> None:
        parts = [_newcomers(sample) for sample in samples]
        self.shares = np.array([share for share, _ in parts])
        means = np.array([mean for _, mean in parts])
        self.pool = [place for place, share in enumerate(self.shares) if share.any()]
        self.cuts = sorted({samples[place].cut for place in self.pool})
        known = np.isfinite(means)
        usual = np.where(known, means, 0).sum(axis=0) / np.maximum(1, known.sum(axis=0))
        self.values = np.where(known, means, usual)
        self._places = {
            cut: [place for place in self.pool if samples[place].cut == cut] for cut in self.cuts
        }

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> Cuts | None:
        """The cuts of some splits; `None` if fewer than two cuts have newcomers."""
        if any(sample.newcomers is None for sample in samples):
            return None
        if any((sample.powers != 1).any() for sample in samples):
            raise ValueError("cuts are for metrics of rankings, whose means are plain")
        cuts = cls(samples)
        return cuts if len(cuts.cuts) > 1 else None

    @property
    def factor(self) -> float:
        """The widening of deviations for the number c of cuts: sqrt(c / (c - 1)) t / z."""
        c = len(self.cuts)
        return sqrt(c / (c - 1)) * float(stdtrit(c - 1, _UPPER) / ndtri(_UPPER))

    def means(
        self,
        samples: Sequence[Sample],
        drawn: Sequence[NDArray[np.float64]],
        picks: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """`float64[rows, c]`: the mean over splits for each resample.

        Args:
            samples: one a split, those of the construction.
            drawn: for each sample, counts of its viewers in every resample, `[rows, n]`.
            picks: `float64[rows, n_cuts]`, below 1: which cut is drawn in place of each.
        """
        known = [
            (1 - share) * _or_zero(sample.select(~sample.newcomers), each[:, ~sample.newcomers])
            for share, sample, each in zip(self.shares, samples, drawn, strict=True)
            if sample.newcomers is not None
        ]
        drawn_cuts = (picks * len(self.cuts)).astype(np.int64)
        turns = dict.fromkeys(self.cuts, 0)
        stand_ins = np.zeros_like(known[0])
        for place in self.pool:
            cut = samples[place].cut
            turn = turns[cut]  # the seed: splits of one cut are in the order of their seeds
            turns[cut] += 1
            others = [self._places[each][turn % len(self._places[each])] for each in self.cuts]
            stand_ins += self.shares[place] * self.values[np.array(others)][drawn_cuts[:, cut]]
        n = len(samples)
        own = (self.shares * self.values).sum(axis=0) / n
        expected = self.shares.sum(axis=0) * self._usual() / n
        return np.sum(known, axis=0) / n + own + self.factor * (stand_ins / n - expected)

    def _usual(self) -> NDArray[np.float64]:
        """`float64[c]`: the expectation of a stand-in, every cut with the same weight."""
        by_cut = [self.values[self._places[cut]].mean(axis=0) for cut in self.cuts]
        usual: NDArray[np.float64] = np.mean(by_cut, axis=0)
        return usual


def _newcomers(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the newcomers among all weights, and their mean, `float64[c]` each."""
    columns = np.zeros(sample.values.shape[1])
    if sample.newcomers is None:
        return columns, np.full_like(columns, np.nan)
    own = sample.select(sample.newcomers)
    weight, total = own.counted.sum(axis=0), sample.counted.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(total), where=total > 0)
    return columns + share, own.means()


def _or_zero(known: Sample, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """The means of known viewers; 0 where there are none in the sample, whose share is 0 then."""
    means = known.resampled(drawn)
    return np.where(known.counted.sum(axis=0) > 0, means, 0.0)
