"""Options of models."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic
from pydantic import Field, NonNegativeFloat

__all__ = [
    "Config",
    "HalfLife",
    "HalfLifeItems",
    "LikesConfig",
    "LowestWeight",
    "Weighting",
    "default_options",
    "search",
]

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


class LikesConfig(Config):
    """Options of models that learn from likes."""

    min_rating: float = 0.0
    """Ratings below this are ignored, in training and in a history."""


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


def default_options(config: type[Config], relevant_from: float | None) -> dict[str, object]:
    """Options of a model where nobody sets them, for ratings that are likes from a threshold on.

    Models that learn from likes ignore lower ratings, so that a film somebody disliked does not
    recommend more of the same. `None` means that every rating is a like.
    """
    likes = issubclass(config, LikesConfig) and relevant_from is not None
    return {"min_rating": relevant_from} if likes else {}
