"""What the ranker knows at an instant: signals and facts of films, and fitted parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.models import Model
from matinee.models._blend.parts import arrays_of
from matinee.models._ranker.film_signals import FilmSignals, common_features
from matinee.models._ranker.parts import standardised
from matinee.models._ranker.softmax import Weights
from matinee.models._ranker.taste import TASTES, FilmFacts
from matinee.models._shared.unrated import Descriptions

__all__ = ["Instant", "context_of"]

_DAY = 86_400
_CONTEXT = ("popularity 3650d", "popularity 7d", "mean rating", "age")
"""Signals whose weight depends on the user's number of ratings and on days since their last."""
_FACT_OF_CONTEXT = np.repeat([0, 1], len(_CONTEXT))
_TYPICAL = np.array([3.0, 2.0])
"""Logarithms of a typical number of ratings and of days, so that weights mean the typical user."""


@dataclass(frozen=True, eq=False)
class Instant:
    """Everything that scores depend on at one instant.

    Attributes:
        now: Unix seconds.
        signals: of every film.
        facts: of every film.
        models: the fitted parts.
    """

    now: int
    signals: FilmSignals
    facts: FilmFacts
    models: Sequence[Model]

    def personal(
        self, histories: Histories, weights: sp.csr_array
    ) -> Iterator[NDArray[np.float32]]:
        """Scores of each part and of each taste, `float32[n, n_items]`; one is in memory at a time.

        Args:
            histories: of `n` users.
            weights: `float32[n, n_items]`, of the ratings in the histories.
        """
        for model in self.models:
            yield standardised(model, histories, self.rated)[0]
        yield from self.facts.scores(weights)

    def no_weights(self) -> Weights:
        """Weights of 0 for every feature."""
        common = common_features(self.signals, known=True)
        personal = len(self.models) + len(TASTES)
        sizes = (common.shape[1], 2 * len(_CONTEXT), personal)
        return Weights(*(np.zeros(size) for size in sizes))

    def prior(self, weights: Weights, films: Descriptions) -> NDArray[np.float32]:
        """Probabilities that newcomers watch each film next, `float32[n_items]`."""
        scores = films.below(self._common(weights, known=False))
        odds = np.exp(scores - scores.max())
        return odds / odds.sum()

    def arrays(self, weights: Weights) -> dict[str, NDArray[Any]]:
        """What scores are computed from, with the weights multiplied in.

        `common`, `float32[n_items]`, and `context`, `float32[n_items, k]`, have a mean of 0. Films
        without ratings are alike in both. They are scored by the parts alone, with weights halfway
        between the learned ones and equal ones: signals of rated films say nothing about them.
        `part_weights`, `float32[n_items, 2 n_parts]`, are those of scores by timed histories, which
        count for rated films, and by untimed ones, which count for the others.
        """
        common, context = self._common(weights, known=True), self._context(weights)
        of_parts, of_tastes = np.split(weights.personal.astype(np.float32), [len(self.models)])
        new = self.rated == 0
        tastes = self.facts.values * of_tastes[self.facts.kinds]
        part_weights = np.tile(np.append(of_parts, 0 * of_parts), (len(common), 1))
        if new.any() and not new.all():
            common[new], context[new] = common[~new].mean(), context[~new].mean(axis=0)
            tastes[new], part_weights[new, : len(of_parts)] = 0, 0
            part_weights[new, len(of_parts) :] = (of_parts + of_parts.mean()) / 2
        arrays = {
            "common": common - common.mean(),
            "context": context - context.mean(axis=0),
            "facts": self.facts.values,
            "tastes": tastes,
            "part_weights": part_weights,
            "rated": self.rated,
            "now": np.array([self.now]),
        }
        return arrays | arrays_of(self.models)

    def _context(self, weights: Weights) -> NDArray[np.float32]:
        return self.scaled * weights.context.astype(np.float32)

    def _common(self, weights: Weights, *, known: bool) -> NDArray[np.float32]:
        features = common_features(self.signals, known=known)
        return features @ weights.common.astype(np.float32)

    @cached_property
    def rated(self) -> NDArray[np.float32]:
        """`float32[n_items]`, 1 for films with ratings and 0 for others."""
        return (self.signals.counts > 0).astype(np.float32)

    @property
    def scaled(self) -> NDArray[np.float32]:
        """Signals that `context_of` multiplies, `float32[n_items, 2 len(_CONTEXT)]`."""
        return np.column_stack([self.signals.column(name) for name in _CONTEXT * 2])


def context_of(histories: Histories, now: int) -> NDArray[np.float32]:
    """Number of ratings of each user, and days since their last, `float32[n, 2 len(_CONTEXT)]`.

    Both are logarithms less that of a typical user. A user without times rated their last film now.
    """
    last = histories.latest
    days = np.maximum(now - last, 0) * (last > 0) / _DAY
    facts = np.log1p(np.array([histories.lengths, days])).T - _TYPICAL
    return facts.astype(np.float32)[:, _FACT_OF_CONTEXT]
