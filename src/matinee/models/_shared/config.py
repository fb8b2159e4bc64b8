"""Options of models."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Self

import numpy as np
import pydantic
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, NonNegativeFloat

from matinee.models._shared.star_scale import StarScale

__all__ = [
    "Config",
    "HalfLife",
    "HalfLifeItems",
    "LikesConfig",
    "LowestWeight",
    "RatingThreshold",
    "RatingsConfig",
    "Weighting",
    "search",
]

_ON_SCALE = "a rating on the scale of the data"
RatingThreshold = Annotated[
    float | None,
    BeforeValidator(lambda value: None if value == "none" else value),
    _ON_SCALE,
]
"""A rating on the scale of the data, or `None` ("none" as text) for no threshold."""

LowestWeight = Annotated[
    float,
    Field(
        ge=-1,
        le=1,
        description="Weight of the lowest rating on the scale. The highest weighs 1 and values "
        "between are interpolated. 1 ignores the value of a rating; below 0, low ratings count as "
        "evidence against similar films.",
    ),
]
HalfLife = Annotated[
    NonNegativeFloat,
    Field(
        description="Days until a rating in a history has half its weight, counted back from the "
        "viewer's latest rating; 0 turns decay off."
    ),
]
HalfLifeItems = Annotated[
    NonNegativeFloat,
    Field(
        description="Number of later ratings that halve the weight of a rating in a history; 0 "
        "turns decay off."
    ),
]


class Config(pydantic.BaseModel):
    """Options of one model: name, type, bounds, default and meaning in one place.

    The docstring under a field is its meaning, shown by `matinee models NAME`.
    """

    model_config = pydantic.ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )

    @classmethod
    def candidates(cls) -> dict[str, list[Any]]:
        """Values to try on validation, by option; options without `search` keep their default."""
        extras = {name: field.json_schema_extra for name, field in cls.model_fields.items()}
        return {
            name: list(extra["search"])  # type: ignore[arg-type]
            for name, extra in extras.items()
            if isinstance(extra, dict) and "search" in extra
        }

    def in_stars(self, scale: StarScale) -> Self:
        """The same options with each `RatingThreshold` in stars."""
        thresholds = {name: getattr(self, name) for name in _thresholds(type(self))}
        changed = {name: scale.stars(each) for name, each in thresholds.items() if each is not None}
        return self.model_copy(update=changed) if changed else self


class LikesConfig(Config):
    """Options of models that learn from likes."""

    min_rating: RatingThreshold = None
    """Ratings below this are ignored, in training and in a history; none ignores no rating."""

    def likes(self, ratings: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which ratings reach `min_rating`, `bool[n]`."""
        if self.min_rating is None:
            return np.ones(len(ratings), dtype=np.bool_)
        return ratings >= self.min_rating


class RatingsConfig(Config):
    """Options of models whose scores are predicted ratings. See `damped_for_lists`."""

    list_damping: NonNegativeFloat = 4.0
    """Stars taken off a film's prediction when films are ranked, over the root of its number of
    ratings plus 1; 0 ranks by the prediction alone. Predicted ratings stay as they are."""


class Weighting(LikesConfig):
    """Options that turn the ratings of a history into weights, by value and by age.

    Models whose score is a weighted sum over the history have these. See `Model.weigh`.
    """

    lowest_weight: LowestWeight = 1.0
    half_life: HalfLife = 0.0
    half_life_items: HalfLifeItems = 0.0


def search(*values: float | str | bool) -> dict[str, Any]:
    """Values of an option to try on validation, for `Field(json_schema_extra=search(...))`."""
    return {"search": list(values)}


@cache
def _thresholds(kind: type[Config]) -> tuple[str, ...]:
    """Options that are ratings on the scale of the data."""
    return tuple(name for name, each in kind.model_fields.items() if _ON_SCALE in each.metadata)
