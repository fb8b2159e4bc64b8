"""Gibbs sampler of a Bayesian factorization machine over blocks of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Block", "Sampler", "block_of"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of the initial factors."""
_DEGREES_OF_FREEDOM = 2 ** np.arange(1, 7.5, 0.5)
"""Grid of degrees of freedom with a uniform prior: from 2, very heavy tails, to 90, nearly the
same noise for all rows."""


@dataclass(frozen=True, eq=False)
class Block:
    """One side of a rating: its user, its item, its page or its session.

    Attributes:
        rows: `int32[n]`, row of `features` of each rating.
        features: `float64[n_rows, n_features]`, CSC.
        groups: `int32[n_features]`; features of a group share a prior.
        interacts: whether the block has factors that interact with those of other blocks; without
            them it has weights alone.
        heteroscedastic: whether the variance of the noise differs between its rows.
    """

    rows: NDArray[np.int32]
    features: sp.csc_array
    groups: NDArray[np.int32]
    interacts: bool = True
    heteroscedastic: bool = False


def block_of(
    rows: NDArray[np.integer],
    features: Sequence[sp.sparray],
    *,
    interacts: bool = True,
    heteroscedastic: bool = False,
) -> Block:
    """A block of feature matrices side by side; each matrix is a group with its own prior."""
    widths = [each.shape[1] for each in features]
    together = sp.csc_array(sp.hstack(features, format="csc", dtype=np.float64))
    groups = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
    return Block(rows.astype(np.int32), together, groups, interacts, heteroscedastic)


class Sampler:
    """One Markov chain; every `sweep` draws all weights, their priors, and the noise.

    A rating is normal around the mean, plus the weights of its row in every block, plus the inner
    products of the rows' factors for every pair of blocks. Weights and factors are normal around
    the mean of their group; means and precisions have the normal-gamma priors of Freudenthaler,
    Schmidt-Thieme & Rendle 2011 ("Bayesian factorization machines", NIPS workshop), whose
    parameters are 1, or 0 for the mean, so there is nothing to tune.

    In a heteroscedastic block the noise precision is multiplied by a precision scale of the row, a
    gamma variable of mean 1 and shape `degrees_of_freedom / 2`. This makes the noise Student's t
    (Lakshminarayanan, Bouchard & Archambeau 2011, "Robust Bayesian matrix factorisation",
    AISTATS).

    Attributes:
        mean: of the ratings when nothing else is known.
        noise_precision: one over the variance of a rating around its prediction.
        precision_scales: by heteroscedastic block, `float64[n_rows]`.
        degrees_of_freedom: by heteroscedastic block.
        weights: by block, `float64[n_features, 1 + factors]`; one column without interactions.
        means: by block, `float64[n_groups, 1 + factors]`, of the weights.
        precisions: by block, `float64[n_groups, 1 + factors]`, of the weights.
        sums: by block, `float64[n_rows, 1 + factors]`, weights summed over the features of a row.
    """

    def __init__(
        self,
        blocks: Mapping[str, Block],
        ratings: NDArray[np.float64],
        factors: int,
        rng: np.random.Generator,
    ) -> None:
        self._blocks, self._rng = blocks, rng
        self._members = {name: _membership(block.groups) for name, block in blocks.items()}
        self.weights, self.means, self.precisions = {}, {}, {}
        for name, block in blocks.items():
            width = 1 + factors if block.interacts else 1
            shape = (self._members[name].shape[0], width)
            self.means[name], self.precisions[name] = np.zeros(shape), np.ones(shape)
            noise = rng.standard_normal((len(block.groups), width))
            self.weights[name] = noise * _INITIAL_SPREAD
        noisy = [name for name, block in blocks.items() if block.heteroscedastic]
        self.precision_scales = {name: np.ones(blocks[name].features.shape[0]) for name in noisy}
        middle = float(_DEGREES_OF_FREEDOM[len(_DEGREES_OF_FREEDOM) // 2])
        self.degrees_of_freedom = dict.fromkeys(noisy, middle)
        self.noise_precision = 1.0
        self.mean = float(ratings.mean())
        sizes = [block.features.shape[0] for block in blocks.values()]
        ends = np.cumsum(sizes, dtype=np.int64)
        self._firsts = dict(zip(blocks, ends - sizes, strict=True))
        self._sums = np.zeros((ends[-1], 1 + factors))
        self.sums = dict(zip(blocks, np.split(self._sums, ends[:-1]), strict=True))
        for name, block in blocks.items():
            weights = self.weights[name]
            self.sums[name][:, : weights.shape[1]] = block.features @ weights
        # neighbouring ratings share a row of the first block, which then stays in the cache
        order = np.argsort(next(iter(blocks.values())).rows, kind="stable")
        rows = [block.rows[order] + self._firsts[name] for name, block in blocks.items()]
        self._places = np.ascontiguousarray(np.stack(rows, axis=1), dtype=np.int32)
        self._rows = {name: blocks[name].rows[order] for name in noisy}
        self._relative = np.ones(len(ratings))
        self._residuals = ratings[order] - self._predicted()

    def sweep(self) -> None:
        """Draws every variable once, given all others."""
        self._draw_noise()
        self._draw_mean()
        for name in self.precision_scales:
            self._draw_precision_scales(name)
        for name in self._blocks:
            self._draw_priors(name)
            self._draw_weights(name)

    def _predicted(self) -> NDArray[np.float64]:
        rows = self._sums[self._places]
        factors = rows[:, :, 1:]
        pairs = np.square(factors.sum(axis=1)) - np.square(factors).sum(axis=1)
        return self.mean + rows[:, :, 0].sum(axis=1) + pairs.sum(axis=1) / 2

    def _draw_noise(self) -> None:
        squares = self._relative @ np.square(self._residuals)
        draw = self._rng.gamma((1 + len(self._residuals)) / 2) / ((1 + squares) / 2)
        self.noise_precision = float(draw)

    def _draw_mean(self) -> None:
        total = self._relative.sum()
        spread = 1 / np.sqrt(self.noise_precision * total)
        move = self._relative @ self._residuals / total + self._rng.standard_normal() * spread
        self.mean += move
        self._residuals -= move

    def _draw_precision_scales(self, name: str) -> None:
        """Scales given their degrees of freedom, then the degrees of freedom given the scales."""
        rows, scales = self._rows[name], self.precision_scales[name]
        others = self.noise_precision * self._relative / scales[rows]
        squares = np.bincount(rows, others * np.square(self._residuals), minlength=len(scales))
        counts = np.bincount(rows, minlength=len(scales))
        halves = self.degrees_of_freedom[name] / 2
        draw = self._rng.gamma(halves + counts / 2) / (halves + squares / 2)
        self._relative *= (draw / scales)[rows]
        self.precision_scales[name] = draw
        self.degrees_of_freedom[name] = _draw_degrees_of_freedom(draw, self._rng)

    def _draw_priors(self, name: str) -> None:
        members, weights = self._members[name], self.weights[name]
        counts = members.sum(axis=1)[:, None]
        means = self.means[name]
        squares = members @ np.square(weights - means[self._blocks[name].groups])
        rates = (1 + squares + np.square(means)) / 2
        precisions = self._rng.gamma((2 + counts) / 2, size=means.shape) / rates
        spread = 1 / np.sqrt((1 + counts) * precisions)
        means[:] = members @ weights / (1 + counts)
        means += self._rng.standard_normal(means.shape) * spread
        self.precisions[name] = precisions

    def _draw_weights(self, name: str) -> None:
        from matinee.kernels.compiled import csr
        from matinee.kernels.gibbs import draw_block

        block, weights = self._blocks[name], self.weights[name]
        numbers = {each: number for number, each in enumerate(self._blocks)}
        others = [
            numbers[each]
            for each, other in self._blocks.items()
            if block.interacts and other.interacts and each != name
        ]
        draw_block(
            self._places,
            numbers[name],
            np.array(others, dtype=np.int64),
            self._firsts[name],
            block.features.shape[0],
            self._residuals,
            self._sums,
            csr(block.features),
            block.groups,
            weights,
            self.means[name],
            self.precisions[name],
            self.noise_precision * self._relative,
            self._rng.standard_normal(weights.shape),
        )


def _draw_degrees_of_freedom(scales: NDArray[np.float64], rng: np.random.Generator) -> float:
    """A draw from the grid, given the precision scales."""
    from scipy.special import gammaln  # slow to import

    halves, n = _DEGREES_OF_FREEDOM / 2, len(scales)
    exponents = n * (halves * np.log(halves) - gammaln(halves))
    exponents += halves * (np.log(scales) - scales).sum()
    chances = np.exp(exponents - exponents.max())
    return float(rng.choice(_DEGREES_OF_FREEDOM, p=chances / chances.sum()))


def _membership(groups: NDArray[np.int32]) -> sp.csr_array:
    """Ones where a feature belongs to a group, `float64[n_groups, n_features]`."""
    ones, features = np.ones(len(groups)), np.arange(len(groups))
    return sp.csr_array((ones, (groups, features)))
