"""Lower scores for the kinds of films that a viewer rated low.

Models learn who watched what, so a history that rates ten gangster films lowest says little to them
about The Godfather, which fans of all other films love as well. Its genres, makers and themes say
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from math import isinf

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.kinds import FilmKinds
from matinee.data import Catalog, Histories
from matinee.data.reason import LIKED
from matinee.models import DislikesConfig

__all__ = ["Discounts", "FilmScores"]

_DAMPING = 10.0
"""Neutral ratings added to every kind: a single dislike says little."""
_STRENGTH = 0.7


@dataclass(frozen=True, eq=False)
class FilmScores:
    """The scores of all films for one viewer.

    Attributes:
        by_model: `float32[n_items]`.
        discount: `float32[n_items]`, at most 0; `None` if no film loses anything.
    """

    by_model: NDArray[np.float32]
    discount: NDArray[np.float32] | None = None

    @cached_property
    def total(self) -> NDArray[np.float32]:
        """`float32[n_items]`: those that films are ranked by."""
        return self.by_model if self.discount is None else self.by_model + self.discount


@dataclass(frozen=True, eq=False)
class Discounts:
    """What films lose of their scores where a viewer rated films of their kinds low.

    A rating has the weight of `DislikesConfig.levels`. The opinion of a kind is the mean weight of
    its films in the history, damped: `sum(weights) / (sum(|weights|) + 10)`. The evidence against a
    film is minus the sum of the opinions of its kinds, each times the rarity of the kind, and at
    least 0, so that a liked genre makes up for a disliked one. A film loses the part
    `1 - exp(-0.7 evidence**2)` of what its score exceeds the viewer's average film by: little for
    the dislikes that everybody has here and there, most of it for ten of a kind without a like.

    Nothing is lost without a dislike. The strength lies between two that were tried on validation;
    the damping and the weights of the fields were set by judgement and checked there
    (docs/decisions/0039).

    Attributes:
        catalog: the films.
        scale: lowest and highest rating; of counts 0 and infinity.
    """

    catalog: Catalog
    scale: tuple[float, float]

    @cached_property
    def kinds(self) -> FilmKinds:
        """Of the films, collected for the first viewer with a dislike."""
        return FilmKinds.of(self.catalog)

    def of(self, histories: Histories, scores: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """What films lose, `float32[n, n_items]`, at most 0; `None` if no film loses anything.

        Args:
            histories: of `n` viewers, with dismissals as ratings.
            scores: `float32[n, n_items]`, of a model for them.
        """
        weights = self._weights(histories)
        if not (weights < 0).any() or not len(self.kinds):
            return None
        evidence = (self.kinds.films @ -self._opinions(histories, weights).T).T
        np.maximum(evidence, 0, out=evidence)
        losses: NDArray[np.float32] = np.expm1(-_STRENGTH * np.square(evidence))
        losses *= np.maximum(scores - scores.mean(axis=1, keepdims=True), 0)
        return losses if losses.any() else None

    def concerned(self, histories: Histories) -> NDArray[np.bool_]:
        """`bool[n]`: the viewers with a dislike, for whom a film may lose something."""
        return np.bincount(histories.rows, self._weights(histories) < 0, len(histories)) > 0

    def against(
        self, history: Histories, item: int
    ) -> Iterator[tuple[str, NDArray[np.int32], float]]:
        """The kinds of a film that speak against it for one viewer, the strongest first.

        Yields their names, the rows of the disliked films of that kind, the lowest rated first,
        and their evidence.
        """
        weights = self._weights(history)
        opinions = self._opinions(history, weights)[0]
        of_film = self.kinds.films[[item]].indices
        low = weights < 0
        order = np.argsort(weights[low], kind="stable")
        disliked = history.items[low][order]
        for kind in of_film[np.argsort(opinions[of_film], kind="stable")].tolist():
            if opinions[kind] >= 0:
                return
            has_it = self.kinds.films[disliked][:, [kind]].toarray().ravel() > 0
            yield self.kinds.names[kind], disliked[has_it], float(-opinions[kind])

    def _weights(self, histories: Histories) -> NDArray[np.float32]:
        """`float32[nnz]`; a count is a like, unless it is 0."""
        ratings, (low, high) = histories.values, self.scale
        if isinf(high):
            ratings, (low, high) = (ratings > 0).astype(np.float32), (0.0, 1.0)
        return _levels(low, high).signed_weights(ratings, (low, high))

    def _opinions(self, histories: Histories, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each viewer about each kind times its rarity, `float32[n, n_kinds]`."""
        films, n_kinds = self.kinds.films, len(self.kinds)
        if len(histories) == 1:  # sparse products take longer than the rest of an answer
            starts = films.indptr[histories.items]
            counts = films.indptr[histories.items + 1] - starts
            places = np.repeat(starts - (np.cumsum(counts) - counts), counts)
            places += np.arange(len(places))
            kinds, each = films.indices[places], np.repeat(weights, counts)
            signed = np.bincount(kinds, each, minlength=n_kinds)
            sizes = np.bincount(kinds, np.abs(each), minlength=n_kinds)
            own = signed / (sizes + _DAMPING) * self.kinds.weights
            return own.astype(np.float32)[None]
        shape = histories.ratings.shape
        of_viewers, sizes = (
            sp.csr_array((some, histories.items, histories.starts), shape=shape) @ films
            for some in (weights, np.abs(weights))
        )
        sizes.data = 1 / (sizes.data + _DAMPING)
        opinions = of_viewers.multiply(sizes).multiply(self.kinds.weights[None, :])
        return opinions.toarray().astype(np.float32, copy=False)


@cache
def _levels(low: float, high: float) -> DislikesConfig:
    """Weights of ratings on a scale; options are read once."""
    return DislikesConfig(like_from=low + LIKED * (high - low))
