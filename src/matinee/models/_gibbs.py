"""Bayesian factorisation machine over blocks of features, sampled by Gibbs' method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Block", "Sampler", "described"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of the factors at the start."""


@dataclass(frozen=True, eq=False)
class Block:
    """One party to a rating: the viewer, the film, the day.

    Attributes:
        rows: `int32[n]`, which row of `features` each rating has.
        features: `float64[n_rows, n_features]`, by column.
        groups: `int32[n_features]`, features that share a prior.
        meets: whether its factors meet those of other blocks; else it only adds its weights.
    """

    rows: NDArray[np.int32]
    features: sp.csc_array
    groups: NDArray[np.int32]
    meets: bool = True


def described(
    rows: NDArray[np.integer], features: Sequence[sp.sparray], *, meets: bool = True
) -> Block:
    """A block from matrices of features side by side, each a group with a prior of its own."""
    widths = [each.shape[1] for each in features]
    together = sp.csc_array(sp.hstack(features, format="csc", dtype=np.float64))
    groups = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
    return Block(rows.astype(np.int32), together, groups, meets)


class Sampler:
    """One chain; every `sweep` is a draw of all weights, their priors, and the noise.

    A target is normal around the mean plus, over its blocks, the rows' first numbers and the inner
    products of their factors, pair by pair. Weights are normal around the mean of their group and
    factor; means and precisions have the normal-gamma priors of Freudenthaler, Schmidt-Thieme and
    Rendle 2011 ("Bayesian factorization machines", NIPS workshop): all their numbers are 1, or 0
    for the mean, so that there is nothing to tune.

    Attributes:
        mean: of the targets, when nothing is known.
        noise_precision: one over the variance of a target around its prediction.
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
    ) -> None:
        self._blocks, self._rng = blocks, rng
        self._members = {name: _membership(block.groups) for name, block in blocks.items()}
        self.weights, self.means, self.precisions = {}, {}, {}
        for name, block in blocks.items():
            width = 1 + factors if block.meets else 1
            shape = (self._members[name].shape[0], width)
            self.means[name], self.precisions[name] = np.zeros(shape), np.ones(shape)
            noise = rng.standard_normal((len(block.groups), width))
            self.weights[name] = noise * _INITIAL_SPREAD
        self.noise_precision = 1.0
        self.mean = float(targets.mean())
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
        self._residuals = targets[order] - self._predicted()

    def sweep(self) -> None:
        """Draws everything once, each given the rest."""
        self._draw_noise()
        self._draw_mean()
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
        squares = np.square(self._residuals).sum()
        self.noise_precision = self._rng.gamma((1 + len(self._residuals)) / 2) / ((1 + squares) / 2)

    def _draw_mean(self) -> None:
        n = len(self._residuals)
        spread = 1 / np.sqrt(self.noise_precision * n)
        move = self._residuals.mean() + self._rng.standard_normal() * spread
        self.mean += move
        self._residuals -= move

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
            self.noise_precision,
            self._rng.standard_normal(weights.shape),
        )


def _membership(groups: NDArray[np.int32]) -> sp.csr_array:
    """`float64[n_groups, n_features]`, 1 where a feature is of a group."""
    ones, features = np.ones(len(groups)), np.arange(len(groups))
    return sp.csr_array((ones, (groups, features)))
