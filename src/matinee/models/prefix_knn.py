"""Nearest neighbours among the beginnings of all viewers' sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.data.histories import times_matrix
from matinee.models import LikesConfig, Model, no_likes, search, span
from matinee.models._shared.sequences import (
    Constant,
    Decay,
    Pause,
    drawn_order,
    past_weights,
    step_decays,
)

if TYPE_CHECKING:
    from matinee.kernels.prefixes import Prefixes

__all__ = ["PrefixKnn", "PrefixKnnConfig"]


class PrefixKnnConfig(LikesConfig):
    """Options of `PrefixKnn`."""

    session_pause: PositiveFloat = Field(
        60.0, json_schema_extra=search(60, 600, 6000) | span(1, 1_000_000, log=True)
    )
    """Seconds between two films after which all earlier ones have half their weight in the session
    vector; films at one time lose none."""
    long_decay: float = Field(0.99, gt=0, le=1, json_schema_extra=span(0.8, 1))
    """Factor by which a film of the long vector loses weight with every film after it; 1 for
    none."""
    rarity: float = Field(0.25, ge=0, le=1, json_schema_extra=span(0, 1))
    """Exponent: films weigh as their number of likes to minus this, so that rare ones in common say
    more; 0 weighs all films the same."""
    popularity_discount: float = Field(0.2, ge=0, le=1, json_schema_extra=span(0, 1))
    """Exponent: scores are divided by the film's number of likes to this; 0 for no discount."""


class PrefixKnn(Model[PrefixKnnConfig]):
    """Neighbours of a history among all prefixes of training sequences, each with its next film.

    A kernel form of session-based nearest neighbours (Jannach & Ludewig 2017, "When recurrent
    neural networks meet the neighborhood for session-based recommendation", RecSys 2017; Garg et
    al. 2019, "Sequence and time aware neighborhood for session-based recommendations", SIGIR
    2019). Beyond them, every beginning of a sequence is a neighbour of its own, all of them are
    compared instead of a sample, and similarity is that of two vectors: the cosine of what is left
    since the last pause, to the power of 1.5, times the squared cosine of the last films. Scores
    sum to 1 over the films outside the history, so they are on one scale with those of `slit`.

    Dislikes are ignored: the model has no `like_from`, and a rating below `min_rating` neither
    recommends nor speaks against a film. In a sum with a model that knows dislikes, as `auto` forms
    it, that one lowers films like those rated low.

    The neighbours are training viewers. This model therefore stores the order of their likes,
    without ids, and so does an `auto` that chose it.
    """

    user_sized = frozenset({"starts", "items", "session"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        ratings = Histories.of_interactions(interactions)
        weights, times = self.rating_weights(ratings), times_matrix(interactions).data
        if not weights.any():
            raise no_likes(len(weights))
        order = drawn_order(ratings.rows, times, rng)
        order = order[weights[order] > 0]
        rows, items = ratings.rows[order], ratings.items[order]
        session = step_decays(self._session, times[order], np.diff(rows, prepend=-1) != 0)
        users = np.unique(rows)
        likes = np.bincount(items, minlength=interactions.n_items).astype(np.float32)
        mean = len(items) / np.count_nonzero(likes)
        self.arrays["starts"] = np.append(np.searchsorted(rows, users), len(rows))
        self.arrays["items"] = items
        self.arrays["session"] = session.astype(np.float32)
        self.arrays["rarity"] = (np.maximum(likes, 1) / mean) ** np.float32(-self.config.rarity)
        self.arrays["discount"] = np.maximum(likes, 1) ** np.float32(
            -self.config.popularity_discount
        )
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        scores = self._similarities(histories)
        scores /= self._of_unseen(scores, histories)[:, None]
        return scores

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        from matinee.kernels.prefixes import divide_among_items

        vector = np.zeros((self.n_items, 2))
        vector[histories.items] = self._vectors(histories)
        columns, rows = np.full((2, self.n_items), -1, dtype=np.int32)
        columns[histories.items] = np.arange(len(histories.items))
        rows[items] = np.arange(len(items))
        parts = np.zeros((len(items), len(histories.items)))
        divide_among_items(self._prefixes(), columns, rows, vector, parts)
        total = self._of_unseen(self._similarities(histories), histories)[0]
        shares: NDArray[np.floating] = parts * self.arrays["discount"][items, None] / total
        return shares.astype(np.float32)

    @property
    def _session(self) -> Pause:
        return Pause(self.config.session_pause)

    def _similarities(self, histories: Histories) -> NDArray[np.float32]:
        """Similarity to the prefixes before each film, with the discount, `float32[n, n_items]`."""
        from matinee.kernels.compiled import serial
        from matinee.kernels.prefixes import score_next_items

        similarities = np.empty((len(histories), self.n_items), dtype=np.float32)
        score = score_next_items if len(histories) > 1 else serial(score_next_items)
        entries = histories.starts, histories.items, self._vectors(histories)
        score(self._prefixes(), *entries, similarities)
        similarities *= self.arrays["discount"]
        return similarities

    def _of_unseen(
        self, similarities: NDArray[np.float32], histories: Histories
    ) -> NDArray[np.float32]:
        """Sum over the films outside the likes of each history, `float32[n]`; 1 where it is 0.

        The next film is none of them. They are what a training viewer's own prefixes recommend,
        which would otherwise take most of the sum.
        """
        likes = histories.select(self.rating_weights(histories) > 0)
        unseen = similarities.copy()
        unseen[likes.rows, likes.items] = 0
        totals = unseen.sum(axis=1)
        return np.where(totals > 0, totals, np.float32(1))

    def _prefixes(self) -> Prefixes:
        from matinee.kernels.prefixes import Prefixes

        arrays = self.arrays
        long = np.array([self.config.long_decay], dtype=np.float32)
        return Prefixes(
            arrays["starts"], arrays["items"], arrays["session"], long, arrays["rarity"]
        )

    def _vectors(self, histories: Histories) -> NDArray[np.float32]:
        """Session and long vector of each history, of length 1 and times the rarity, `[nnz, 2]`."""
        likes = self.rating_weights(histories) > 0
        rarity = self.arrays["rarity"][histories.items]
        vectors = np.zeros((len(likes), 2), dtype=np.float32)
        decays: tuple[Decay, ...] = (self._session, Constant(self.config.long_decay))
        for each, decay in enumerate(decays):
            own = vectors[:, each]
            own[likes] = past_weights(decay, histories.select(likes))
            own *= rarity
            squares = np.bincount(histories.rows, np.square(own), minlength=len(histories))
            lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
            own *= rarity / lengths[histories.rows]
        return vectors
