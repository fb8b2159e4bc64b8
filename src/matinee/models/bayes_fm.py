"""A Bayesian factorisation machine: all that is known of a rating, weighed by sampling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PositiveInt

from matinee.content.genres import genre_matrix
from matinee.data import Attributes, Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model
from matinee.models._bayes_fm.folded import Asked, Sample, day_rows, known_days, rated_equally
from matinee.models._bayes_fm.gibbs import Block, Sampler, described
from matinee.models._bayes_fm.levels import Levels, nearest_level, quantile
from matinee.models._bayes_fm.moments import same_moments
from matinee.models._shared.feedback import damped_popularity

__all__ = ["BayesFm", "BayesFmConfig"]

_NORMAL_DECILE = 1.2815515655446004
"""A normal variable lies within so many standard deviations with a probability of 80%."""

_MOST_LEVELS = 20
"""Different ratings beyond which they are no levels but a measure."""

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
    uneven: bool = True
    """Whether viewers, and films, differ in how far their ratings are off what is expected."""
    viewers: bool = False
    """Whether viewers of the same age, gender or the like have something in common, where such
    attributes are known."""
    likelihood: Literal["normal", "probit"] = "normal"
    """Whether ratings are numbers with normal noise, or levels of something normal that is not
    seen, however far apart (ordered probit)."""


class BayesFm(Model):
    """Bayesian factorisation machine by Gibbs sampling, with implicit feedback and times.

    Freudenthaler, Schmidt-Thieme & Rendle 2011, with the features of Rendle, Zhang & Koren 2019
    ("On the difficulty of evaluating baselines") and effects of the moment. Kept are samples of
    what is of films and days; a viewer's own part has, in each, its exact distribution given their
    history and how steady they are, which is itself found from the history (`Asked.under`). A
    prediction is the mean over samples, an interval rests on draws.

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
        stars, levels = np.empty(0), None
        targets = interactions.values.astype(np.float64)
        if config.likelihood == "probit":
            stars = _levels(targets)
            codes = nearest_level(targets, stars)
            targets, levels = codes.astype(np.float64), Levels(np.bincount(codes))
        sampler = Sampler(blocks, targets, config.factors, rng, levels)
        for _ in range(config.burn):
            sampler.sweep()
        keep = np.unique(np.linspace(1, config.sweeps, config.kept).astype(np.int64))
        samples = []
        for number in range(1, config.sweeps + 1):
            sampler.sweep()
            if number in keep:
                samples.append(_sample(sampler, blocks, interactions, config))
        for name in Sample._fields:
            drawn = [getattr(sample, name) for sample in samples]
            self.arrays[name] = np.array(drawn, dtype=np.float32)
        n_days = self.arrays["days"].shape[1] - 1
        self.arrays["known_days"] = known_days(interactions.times)[:n_days]
        known = interactions.attributes if config.viewers else None
        self.arrays["attributes"] = np.array([] if known is None else known.names, dtype=np.str_)
        self.arrays["stars"] = stars
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        history, context = _one_row(query, len(self.arrays["prior"]))
        scores: NDArray[np.float32] = self._scored(history, context, query.now)[0]
        return scores

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self.scores_at(histories, _timeless(histories, _nothing(histories)))

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        return self._scored(histories, context, 0)

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        history, context = _one_row(query, len(self.arrays["prior"]))
        ones = np.ones(len(items), dtype=np.float32)
        wanted = sp.csr_array((ones, items, [0, len(items)]), shape=history.shape)
        now = np.full(len(items), query.now, dtype=np.int64)
        times = sp.csr_array((now, items, [0, len(items)]), shape=history.shape)
        return self.predictions_at(history, wanted, replace(context, wanted=times))

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        return self.predictions_at(histories, wanted, _timeless(histories, wanted))

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        asked = self._asked(histories, wanted, context)
        total = sum(asked.predictions(*each) for each in asked.under(self._samples()))
        clipped: Floats = np.clip(total / self._n_samples, *self.arrays["scale"])
        return clipped.astype(np.float32)

    def intervals(self, histories: sp.csr_array, wanted: sp.csr_array) -> tuple[Floats, Floats]:
        return self.intervals_at(histories, wanted, _timeless(histories, wanted))

    def intervals_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> tuple[Floats, Floats]:
        asked = self._asked(histories, wanted, context)
        ends = self._percentiles(asked) if len(self.arrays["stars"]) else self._deciles(asked)
        lower, upper = (np.clip(each, *self.arrays["scale"]) for each in ends)
        return lower, upper

    def _deciles(self, asked: Asked) -> tuple[Floats, Floats]:
        """Of ratings that are normal around what is drawn of viewers and films."""
        mean, square, noise = np.zeros(()), np.zeros(()), np.zeros(())
        for sample, viewers in asked.under(self._samples(), np.random.default_rng(0)):
            predicted, _, variance = asked.latent(sample, viewers)
            mean = mean + predicted / self._n_samples
            square = square + np.square(predicted) / self._n_samples
            noise = noise + variance / self._n_samples
        half = _NORMAL_DECILE * np.sqrt(np.maximum(square - np.square(mean), 0) + noise)
        return mean - half, mean + half

    def _percentiles(self, asked: Asked) -> tuple[Floats, Floats]:
        """The tenth and the ninetieth, from the chances of the levels."""
        drawn = asked.under(self._samples(), np.random.default_rng(0))
        at_most = np.zeros(())
        for each in drawn:
            at_most = at_most + asked.at_most(*each) / self._n_samples
        low, high = (quantile(at_most, share, self.arrays["stars"]) for share in (0.1, 0.9))
        return low, high

    def _asked(self, histories: sp.csr_array, wanted: sp.csr_array, context: Context) -> Asked:
        names, known = self.arrays["attributes"].tolist(), context.attributes
        return Asked(
            histories,
            context.history_times,
            wanted,
            context.wanted_times,
            self.arrays["known_days"],
            described=known.aligned(names) if len(names) and known is not None else None,
            stars=self.arrays["stars"],
        )

    def _scored(self, histories: sp.csr_array, context: Context, now: int) -> NDArray[np.float32]:
        """`float32[n, n_items]`; what moments add is left out, it is alike for all films."""
        nothing = _nothing(histories)
        asked = self._asked(histories, nothing, replace(context, wanted=nothing))
        items = np.arange(histories.shape[1])
        days = day_rows(np.full(len(items), now, dtype=np.int64), self.arrays["known_days"])
        scores = np.zeros(histories.shape)
        for sample, viewers in asked.under(self._samples()):
            scores += asked.every_film(sample, viewers, days)
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
    if config.viewers and interactions.attributes is not None:
        of_viewers.append(interactions.attributes.matrix)
    if config.films:
        of_films += [genre_matrix(catalog.genres), _ones_at(catalog.years)]
    blocks = {
        "viewers": described(interactions.users, of_viewers, uneven=config.uneven),
        "films": described(interactions.items, of_films, uneven=config.uneven),
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
    sampler: Sampler,
    blocks: Mapping[str, Block],
    interactions: Interactions,
    config: BayesFmConfig,
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
    own, shown = interactions.n_users, interactions.n_items if config.implicit else 0
    weights = sampler.weights["viewers"]
    return Sample(
        mean=np.array(mean),
        noise_precision=np.array(sampler.noise_precision),
        films=np.array(sampler.sums["films"]),
        shown=np.array(weights[own : own + shown]),
        described=np.array(weights[own + shown :]),
        days=days,
        viewer_mean=np.array(sampler.means["viewers"][0]),
        viewer_precision=np.array(sampler.precisions["viewers"][0]),
        moments=moments,
        steadiness=np.array(sampler.steadiness.get("films", [])),
        evenness=np.array(sampler.evenness.get("viewers", 0)),
        cuts=np.empty(0) if sampler.levels is None else np.array(sampler.levels.cuts),
    )


def _levels(ratings: Floats) -> Floats:
    """The different ratings there are, ascending."""
    stars = np.unique(ratings)
    if not 2 <= len(stars) <= _MOST_LEVELS:
        raise InputError(
            f"likelihood=probit needs ratings of 2 to {_MOST_LEVELS} levels, and there are "
            f"{len(stars):,}; use likelihood=normal"
        )
    return stars


def _ones_at(values: NDArray[np.integer]) -> sp.csr_array:
    """A column a value, 1 where a row has it."""
    columns = np.unique(values, return_inverse=True)[1]
    return sp.csr_array((np.ones(len(values)), columns, np.arange(len(values) + 1)))


def _one_row(query: Query, n_items: int) -> tuple[sp.csr_array, Context]:
    """One viewer's history, `float32[1, n_items]`, and the rest, with nothing wanted."""
    order = np.argsort(query.items)
    bounds = np.array([0, len(query)], dtype=np.int32)
    items, shape = query.items[order], (1, n_items)
    history = sp.csr_array((query.values[order], items, bounds), shape=shape)
    times = sp.csr_array((query.times[order], items, bounds), shape=shape)
    words = Attributes.of_words([query.attributes])
    return history, Context(times, _nothing(history), words)


def _nothing(histories: sp.csr_array) -> sp.csr_array:
    return sp.csr_array(histories.shape, dtype=np.int64)


def _timeless(histories: sp.csr_array, wanted: sp.csr_array) -> Context:
    """Nothing is known of when anything happened, nor of the viewers."""
    return Context(
        *(
            sp.csr_array(
                (np.zeros(each.nnz, dtype=np.int64), each.indices, each.indptr), each.shape
            )
            for each in (histories, wanted)
        )
    )
