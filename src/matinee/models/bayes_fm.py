"""A Bayesian factorisation machine: all that is known of a rating, weighed by sampling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PositiveInt

from matinee.content.genres import genre_matrix
from matinee.data import Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model
from matinee.models._feedback import damped_popularity
from matinee.models._folded import Asked, Sample, day_rows, known_days, partners, rated_equally
from matinee.models._gibbs import Block, Sampler, described
from matinee.models._moments import same_moments

__all__ = ["BayesFm", "BayesFmConfig"]

_NORMAL_DECILE = 1.2815515655446004
"""A normal variable lies within so many standard deviations with a probability of 80%."""

Floats = NDArray[np.float64]


class BayesFmConfig(Config):
    """Options of `BayesFm`."""

    factors: PositiveInt = 8
    """Numbers by which viewers, films and days meet each other."""
    burn: NonNegativeInt = 50
    """Sweeps before the first that is kept."""
    sweeps: PositiveInt = 450
    """Sweeps after those."""
    kept: PositiveInt = Field(100, le=1000)
    """How many of these sweeps are kept, evenly spaced."""
    implicit: bool = True
    """Whether it counts, too, which films a viewer rated and which viewers a film."""
    films: bool = True
    """Whether films of the same genre or year have something in common."""
    days: bool = False
    """Whether days differ, too, where it is known when ratings were given."""
    moments: bool = True
    """Whether ratings of one page, and of one quarter of an hour, have something in common."""


class BayesFm(Model):
    """Bayesian factorisation machine by Gibbs sampling, with implicit feedback and times.

    Freudenthaler, Schmidt-Thieme & Rendle 2011, with the features of Rendle, Zhang & Koren 2019
    ("On the difficulty of evaluating baselines") and effects of the moment. Kept are samples of
    what is of films and days; a viewer's own part has, in each, its exact distribution given their
    history. A prediction is the mean over samples, an interval rests on draws.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior.
    """

    Config: ClassVar[type[Config]] = BayesFmConfig
    predicts_ratings: ClassVar[bool] = True
    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        blocks = _blocks(interactions, catalog, config)
        sampler = Sampler(blocks, interactions.values.astype(np.float64), config.factors, rng)
        for _ in range(config.burn):
            sampler.sweep()
        keep = np.unique(np.linspace(1, config.sweeps, config.kept).astype(np.int64))
        samples = []
        for number in range(1, config.sweeps + 1):
            sampler.sweep()
            if number in keep:
                samples.append(_sample(sampler, blocks, interactions.n_users, config))
        for name in Sample._fields:
            drawn = [getattr(sample, name) for sample in samples]
            self.arrays[name] = np.array(drawn, dtype=np.float32)
        n_days = self.arrays["days"].shape[1] - 1
        self.arrays["known_days"] = known_days(interactions.times)[:n_days]
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        history, times = _one_row(query, len(self.arrays["prior"]))
        scores: NDArray[np.float32] = self._scored(history, times, query.now)[0]
        return scores

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._scored(histories, np.zeros(histories.nnz, dtype=np.int64), 0)

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        history, times = _one_row(query, len(self.arrays["prior"]))
        ones = np.ones(len(items), dtype=np.float32)
        wanted = sp.csr_array((ones, items, [0, len(items)]), shape=history.shape)
        now = np.full(len(items), query.now, dtype=np.int64)
        return self._expected(self._asked(history, times, wanted, now))

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        return self.predictions_at(histories, wanted, _timeless(histories, wanted))

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        times = context.history_times, context.wanted_times
        return self._expected(self._asked(histories, times[0], wanted, times[1]))

    def intervals(self, histories: sp.csr_array, wanted: sp.csr_array) -> tuple[Floats, Floats]:
        return self.intervals_at(histories, wanted, _timeless(histories, wanted))

    def intervals_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> tuple[Floats, Floats]:
        asked = self._asked(histories, context.history_times, wanted, context.wanted_times)
        rng = np.random.default_rng(0)
        drawn, noise = np.zeros((2, wanted.nnz)), np.zeros(())
        for sample in self._samples():
            predicted = asked.predictions(sample, asked.viewers(sample, rng))
            drawn += predicted, np.square(predicted)
            noise += 1 / sample.noise_precision
        mean, square, noise = (each / self._n_samples for each in (*drawn, noise))
        half = _NORMAL_DECILE * np.sqrt(np.maximum(square - np.square(mean), 0) + noise)
        low, high = self.arrays["scale"]
        return np.clip(mean - half, low, high), np.clip(mean + half, low, high)

    def _asked(
        self,
        histories: sp.csr_array,
        history_times: NDArray[np.int64],
        wanted: sp.csr_array,
        wanted_times: NDArray[np.int64],
    ) -> Asked:
        return Asked(histories, history_times, wanted, wanted_times, self.arrays["known_days"])

    def _expected(self, asked: Asked) -> NDArray[np.float32]:
        samples = self._samples()
        total = sum(asked.predictions(sample, asked.viewers(sample)) for sample in samples)
        clipped: Floats = np.clip(total / self._n_samples, *self.arrays["scale"])
        return clipped.astype(np.float32)

    def _scored(
        self, histories: sp.csr_array, times: NDArray[np.int64], now: int
    ) -> NDArray[np.float32]:
        """`float32[n, n_items]`; what moments add is left out, it is alike for all films."""
        nothing = sp.csr_array(histories.shape, dtype=np.float32)
        asked = self._asked(histories, times, nothing, np.empty(0, dtype=np.int64))
        items = np.arange(histories.shape[1])
        days = day_rows(np.full(len(items), now, dtype=np.int64), self.arrays["known_days"])
        scores = np.zeros(histories.shape)
        for sample in self._samples():
            features, offsets = partners(sample, items, days)
            scores += asked.viewers(sample).rows @ features.T + offsets
        scores /= self._n_samples
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores.astype(np.float32)

    @property
    def _n_samples(self) -> int:
        return len(self.arrays["mean"])

    def _samples(self) -> Iterator[Sample]:
        for number in range(self._n_samples):
            yield Sample(*(self.arrays[name][number].astype(np.float64) for name in Sample._fields))


def _blocks(
    interactions: Interactions, catalog: Catalog, config: BayesFmConfig
) -> dict[str, Block]:
    """Viewers and films, and days, pages and sittings as far as they are wanted and known."""
    if not len(interactions):
        raise InputError("there are no ratings to learn from; use a model that needs none")
    if len(catalog) != interactions.n_items:
        raise InputError(
            f"the catalogue has {len(catalog):,} films and the ratings are of "
            f"{interactions.n_items:,}; both must be over the same rows"
        )
    of_viewers: list[sp.sparray] = [sp.eye_array(interactions.n_users)]
    of_films: list[sp.sparray] = [sp.eye_array(interactions.n_items)]
    if config.implicit:
        of_viewers.append(rated_equally(interactions.matrix))
        of_films.append(rated_equally(interactions.matrix.T.tocsr()))
    if config.films:
        of_films += [genre_matrix(catalog.genres), _ones_at(catalog.years)]
    blocks = {
        "viewers": described(interactions.users, of_viewers),
        "films": described(interactions.items, of_films),
    }
    if config.days and interactions.times.any():
        days = known_days(interactions.times)
        blocks["days"] = _plain(day_rows(interactions.times, days), len(days) + 1)
    if config.moments and interactions.times.any():
        moments = same_moments(interactions.users, interactions.times)
        sittings = moments.sittings
        blocks["pages"] = _plain(moments.pages, len(sittings), meets=False)
        blocks["sittings"] = _plain(sittings[moments.pages], sittings.max() + 1, meets=False)
    return blocks


def _plain(rows: NDArray[np.int64], n_rows: int, *, meets: bool = True) -> Block:
    """A block whose rows are known by their number alone."""
    return described(rows, [sp.eye_array(n_rows)], meets=meets)


def _sample(
    sampler: Sampler, blocks: Mapping[str, Block], n_users: int, config: BayesFmConfig
) -> Sample:
    """What is kept of the chain where it stands."""
    days = np.zeros((1, 1 + config.factors))
    if "days" in blocks:
        days = np.array(sampler.sums["days"])
        # a day that is not known is a day as they usually are
        counts = np.bincount(blocks["days"].rows, minlength=len(days))
        days[-1] = counts @ days / counts.sum()
    moments, mean = np.zeros(2), sampler.mean
    if "pages" in blocks:
        levels = ("pages", "sittings")
        moments = np.array([1 / sampler.precisions[level].item() for level in levels])
        mean += sum(sampler.means[level].item() for level in levels)
    return Sample(
        mean=np.array(mean),
        noise_precision=np.array(sampler.noise_precision),
        films=np.array(sampler.sums["films"]),
        shown=np.array(sampler.weights["viewers"][n_users:]),
        days=days,
        viewer_mean=np.array(sampler.means["viewers"][0]),
        viewer_precision=np.array(sampler.precisions["viewers"][0]),
        moments=moments,
    )


def _ones_at(values: NDArray[np.integer]) -> sp.csr_array:
    """A column a value, 1 where a row has it."""
    columns = np.unique(values, return_inverse=True)[1]
    return sp.csr_array((np.ones(len(values)), columns, np.arange(len(values) + 1)))


def _one_row(query: Query, n_items: int) -> tuple[sp.csr_array, NDArray[np.int64]]:
    """One viewer's history, `float32[1, n_items]`, and its times in the same order."""
    order = np.argsort(query.items)
    bounds = np.array([0, len(query)], dtype=np.int32)
    history = sp.csr_array((query.values[order], query.items[order], bounds), shape=(1, n_items))
    return history, query.times[order]


def _timeless(histories: sp.csr_array, wanted: sp.csr_array) -> Context:
    """Nothing is known of when anything happened."""
    return Context(
        *(
            sp.csr_array(
                (np.zeros(each.nnz, dtype=np.int64), each.indices, each.indptr), each.shape
            )
            for each in (histories, wanted)
        )
    )
