"""Learning to rank the films that are watched next, from signals of films and personal scores."""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.errors import InputError
from matinee.models import Model, Selection, Weighting, model_class, span
from matinee.models._blend.parts import Part, fit_parts, likes_of, restored
from matinee.models._ranker.cuts import TimeCut, time_cuts
from matinee.models._ranker.film_signals import film_signals
from matinee.models._ranker.instant import Instant, context_of, standardised
from matinee.models._ranker.learning import Gains, gains_at_cuts, selection_of, weights_of
from matinee.models._ranker.samples import Examples, examples
from matinee.models._ranker.softmax import Weights
from matinee.models._ranker.taste import TASTE_DAMPING, film_facts, profiles
from matinee.models._shared.config import LowestPositiveWeight, lowest_like
from matinee.models._shared.raced_popularity import raced_popularity
from matinee.models._shared.unrated import Descriptions

__all__ = ["Ranker", "RankerConfig"]

_CUTS = (0.25, 0.4, 0.55, 0.7, 0.85)
"""Shares of the ratings before each cut."""
_HORIZON = 0.15
"""Share of the ratings, after a cut, that are to be ranked first."""
_PARTS = (
    Part("ease-sparse", (("l2", "600"),)),
    Part("ials"),
)


class RankerConfig(Weighting):
    """Options of `Ranker`."""

    lowest_weight: LowestPositiveWeight = 0.6
    half_life: float = Field(30.0, ge=0, json_schema_extra=span(0, 1000))
    """Days until a rating in a history has half its weight, counted back from the viewer's latest
    rating; 0 turns decay off."""
    weight_l2: PositiveFloat = Field(0.001, json_schema_extra=span(0.0001, 0.1, log=True))
    """Penalty of the weights of signals and personal scores."""


class Ranker(Model[RankerConfig]):
    """A linear ranking function of signals of films and personal scores, learned over time.

    At several cuts in time inside the training data, everything is computed from the ratings before
    the cut, and the films liked after it are to be ranked first (ListNet, see `learned_weights`).
    Signals are a film's popularity over days to years, its mean rating and newness. Personal scores
    are those of `ease-sparse` and `ials`, and the viewer's taste for genres, for old or new and for
    well or lesser known films. Then signals and parts are computed anew from all ratings.

    The weights are used where they beat the raced popularity at the latest cuts, for viewers with a
    history and for newcomers apart; elsewhere that popularity answers. Data that is too small for
    two such cuts is answered by `ease-sparse` and the raced popularity.
    """

    reads_catalog: ClassVar[bool] = True
    common_part: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        ratings = likes_of(interactions, self.config)
        if not ratings.times.any():
            raise InputError(
                "model 'ranker' learns from what was watched after what, and the ratings have no "
                "times; use auto"
            )
        like_from, l2 = lowest_like(self.config), self.config.weight_l2
        cuts = time_cuts(ratings, like_from, _CUTS, _HORIZON)
        samples = [self._examples(cut, catalog, rng) for cut in cuts]
        popularity = [raced_popularity(cut.past, like_from) for cut in cuts]
        known, newcomers = gains_at_cuts(samples, popularity, l2)
        weights = weights_of(samples, l2) if samples else None
        instant = self._instant(ratings, catalog, int(ratings.times.max()), rng)
        films = Descriptions.of(catalog, instant.signals.counts > 0)
        for model in instant.models:
            if "item_factors" in model.arrays:
                films.fill(model.arrays["item_factors"])
        prior = raced_popularity(ratings, like_from)
        self.arrays |= instant.arrays(_chosen(instant, weights, known), films)
        if known.decided and not known.pays:
            self.arrays["common"] = prior - prior.mean()
        self.arrays["prior"] = prior
        if newcomers.pays and weights is not None:
            self.arrays["prior"] = instant.prior(weights, films)
        self.arrays["selection"] = selection_of(known, newcomers).to_array()
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes, arrays = histories.select(self._counting(histories)), self.arrays
        scores = context_of(likes, int(arrays["now"][0])) @ arrays["context"].T
        scores += arrays["common"]
        scores += profiles(self.weigh(likes), arrays["facts"]) @ arrays["tastes"].T
        for weight, model in zip(arrays["part_weights"], self._parts(), strict=True):
            if weight:
                scores += weight * standardised(model, likes)[0]
        scores[likes.lengths == 0] = 0
        return scores

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        liked, arrays = self._counting(histories), self.arrays
        likes = histories.select(liked)
        weights = self.rating_weights(likes)
        shares = weights / (np.abs(weights).sum() + TASTE_DAMPING)
        parts = arrays["tastes"][items] @ (arrays["facts"][likes.items] * shares[:, None]).T
        for weight, model in zip(arrays["part_weights"], self._parts(), strict=True):
            if weight:
                scores, spread = standardised(model, likes)
                if scores.any():
                    parts += model.contributions(likes, items) * (weight / spread)
        contributions = np.zeros((len(items), len(liked)), dtype=np.float32)
        contributions[:, liked] = parts
        return contributions

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return self._parts()[0].similar(items)

    @property
    def selection(self) -> Selection:
        """How the learned weights compare with the raced popularity."""
        return Selection.from_array(self.arrays["selection"])

    def _counting(self, histories: Histories) -> NDArray[np.bool_]:
        """Ratings that are not ignored, `bool[nnz]`: a count of 0 says nothing."""
        likes = self.config.likes(histories.values)
        return likes & (histories.values > 0) if self.counts else likes

    def _examples(self, cut: TimeCut, catalog: Catalog, rng: np.random.Generator) -> Examples:
        instant = self._instant(cut.past, catalog, cut.now, rng)
        return examples(cut, instant, self.weigh(cut.histories))

    def _instant(
        self, past: Interactions, catalog: Catalog, now: int, rng: np.random.Generator
    ) -> Instant:
        signals = film_signals(past, catalog, now)
        models = fit_parts(_parts_of(self.config), past, catalog, rng)
        for model in models:  # for dislikes the ranker adds its own average, and once is enough
            model.arrays.pop("average", None)
        return Instant(now, signals, film_facts(signals, catalog), models)

    def _parts(self) -> list[Model]:
        return restored(_parts_of(self.config), self.arrays)


@cache
def _parts_of(config: RankerConfig) -> tuple[Part, ...]:
    """The parts with the options of the ranker that they know; found once, for fast answers."""
    own = config.model_dump(exclude={"weight_l2"}, exclude_none=True)
    parts = []
    for part in _PARTS:
        known = model_class(part.name).Config.model_fields
        options = [(name, str(value)) for name, value in own.items() if name in known]
        parts.append(Part(part.name, (*part.options, *options)))
    return tuple(parts)


def _chosen(instant: Instant, weights: Weights | None, known: Gains) -> Weights:
    """Weights for viewers with a history.

    All are 0 where the raced popularity is to answer, and all but that of the first part where
    there are too few cuts to decide.
    """
    if known.pays and weights is not None:
        return weights
    nothing = instant.no_weights()
    if not known.decided:
        nothing.personal[0] = 1
    return nothing
