"""Bayesian factorization machine: rating prediction with calibrated uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PositiveInt

from matinee.content.features import genre_matrix
from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.models import (
    Model,
    RatingsConfig,
    damped_for_lists,
    rating_counts,
    require_ratings,
    span,
)
from matinee.models._bayes_fm.fold_in import FoldIn, Sample, implicit_features
from matinee.models._bayes_fm.gibbs import Block, Sampler, block_of
from matinee.models._bayes_fm.little_data import Shrinkage
from matinee.models._bayes_fm.sessions import sessions_of

__all__ = ["BayesFm", "BayesFmConfig"]

_NORMAL_DECILE = 1.2815515655446004
"""A normal variable lies within this many standard deviations of its mean with probability 80%."""

Floats = NDArray[np.float64]


class BayesFmConfig(RatingsConfig):
    """Options of `BayesFm`."""

    factors: PositiveInt = Field(8, json_schema_extra=span(2, 32, log=True))
    """Number of factors of a film and of a viewer."""
    burn_in: NonNegativeInt = Field(50, json_schema_extra=span(20, 200, log=True))
    """Gibbs sweeps before the first sample."""
    sweeps: PositiveInt = Field(450, json_schema_extra=span(100, 1000, log=True))
    """Gibbs sweeps after the burn-in."""
    samples: PositiveInt = Field(100, le=1000, json_schema_extra=span(20, 500, log=True))
    """Number of these sweeps that are stored as posterior samples, evenly spaced."""
    implicit: bool = True
    """Implicit feedback: features for the films a viewer rated and the viewers who rated a film."""
    film_features: bool = True
    """Features for the genres and the year of a film."""
    sessions: bool = True
    """Random effects of pages and sessions, where times are known: ratings at most 15 seconds
    apart, and ratings in the same quarter of an hour."""
    heteroscedastic: bool = True
    """Student-t noise, whose variance differs between viewers and between films."""


class BayesFm(Model[BayesFmConfig]):
    """Bayesian factorization machine by Gibbs sampling (Freudenthaler et al. 2011).

    The features are those of Rendle, Zhang & Koren 2019 ("On the difficulty of evaluating
    baselines"), plus effects of sessions and heteroscedastic noise. Only samples of the films'
    side are stored. A viewer is folded in: under each sample their bias and factors have an exact
    normal distribution given their history and the precision of their ratings. A prediction is
    the mean over samples; an interval rests on draws from the same posterior.

    Scores are predicted ratings without the effect of the session, which is the same for all
    films, before they are clipped to the scale, damped by `list_damping`. An empty history is
    scored by the prior. Fitted on less than a thousand ratings, the model shrinks its predictions
    towards the baseline.
    """

    predicts_ratings: ClassVar[bool] = True
    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        require_ratings(interactions)
        blocks = _blocks(interactions, catalog, config)
        sampler = Sampler(blocks, interactions.values.astype(np.float64), config.factors, rng)
        for _ in range(config.burn_in):
            sampler.sweep()
        stored = np.unique(np.linspace(1, config.sweeps, config.samples).astype(np.int64))
        samples = []
        for number in range(1, config.sweeps + 1):
            sampler.sweep()
            if number in stored:
                samples.append(_sample(sampler, blocks, interactions, config))
        for name in Sample._fields:
            values = [getattr(sample, name) for sample in samples]
            self.arrays[name] = np.array(values, dtype=np.float32)
        self.arrays.update(Shrinkage.arrays_of(interactions))
        self.arrays["rating_counts"] = rating_counts(interactions)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        fold_in = FoldIn(histories, sp.csr_array(histories.ratings.shape, dtype=np.int64))
        scores = np.zeros(histories.ratings.shape)
        for sample, users in fold_in.posterior(self._samples()):
            scores += users.rows[:, 1:] @ sample.items[:, 1:].T
            scores += users.rows[:, :1] + (sample.mean + sample.items[:, 0])
        scores /= self._n_samples
        every_user, every_item = np.ogrid[: len(histories), : self.n_items]
        scores = Shrinkage(self.arrays, histories).means(scores, every_user, every_item)
        return damped_for_lists(self, scores.astype(np.float32), histories)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        mean, _ = self._ratings(histories, wanted)
        clipped: Floats = np.clip(mean, *self.arrays["scale"])
        return clipped.astype(np.float32)

    def intervals(self, histories: Histories, wanted: sp.csr_array) -> tuple[Floats, Floats]:
        mean, variance = self._ratings(histories, wanted, np.random.default_rng(0))
        half = _NORMAL_DECILE * np.sqrt(variance)
        lower, upper = (np.clip(end, *self.arrays["scale"]) for end in (mean - half, mean + half))
        return lower, upper

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        """Posterior means of the films' factors, without their biases."""
        mean: NDArray[np.float32] = self.arrays["items"][:, :, 1:].mean(axis=0)
        return mean

    def _ratings(
        self, histories: Histories, wanted: sp.csr_array, rng: np.random.Generator | None = None
    ) -> tuple[Floats, Floats]:
        """Mean and variance of each rating to predict, `float64[wanted.nnz]`, before clipping.

        Users are drawn with an `rng`. Without one they are expected and the variance is too small.
        """
        mean, square, noise = np.zeros((3, wanted.nnz))
        fold_in = FoldIn(histories, wanted)
        for sample, users in fold_in.posterior(self._samples(), rng):
            rating, variance = fold_in.ratings(sample, users)
            mean += rating / self._n_samples
            square += np.square(rating) / self._n_samples
            noise += variance / self._n_samples
        variance = np.maximum(square - np.square(mean), 0) + noise
        shrinkage = Shrinkage(self.arrays, histories)
        mean = shrinkage.means(mean, rows_of(wanted), wanted.indices)
        return mean, shrinkage.variances(variance)

    @property
    def _n_samples(self) -> int:
        return len(self.arrays["mean"])

    def _samples(self) -> Iterator[Sample]:
        for number in range(self._n_samples):
            yield Sample(*(self.arrays[name][number].astype(np.float64) for name in Sample._fields))


def _blocks(
    interactions: Interactions, catalog: Catalog, config: BayesFmConfig
) -> dict[str, Block]:
    """Users and items, and pages and sessions where they are on and times are known."""
    of_users: list[sp.sparray] = [sp.eye_array(interactions.n_users)]
    of_items: list[sp.sparray] = [sp.eye_array(interactions.n_items)]
    if config.implicit:
        of_users.append(implicit_features(interactions.matrix))
        of_items.append(implicit_features(interactions.matrix.T.tocsr()))
    if config.film_features:
        of_items += [genre_matrix(catalog.genres), _one_hot(catalog.years)]
    noisy = config.heteroscedastic
    blocks = {
        "users": block_of(interactions.users, of_users, heteroscedastic=noisy),
        "items": block_of(interactions.items, of_items, heteroscedastic=noisy),
    }
    if config.sessions and interactions.times.any():
        found = sessions_of(interactions.users, interactions.times)
        for name, rows in (("pages", found.pages), ("sessions", found.sessions[found.pages])):
            blocks[name] = block_of(rows, [sp.eye_array(rows.max() + 1)], interacts=False)
    return blocks


def _sample(
    sampler: Sampler,
    blocks: Mapping[str, Block],
    interactions: Interactions,
    config: BayesFmConfig,
) -> Sample:
    """The state of the chain without the users."""
    variances, mean = np.zeros(2), sampler.mean
    if "pages" in blocks:
        levels = ("pages", "sessions")
        variances = np.array([1 / sampler.precisions[level].item() for level in levels])
        mean += sum(sampler.means[level].item() for level in levels)
    first, n_implicit = interactions.n_users, interactions.n_items if config.implicit else 0
    return Sample(
        mean=np.array(mean),
        noise_precision=np.array(sampler.noise_precision),
        items=np.array(sampler.sums["items"]),
        implicit=np.array(sampler.weights["users"][first : first + n_implicit]),
        user_mean=np.array(sampler.means["users"][0]),
        user_precision=np.array(sampler.precisions["users"][0]),
        session_variances=variances,
        item_scales=np.array(sampler.precision_scales.get("items", [])),
        user_freedom=np.array(sampler.degrees_of_freedom.get("users", 0)),
    )


def _one_hot(values: NDArray[np.integer]) -> sp.csr_array:
    """One column per distinct value, 1 where a row has it."""
    columns = np.unique(values, return_inverse=True)[1]
    return sp.csr_array((np.ones(len(values)), columns, np.arange(len(values) + 1)))
