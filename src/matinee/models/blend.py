"""Several models as one, with weights learned on held-out ratings."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, PositiveInt
from pydantic_core import PydanticCustomError

from matinee.data import Catalog, Histories, Interactions
from matinee.errors import InputError, OptionError
from matinee.models import LikesConfig, Model, RatingThreshold, StarScale, span
from matinee.models._blend.held_out import hold_out
from matinee.models._blend.parts import (
    Part,
    arrays_of,
    fit_parts,
    likes_of,
    parts_with_likes,
    read_parts,
    restored,
)
from matinee.models._blend.weights import equal_weights, learned_weights, spread_of, weights_for

__all__ = ["Blend", "BlendConfig"]


def _are_parts(text: str) -> str:
    try:
        parts = read_parts(text)
    except OptionError as error:
        raise PydanticCustomError("parts", "{reason}", {"reason": str(error)}) from None
    if any(part.name in ("blend", "auto") for part in parts):
        raise PydanticCustomError("parts", "a blend cannot be a part of a blend")
    keeping = next((part.name for part in parts if part.keeps_users), None)
    if keeping:
        raise PydanticCustomError(
            "parts",
            "model '{name}' stores its training viewers and cannot be a part of a blend; leave it "
            "out",
            {"name": keeping},
        )
    return text


class BlendConfig(LikesConfig):
    """Options of `Blend`."""

    parts: Annotated[str, AfterValidator(_are_parts)] = (
        "dlae + ials factors=64 unobserved_weight=0.05 l2=0.01"
    )
    """Models with their options, as in 'ease l2=300 + ials factors=128'."""
    like_from: RatingThreshold = None
    """Ratings from this one on are likes, for the parts as well: those that know dislikes learn
    from lower ratings too, others ignore them. Weights are learned on likes. None leaves it to the
    options of the parts."""
    depth: PositiveInt = Field(50, json_schema_extra=span(5, 200, log=True))
    """Length of the lists whose NDCG the weights maximise."""
    buckets: PositiveInt = Field(3, json_schema_extra=span(1, 6))
    """Number of groups of viewers by length of history; large groups get weights of their own."""

    def in_stars(self, scale: StarScale) -> Self:
        config = super().in_stars(scale)
        parts = " + ".join(str(part.in_stars(scale)) for part in read_parts(self.parts))
        return config.model_copy(update={"parts": parts})


class Blend(Model[BlendConfig]):
    """Weighted sum of the scores of several models, each divided by its spread over the films.

    The weights are learned as in stacking (Wolpert, "Stacked generalization", Neural Networks
    1992). A fifth of the ratings of every viewer is held out, the parts are fitted on the others,
    and a coordinate search over weights of at least 0 maximises NDCG of the held-out ratings. Then
    the parts are fitted again on all ratings.

    Parts answer with their own options: a half-life of a part applies to its scores alone.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes, parts = likes_of(interactions, self.config), self._parts()
        weights = equal_weights(len(parts))
        held_out = hold_out(likes, rng, like_from=self._like_from)
        if held_out:
            models = fit_parts(parts, held_out.train, catalog, rng)
            weights = learned_weights(models, held_out, self.config.depth, self.config.buckets)
        self.arrays.update(arrays_of(fit_parts(parts, likes, catalog, rng)) | weights)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes = histories.select(self.config.likes(histories.values))
        weights = weights_for(self.arrays, likes.lengths)
        blended = np.zeros(likes.ratings.shape, dtype=np.float32)
        for place, model in enumerate(self._models()):
            if weights[:, place].any():
                scores = model.scores(likes)
                blended += scores * (weights[:, place] / spread_of(scores))[:, None]
        blended[likes.lengths == 0] = self.arrays["prior"]
        return blended

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        for model in self._models():
            if type(model).similar is not Model.similar:
                return model.similar(items)
        raise InputError(
            f"none of the parts of {self.name!r} compares films with each other; "
            "add content, item-knn or ease to them"
        )

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        liked = self.config.likes(histories.values)
        likes = histories.select(liked)
        contributions = np.zeros((len(items), len(histories.values)), dtype=np.float32)
        unexplained = np.zeros(len(items), dtype=np.bool_)
        weights = weights_for(self.arrays, likes.lengths)[0]
        for weight, model in zip(weights, self._models(), strict=True):
            if weight == 0:
                continue
            scores = model.scores(likes)
            parts = model.contributions(likes, items)
            if parts is None:
                parts = np.zeros((len(items), len(likes.values)), dtype=np.float32)
            unexplained |= (scores[0, items] != 0) & ~parts.any(axis=1)
            contributions[:, liked] += parts * (weight / spread_of(scores)[0])
        contributions[unexplained] = 0  # part of the score is the prior of a model
        return contributions

    def _models(self) -> list[Model]:
        return restored(self._parts(), self.arrays)

    def _parts(self) -> tuple[Part, ...]:
        return parts_with_likes(self.config.parts, self._like_from)

    @property
    def _like_from(self) -> float | None:
        return None if self.counts else self.config.like_from
