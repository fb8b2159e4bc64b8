"""Bayesian factorisation machine over blocks of features, sampled by Gibbs' method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._bayes_fm.levels import Levels

__all__ = ["Block", "Sampler", "described"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of the factors at the start."""

_EVENNESS = 2 ** np.arange(1, 7.5, 0.5)
"""What is thought possible, each alike: from 2, some rows have ten times the noise of others, to
90, where they hardly differ."""


@dataclass(frozen=True, eq=False)
class Block:
    """One party to a rating: the viewer, the film, the day.

    Attributes:
        rows: `int32[n]`, which row of `features` each rating has.
        features: `float64[n_rows, n_features]`, by column.
        groups: `int32[n_features]`, features that share a prior.
        meets: whether its factors meet those of other blocks; else it only adds its weights.
        uneven: whether its rows differ in how far ratings of theirs are off.
    """

    rows: NDArray[np.int32]
    features: sp.csc_array
    groups: NDArray[np.int32]
    meets: bool = True
    uneven: bool = False


def described(
    rows: NDArray[np.integer],
    features: Sequence[sp.sparray],
    *,
    meets: bool = True,
    uneven: bool = False,
) -> Block:
    """A block from matrices of features side by side, each a group with a prior of its own."""
    widths = [each.shape[1] for each in features]
    together = sp.csc_array(sp.hstack(features, format="csc", dtype=np.float64))
    groups = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
    return Block(rows.astype(np.int32), together, groups, meets, uneven)


class Sampler:
    """One chain; every `sweep` is a draw of all weights, their priors, and the noise.

    A target is normal around the mean plus, over its blocks, the rows' first numbers and the inner
    products of their factors, pair by pair. Weights are normal around the mean of their group and
    factor; means and precisions have the normal-gamma priors of Freudenthaler, Schmidt-Thieme and
    Rendle 2011 ("Bayesian factorization machines", NIPS workshop): all their numbers are 1, or 0
    for the mean, so that there is nothing to tune.

    The precision of the noise is multiplied by the `steadiness` of the row in each uneven block: a
    gamma variable of mean 1 whose shape is half the block's `evenness`, which makes the noise of
    all rows together one of Student's (Lakshminarayanan, Bouchard and Archambeau 2011, "Robust
    Bayesian matrix factorisation", AISTATS).

    With `levels` the ratings are steps of a normal variable, which is drawn with the rest.

    Attributes:
        mean: of the targets, when nothing is known; 0 with levels, whose cuts take its part.
        noise_precision: one over the variance of a target around its prediction; 1 with levels.
        steadiness: by uneven block, `float64[n_rows]`.
        evenness: by uneven block.
        levels: with the cuts where the chain stands; targets are then numbers of levels, from 0.
        weights: by block, `float64[features, 1 + factors]`; 1 wide where it meets no other.
        means: by block, `float64[groups, 1 + factors]`, of the weights.
        precisions: likewise.
        sums: by block, `float64[n_rows, 1 + factors]`, the features of its rows summed up.
    """

    def __init__(
        self,
        blocks: Mapping[str, Block],
        targets: NDArray[np.float64],
        factors: int,
        rng: np.random.Generator,
        levels: Levels | None = None,
    ) -> None:
        self._blocks, self._rng, self.levels = blocks, rng, levels
        self._members = {name: _membership(block.groups) for name, block in blocks.items()}
        self.weights, self.means, self.precisions = {}, {}, {}
        for name, block in blocks.items():
            width = 1 + factors if block.meets else 1
            shape = (self._members[name].shape[0], width)
            self.means[name], self.precisions[name] = np.zeros(shape), np.ones(shape)
            noise = rng.standard_normal((len(block.groups), width))
            self.weights[name] = noise * _INITIAL_SPREAD
        uneven = [name for name, block in blocks.items() if block.uneven]
        self.steadiness = {name: np.ones(blocks[name].features.shape[0]) for name in uneven}
        self.evenness = dict.fromkeys(uneven, float(_EVENNESS[len(_EVENNESS) // 2]))
        self.noise_precision = 1.0
        self.mean = float(targets.mean()) if levels is None else 0.0
        sizes = [block.features.shape[0] for block in blocks.values()]
        ends = np.cumsum(sizes, dtype=np.int64)
        self._firsts = dict(zip(blocks, ends - sizes, strict=True))
        self._sums = np.zeros((ends[-1], 1 + factors))
        self.sums = dict(zip(blocks, np.split(self._sums, ends[:-1]), strict=True))
        for name, block in blocks.items():
            weights = self.weights[name]
            self.sums[name][:, : weights.shape[1]] = block.features @ weights
        # neighbouring ratings of the first block share a row, which then stays in the cache
        order = np.argsort(next(iter(blocks.values())).rows, kind="stable")
        rows = [block.rows[order] + self._firsts[name] for name, block in blocks.items()]
        self._places = np.ascontiguousarray(np.stack(rows, axis=1), dtype=np.int32)
        self._rows = {name: blocks[name].rows[order] for name in uneven}
        self._relative = np.ones(len(targets))
        self._ratings = self._targets = targets[order]
        self._residuals = self._ratings - self._predicted()

    def sweep(self) -> None:
        """Draws everything once, each given the rest."""
        if self.levels is None:
            self._draw_noise()
            self._draw_mean()
        else:
            self._draw_targets(self.levels)
        for name in self.steadiness:
            self._draw_steadiness(name)
        for name in self._blocks:
            self._draw_priors(name)
            self._draw_weights(name)

    def _predicted(self) -> NDArray[np.float64]:
        rows = self._sums[self._places]
        factors = rows[:, :, 1:]
        pairs = np.square(factors.sum(axis=1)) - np.square(factors).sum(axis=1)
        predicted: NDArray[np.float64] = (
            self.mean + rows[:, :, 0].sum(axis=1) + pairs.sum(axis=1) / 2
        )
        return predicted

    def _draw_noise(self) -> None:
        squares = self._relative @ np.square(self._residuals)
        drawn = self._rng.gamma((1 + len(self._residuals)) / 2) / ((1 + squares) / 2)
        self.noise_precision = float(drawn)

    def _draw_mean(self) -> None:
        total = self._relative.sum()
        spread = 1 / np.sqrt(self.noise_precision * total)
        move = self._relative @ self._residuals / total + self._rng.standard_normal() * spread
        self.mean += move
        self._residuals -= move

    def _draw_targets(self, levels: Levels) -> None:
        predicted = self._targets - self._residuals
        spread = 1 / np.sqrt(self._relative)
        codes = self._ratings.astype(np.int64)
        levels.draw_cuts(codes, predicted, spread, self._rng)
        self._targets = levels.drawn(codes, predicted, spread, self._rng)
        self._residuals = self._targets - predicted

    def _draw_steadiness(self, name: str) -> None:
        """How steady each row is, given their evenness; then that, given them."""
        rows, steadiness = self._rows[name], self.steadiness[name]
        others = self.noise_precision * self._relative / steadiness[rows]
        squares = np.bincount(rows, others * np.square(self._residuals), minlength=len(steadiness))
        counts = np.bincount(rows, minlength=len(steadiness))
        halves = self.evenness[name] / 2
        drawn = self._rng.gamma(halves + counts / 2) / (halves + squares / 2)
        self._relative *= (drawn / steadiness)[rows]
        self.steadiness[name] = drawn
        self.evenness[name] = _drawn_evenness(drawn, self._rng)

    def _draw_priors(self, name: str) -> None:
        members, weights = self._members[name], self.weights[name]
        counts = members.sum(axis=1)[:, None]
        groups = self._blocks[name].groups
        means = self.means[name]
        squares = members @ np.square(weights - means[groups])
        rates = (1 + squares + np.square(means)) / 2
        precisions = self._rng.gamma((2 + counts) / 2, size=means.shape) / rates
        spread = 1 / np.sqrt((1 + counts) * precisions)
        means[:] = members @ weights / (1 + counts)
        means += self._rng.standard_normal(means.shape) * spread
        self.precisions[name] = precisions

    def _draw_weights(self, name: str) -> None:
        from matinee.kernels.gibbs import draw_block  # noqa: PLC0415  brings numba

        block, weights = self._blocks[name], self.weights[name]
        numbers = {each: number for number, each in enumerate(self._blocks)}
        others = [
            numbers[each]
            for each, other in self._blocks.items()
            if block.meets and other.meets and each != name
        ]
        draw_block(
            self._places,
            numbers[name],
            np.array(others, dtype=np.int64),
            self._firsts[name],
            block.features.shape[0],
            self._residuals,
            self._sums,
            block.features.indptr,
            block.features.indices,
            block.features.data,
            block.groups,
            weights,
            self.means[name],
            self.precisions[name],
            self.noise_precision * self._relative,
            self._rng.standard_normal(weights.shape),
        )


def _drawn_evenness(steadiness: NDArray[np.float64], rng: np.random.Generator) -> float:
    """One of `_EVENNESS`, by how likely it makes what rows are like."""
    from scipy.special import gammaln  # noqa: PLC0415  slow to import

    halves, n = _EVENNESS / 2, len(steadiness)
    exponents = n * (halves * np.log(halves) - gammaln(halves))
    exponents += halves * (np.log(steadiness) - steadiness).sum()
    chances = np.exp(exponents - exponents.max())
    return float(rng.choice(_EVENNESS, p=chances / chances.sum()))


def _membership(groups: NDArray[np.int32]) -> sp.csr_array:
    """`float64[n_groups, n_features]`, 1 where a feature is of a group."""
    ones, features = np.ones(len(groups)), np.arange(len(groups))
    return sp.csr_array((ones, (groups, features)))
