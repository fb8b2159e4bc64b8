"""Several models as one, weighed by what each finds of ratings that were held back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import AfterValidator, PositiveInt
from pydantic_core import PydanticCustomError

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.models import Config, Model
from matinee.models._feedback import damped_popularity, liked, likes
from matinee.models._held_out import HeldOut, hold_out
from matinee.models._parts import (
    Part,
    arrays_of,
    fit_parts,
    kept_query,
    kept_ratings,
    read_parts,
    restored,
)

__all__ = ["Blend", "BlendConfig"]

_STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
"""What a weight is multiplied by in the search."""
_ROUNDS = 4
_FEWEST_VIEWERS = 200
"""Held-out viewers of similar history length from which they get weights of their own."""
_GAIN = 1e-4
"""Of NDCG: a smaller one is taken for chance."""


def _known(text: str) -> str:
    try:
        parts = read_parts(text)
    except OptionError as error:
        raise PydanticCustomError("parts", "{said}", {"said": str(error)}) from None
    if any(part.name in ("blend", "auto") for part in parts):
        raise PydanticCustomError("parts", "a blend cannot be a part of a blend")
    return text


class BlendConfig(Config):
    """Options of `Blend`."""

    parts: Annotated[str, AfterValidator(_known)] = (
        "dlae + ials factors=64 unobserved_weight=0.05 l2=0.01"
    )
    """Models with their options, as in 'ease l2=300 + ials factors=128'."""
    depth: PositiveInt = 50
    """Length of the lists whose NDCG decides about the weights."""
    buckets: PositiveInt = 3
    """Groups of viewers by length of history, each with weights of its own where it is large."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Blend(Model):
    """Weighted sum of the scores of several models, each divided by its spread over the films.

    Weights are found as in stacking (Wolpert, "Stacked generalization", Neural Networks 1992): a
    fifth of the ratings of every viewer is held back, the parts are fitted on the others, and a
    coordinate search moves the weights, none negative, while NDCG of what was held back rises.
    Then the parts are fitted anew on everything.
    """

    Config: ClassVar[type[Config]] = BlendConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes(interactions, self.config.min_rating)  # refuses where there are none
        liked_ones = interactions.select(interactions.values >= self.config.min_rating)
        parts = self._parts()
        held_out = hold_out(liked_ones, rng)
        bounds, weights = np.empty(0, np.int64), np.ones((1, len(parts)), np.float32)
        if held_out is not None:
            models = fit_parts(parts, held_out.train, catalog, rng)
            bounds, weights = _learned(models, held_out, self.config.depth, self.config.buckets)
        self.arrays = arrays_of(fit_parts(parts, liked_ones, catalog, rng))
        self.arrays["bounds"] = bounds
        self.arrays["weights"] = weights
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        order = np.argsort(query.items)
        row = (query.values[order], query.items[order], [0, len(query)])
        history = sp.csr_array(row, shape=(1, len(self.arrays["prior"])))
        blended: NDArray[np.float32] = self.scores(history)[0]
        return blended

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = kept_ratings(histories, self.config.min_rating)
        lengths = np.diff(kept.indptr)
        weights = self._weights(lengths)
        blended = np.zeros(histories.shape, dtype=np.float32)
        for place, model in enumerate(restored(self._parts(), self.arrays)):
            if weights[:, place].any():
                scores = model.scores(kept)
                blended += scores * (weights[:, place] / _spread(scores))[:, None]
        blended[lengths == 0] = self.arrays["prior"]
        return blended

    def similar(self, item: int) -> NDArray[np.float32]:
        for model in restored(self._parts(), self.arrays):
            if type(model).similar is not Model.similar:
                return model.similar(item)
        raise InputError(
            f"none of the parts of {self.name!r} compares films with each other; "
            "add content, item-knn or ease to them"
        )

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        kept = liked(query, self.config.min_rating)
        shown = kept_query(query, kept)
        if not len(shown):
            return None
        parts = np.zeros(len(query), dtype=np.float32)
        weights = self._weights(np.array([len(shown)]))[0]
        for weight, model in zip(weights, restored(self._parts(), self.arrays), strict=True):
            scores = model.score(shown)
            if weight == 0 or scores[item] == 0:
                continue
            added = model.contributions(shown, item)
            if added is None:
                return None
            parts[kept] += added * (weight / _spread(scores[None])[0])
        return parts if parts.any() else None

    def _parts(self) -> tuple[Part, ...]:
        return read_parts(self.config.parts)

    def _weights(self, lengths: NDArray[np.integer]) -> NDArray[np.float32]:
        """`float32[n, n_parts]`: those of the bucket of each length."""
        buckets = np.searchsorted(self.arrays["bounds"], lengths, side="right")
        weights: NDArray[np.float32] = self.arrays["weights"][buckets]
        return weights


def _spread(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of every row over the films it can rank, `float32[n]`; never 0."""
    finite = np.isfinite(scores)
    wide = np.where(finite, scores, 0).astype(np.float64)
    counts = np.maximum(finite.sum(axis=1), 1)
    means = wide.sum(axis=1) / counts
    squares = (wide**2).sum(axis=1) / counts - means**2
    spread: NDArray[np.float32] = np.sqrt(np.maximum(squares, 1e-24)).astype(np.float32)
    return spread


def _learned(
    models: list[Model], held_out: HeldOut, depth: int, buckets: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Bounds of the buckets, `int64[n - 1]`, and their weights, `float32[n, n_parts]`."""
    stacked = []
    for model in models:
        scores = held_out.scores(model)
        unseen = np.where(np.isfinite(scores), scores, np.float32(0))
        stacked.append(np.where(np.isfinite(scores), unseen / _spread(scores)[:, None], -np.inf))
    common = _searched(stacked, held_out, depth, np.ones(len(models)))
    lengths = held_out.lengths
    cuts = np.quantile(lengths, np.arange(1, buckets) / buckets, method="lower")
    bounds = np.unique(cuts).astype(np.int64) + 1
    of_viewer = np.searchsorted(bounds, lengths, side="right")
    weights = np.tile(common, (len(bounds) + 1, 1))
    for bucket in range(len(weights)):
        rows = np.flatnonzero(of_viewer == bucket)
        if len(weights) > 1 and len(rows) >= _FEWEST_VIEWERS:
            own = HeldOut(held_out.train, held_out.histories[rows], held_out.targets[rows])
            weights[bucket] = _searched([each[rows] for each in stacked], own, depth, common)
    return bounds, weights.astype(np.float32)


def _searched(
    stacked: list[NDArray[np.float32]], held_out: HeldOut, depth: int, start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights that sum to 1, moved one at a time from `start` while that is better."""

    def quality(weights: NDArray[np.float64]) -> float:
        blended = np.zeros_like(stacked[0])
        for weight, scores in zip(weights, stacked, strict=True):
            # a seen film is minus infinity, and that times zero would be no number
            blended += np.float32(max(weight, 1e-12)) * scores
        return float(held_out.ndcg(blended, depth).mean())

    alone = [np.eye(len(stacked))[place] for place in range(len(stacked))]
    weights: NDArray[np.float64] = max([start / start.sum(), *alone], key=quality)
    best = quality(weights)
    for _ in range(_ROUNDS):
        before = best
        for place in range(len(weights)):
            for moved in _moves(weights, place):
                found = quality(moved)
                if found > best + _GAIN:
                    weights, best = moved, found
        if best == before:
            break
    return weights


def _moves(weights: NDArray[np.float64], place: int) -> list[NDArray[np.float64]]:
    """The weights with one of them changed: in proportion, or from nothing to a tenth."""
    moves = []
    for step in _STEPS if weights[place] > 0 else (0.1,):
        moved = weights.copy()
        moved[place] = moved[place] * step if weights[place] > 0 else step
        if moved.sum() > 0:
            moves.append(moved / moved.sum())
    return moves
