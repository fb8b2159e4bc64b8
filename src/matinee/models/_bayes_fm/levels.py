"""Ratings as steps of a normal variable that nobody sees: the ordered probit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Levels",
    "bounds_of",
    "chances_at_most",
    "drawn_latent",
    "expected_latent",
    "expected_stars",
    "nearest_level",
    "quantile",
]

Floats = NDArray[np.float64]

_STEPS_A_SWEEP = 2
"""Proposals of new cuts before the rest is drawn."""

_TARGET_RATE = 0.3
"""Share of proposals that should be taken; they get smaller or larger until it is."""


_FAR = 40.0
"""Standard deviations no latent variable lies away from what is expected."""


class Levels:
    """Cuts between neighbouring levels, drawn with the rest of a chain (Albert & Chib 1993).

    "Bayesian analysis of binary and polychotomous response data", JASA 88(422). A rating has level
    `k` where its latent variable, normal around the prediction, lies between cut `k - 1` and cut
    `k`. Cuts are drawn with the latent variables integrated out (Cowles 1996), which moves them
    much faster than between the latent variables of neighbouring levels.

    Attributes:
        cuts: `float64[levels - 1]`, ascending.
    """

    def __init__(self, counts: NDArray[np.integer]) -> None:
        from scipy.special import ndtri  # noqa: PLC0415  slow to import

        shares = np.cumsum(counts)[:-1] / counts.sum()
        self.cuts: Floats = ndtri(shares)
        self._size = 1 / np.sqrt(counts.sum())

    def draw_cuts(
        self,
        codes: NDArray[np.integer],
        predicted: Floats,
        spread: Floats,
        rng: np.random.Generator,
    ) -> None:
        """Some Metropolis steps over the first cut and the logarithms of the gaps.

        Args:
            codes: `int[n]`, levels from 0.
            predicted: `float64[n]`, mean of each latent variable.
            spread: `float64[n]`, its standard deviation.
            rng: for the proposals.
        """
        likely = _likelihood(self.cuts, codes, predicted, spread)
        for _ in range(_STEPS_A_SWEEP):
            gaps = np.diff(self.cuts)
            moved = np.exp(np.log(gaps) + rng.standard_normal(len(gaps)) * self._size)
            first = self.cuts[0] + rng.standard_normal() * self._size
            cuts = first + np.concatenate([[0], np.cumsum(moved)])
            then = _likelihood(cuts, codes, predicted, spread)
            # cuts are thought possible alike, so their logarithms are not
            ratio = then - likely + np.log(moved).sum() - np.log(gaps).sum()
            taken = bool(np.log(rng.random()) < ratio)
            if taken:
                self.cuts, likely = cuts, then
            self._size *= np.exp(0.1 * (taken - _TARGET_RATE))

    def drawn(
        self,
        codes: NDArray[np.integer],
        predicted: Floats,
        spread: Floats,
        rng: np.random.Generator,
    ) -> Floats:
        """Every latent variable given its level, `float64[n]`; arguments as in `draw_cuts`."""
        return drawn_latent(bounds_of(self.cuts, codes), predicted, spread, rng)


def bounds_of(cuts: Floats, codes: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Between what the latent variable of every rating lies, `float64[n]` twice."""
    ends = np.concatenate([[-np.inf], cuts, [np.inf]])
    return ends[codes], ends[codes + 1]


def drawn_latent(
    bounds: tuple[Floats, Floats], mean: Floats, spread: Floats, rng: np.random.Generator
) -> Floats:
    """Normal variables that lie between bounds, `float64[n]`."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  slow to import

    low, high = ((each - mean) / spread for each in bounds)
    # the upper tail is as exact as the lower when both are turned round
    turned = low > 0
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    start, end = ndtr(low), ndtr(high)
    drawn = ndtri(start + rng.random(len(mean)) * (end - start))
    drawn = np.clip(drawn, low, high)
    drawn = np.clip(np.where(turned, -drawn, drawn), -_FAR, _FAR)
    latent: Floats = mean + spread * drawn
    return latent


def expected_latent(
    bounds: tuple[Floats, Floats], mean: Floats, spread: Floats
) -> tuple[Floats, Floats]:
    """Mean and variance of normal variables that lie between bounds, `float64[n]` each."""
    from scipy.special import ndtr  # noqa: PLC0415  slow to import

    low, high = (np.clip((each - mean) / spread, -_FAR, _FAR) for each in bounds)
    turned = low > 0
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    mass = np.maximum(ndtr(high) - ndtr(low), 1e-300)
    at_low, at_high = (np.exp(-np.square(each) / 2) / np.sqrt(2 * np.pi) for each in (low, high))
    shift = np.clip((at_low - at_high) / mass, low, high)
    share = 1 + (low * at_low - high * at_high) / mass - np.square(shift)
    shift = np.where(turned, -shift, shift)
    return mean + spread * shift, np.square(spread) * np.clip(share, 0, 1)


def expected_stars(mean: Floats, spread: Floats, cuts: Floats, stars: Floats) -> Floats:
    """What a rating is expected to be, in stars, the shape of `mean`.

    Args:
        mean: of the latent variables.
        spread: their standard deviations.
        cuts: `float64[levels - 1]`.
        stars: `float64[levels]`.
    """
    from scipy.special import ndtr  # noqa: PLC0415  slow to import

    expected = np.full(np.shape(mean), float(stars[0]))
    for cut, step in zip(cuts, np.diff(stars), strict=True):
        expected += step * ndtr((mean - cut) / spread)
    return expected


def chances_at_most(mean: Floats, spread: Floats, cuts: Floats) -> Floats:
    """Chance of every level or a lower one, `float64[n, levels]`."""
    from scipy.special import ndtr  # noqa: PLC0415  slow to import

    chances = np.ones((len(mean), len(cuts) + 1))
    chances[:, :-1] = ndtr((cuts - mean[:, None]) / spread[:, None])
    return chances


def quantile(at_most: Floats, share: float, stars: Floats) -> Floats:
    """Where a share of the ratings lies below, `float64[n]`.

    A level counts as the stretch half-way to its neighbours, in which a rating may lie anywhere.

    Args:
        at_most: `float64[n, levels]`, chance of every level or a lower one.
        share: of the ratings.
        stars: `float64[levels]`.
    """
    halves = np.diff(stars) / 2
    edges = np.concatenate([[stars[0] - halves[0]], stars[:-1] + halves, [stars[-1] + halves[-1]]])
    before = np.concatenate([np.zeros((len(at_most), 1)), at_most[:, :-1]], axis=1)
    level = np.minimum((at_most < share).sum(axis=1), len(stars) - 1)
    rows = np.arange(len(at_most))
    start, end = before[rows, level], at_most[rows, level]
    part = np.clip((share - start) / np.maximum(end - start, 1e-12), 0, 1)
    found: Floats = edges[level] + part * (edges[level + 1] - edges[level])
    return found


def nearest_level(values: NDArray[np.floating], stars: NDArray[np.floating]) -> NDArray[np.int64]:
    """The level each rating is nearest to, from 0."""
    middles = (stars[1:] + stars[:-1]) / 2
    return np.searchsorted(middles, values).astype(np.int64)


def _likelihood(
    cuts: Floats, codes: NDArray[np.integer], predicted: Floats, spread: Floats
) -> float:
    """Logarithm of the chance of all levels."""
    from scipy.special import ndtr  # noqa: PLC0415  slow to import

    low, high = ((each - predicted) / spread for each in bounds_of(cuts, codes))
    turned = low > 0
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    return float(np.log(np.maximum(ndtr(high) - ndtr(low), 1e-300)).sum())
