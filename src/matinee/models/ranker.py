"""Learning to rank the films that are watched next, from signals of films and personal scores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.errors import InputError
from matinee.models import Model, Selection, Weighting, span
from matinee.models._blend.parts import likes_of, restored
from matinee.models._ranker.cuts import time_cuts
from matinee.models._ranker.film_signals import film_signals, places_in_time
from matinee.models._ranker.instant import Instant, context_of
from matinee.models._ranker.learning import Gains, gains_at_cuts, selection_of, weights_of
from matinee.models._ranker.new_films import level_of_unrated, place_of_unrated
from matinee.models._ranker.parts import fit_parts, parts_of, standardised
from matinee.models._ranker.samples import examples
from matinee.models._ranker.softmax import Weights
from matinee.models._ranker.taste import TASTE_DAMPING, film_facts, genre_facts, profiles
from matinee.models._shared.config import LowestPositiveWeight, lowest_like
from matinee.models._shared.raced_popularity import raced_popularity
from matinee.models._shared.unrated import Descriptions

__all__ = ["Ranker", "RankerConfig"]

_CUTS = (0.25, 0.4, 0.55, 0.7, 0.85)
"""Shares of the ratings before each cut."""
_HORIZON = 0.15
"""Share of the ratings, after a cut, that are to be ranked first."""
_USERS = 100
"""Training users whose scores place films without ratings."""
_BY_FACTS = ("item_factors", "common", "answers")
"""Arrays of parts with one row per film, which are predicted for films without ratings."""


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

    def __init__(self, config: RankerConfig | None = None) -> None:
        super().__init__(config)
        self._restored: tuple[NDArray[np.float32], _Parts] | None = None

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
        data = _Data(catalog, genre_facts(catalog), places_in_time(ratings.times))
        instant, samples = None, []
        for cut in time_cuts(ratings, like_from, _CUTS, _HORIZON):
            instant = self._instant(cut.past, data, cut.now, rng, instant)
            samples.append(examples(cut, instant, self.weigh(cut.histories)))
        popularity = [raced_popularity(each.cut.past, like_from) for each in samples]
        known, newcomers, weights = gains_at_cuts(samples, popularity, l2)
        weights = weights_of(samples, l2, weights) if samples else None
        instant = self._instant(ratings, data, int(ratings.times.max()), rng, instant)
        films = Descriptions.of(catalog, instant.rated > 0)
        for model in instant.models:
            for name in _BY_FACTS:
                if name in model.arrays:
                    films.fill(model.arrays[name])
        prior = raced_popularity(ratings, like_from)
        chosen = _chosen(instant, weights, known)
        self.arrays |= instant.arrays(chosen)
        self.arrays["prior"] = prior
        if known.decided and not known.pays:
            self.arrays["common"] = prior - prior.mean()
        else:
            self._place_new_films(ratings, place_of_unrated(samples, chosen))
        if newcomers.pays and weights is not None:
            self.arrays["prior"] = instant.prior(weights, films)
        self.arrays["selection"] = selection_of(known, newcomers).to_array()
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes, arrays = histories.select(self._counting(histories)), self.arrays
        scores = context_of(likes, int(arrays["now"][0])) @ arrays["context"].T
        scores += arrays["common"]
        scores += self._profiles(likes) @ arrays["tastes"].T
        for weights, model, history in self._terms(likes):
            scores += weights * standardised(model, history, arrays["rated"])[0]
        empty = likes.lengths == 0
        if empty.any():
            scores[empty] = 0
        return scores

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        liked, arrays = self._counting(histories), self.arrays
        likes = histories.select(liked)
        facts = arrays["facts"][likes.items]
        parts = arrays["tastes"][items] @ facts.T * self._shares(likes)
        for weights_of_films, model, history in self._terms(likes):
            of_part = weights_of_films[items]
            if not of_part.any():
                continue
            scores, spread = standardised(model, history, arrays["rated"])
            added = model.contributions(history, items) if scores.any() else None
            if added is not None:
                parts += added * (of_part / spread)[:, None]
        contributions = np.zeros((len(items), len(liked)), dtype=np.float32)
        contributions[:, liked] = parts
        return contributions

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return self._parts().models[0].similar(items)

    @property
    def selection(self) -> Selection:
        """How the learned weights compare with the raced popularity."""
        return Selection.from_array(self.arrays["selection"])

    def _profiles(self, likes: Histories) -> NDArray[np.float32]:
        """See `profiles`; of a single user without a sparse product, which takes far longer."""
        facts = self.arrays["facts"]
        if len(likes) == 1:
            return (self._shares(likes) @ facts[likes.items])[None]
        return profiles(self.weigh(likes), facts)

    def _shares(self, likes: Histories) -> NDArray[np.float32]:
        """Weights of the ratings of a single user in their profile, `float32[nnz]`."""
        weights = self.rating_weights(likes)
        return weights / (np.abs(weights).sum() + np.float32(TASTE_DAMPING))

    def _counting(self, histories: Histories) -> NDArray[np.bool_]:
        """Ratings that are not ignored, `bool[nnz]`: a count of 0 says nothing."""
        likes = self.config.likes(histories.values)
        return likes & (histories.values > 0) if self.counts else likes

    def _instant(
        self,
        past: Interactions,
        data: _Data,
        now: int,
        rng: np.random.Generator,
        earlier: Instant | None,
    ) -> Instant:
        places = data.places[data.places < len(past)]  # a past is the first ratings
        signals = film_signals(past, places, data.catalog, now)
        before = earlier.models if earlier else ()
        models = fit_parts(parts_of(self.config), past, data.catalog, rng, before)
        return Instant(now, signals, film_facts(signals, data.genres), models)

    def _place_new_films(self, ratings: Interactions, place: int) -> None:
        """Moves films without ratings to a place among the rated ones of training users."""
        new = self.arrays["rated"] == 0
        if not new.any() or new.all():
            return
        users = np.unique(ratings.users)
        histories = Histories.of_users(ratings, users[:: max(1, len(users) // _USERS)])
        scores = self.scores(histories)
        scores[histories.rows, histories.items] = -np.inf
        common = self.arrays["common"]
        common[new] += level_of_unrated(scores, self.arrays["rated"], place)
        self.arrays["common"] = common - common.mean()

    def _terms(self, likes: Histories) -> Iterator[tuple[NDArray[np.float32], Model, Histories]]:
        """Parts with a weight for each film, `float32[n_items]`, and the history they answer."""
        parts = self._parts()
        for weights, model, aged in parts.untimed if likes.times is None else parts.timed:
            yield weights, model, likes if aged else likes.untimed

    def _parts(self) -> _Parts:
        """The fitted parts, restored once for the arrays of one fit."""
        weights = self.arrays["part_weights"]
        if self._restored is None or self._restored[0] is not weights:
            models = restored(parts_of(self.config), self.arrays)
            self._restored = weights, _Parts.of(models, weights)
        return self._restored[1]


class _Data(NamedTuple):
    """What is the same at all instants of a fit.

    Attributes:
        catalog: the films.
        genres: `float32[n_items, n_genres]`, see `genre_facts`.
        places: `int64[n]`, of all training ratings in the order of time.
    """

    catalog: Catalog
    genres: NDArray[np.float32]
    places: NDArray[np.int64]


class _Parts(NamedTuple):
    """The fitted parts, and the terms that they add to scores.

    A term is a weight for each film, `float32[n_items]`, the model, and whether the age of ratings
    counts for it. Decay helps with what is watched next, and not with films that nobody has rated.

    Attributes:
        models: all parts.
        timed: terms of histories with times.
        untimed: those of others, for which one answer serves for all films.
    """

    models: list[Model]
    timed: list[tuple[NDArray[np.float32], Model, bool]]
    untimed: list[tuple[NDArray[np.float32], Model, bool]]

    @classmethod
    def of(cls, models: list[Model], part_weights: NDArray[np.float32]) -> Self:
        """From fitted parts and `part_weights`, `float32[n_items, 2 n_parts]` of `Instant.arrays`.

        Terms whose weights are all 0 are left out.
        """
        timed, untimed = [], []
        of_rated, of_new = np.split(part_weights.T, 2)
        for for_rated, for_new, model in zip(of_rated, of_new, models, strict=True):
            for_all = (for_rated + for_new, model, True)
            untimed.append(for_all)
            if _decays(model):
                timed += [(for_rated.copy(), model, True), (for_new.copy(), model, False)]
            else:
                timed.append(for_all)
        nonzero = ([each for each in terms if each[0].any()] for terms in (timed, untimed))
        return cls(models, *nonzero)


def _decays(model: Model) -> bool:
    """Whether the age of ratings in a history changes the answers of a model."""
    return isinstance(model.config, Weighting) and model.config.decays


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
