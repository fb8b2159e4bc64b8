"""Options of models."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
import pydantic
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field, NonNegativeFloat
from pydantic_core import ErrorDetails, PydanticCustomError

from matinee.data.reason import DISLIKED
from matinee.models._shared.star_scale import StarScale

__all__ = [
    "NONE",
    "Config",
    "CountsConfig",
    "DislikesConfig",
    "HalfLife",
    "HalfLifeItems",
    "Levels",
    "LikesConfig",
    "LowestPositiveWeight",
    "LowestWeight",
    "RatingThreshold",
    "RatingsConfig",
    "Weighting",
    "broken_rule",
    "default_options",
    "level_weights",
    "lowest_like",
    "search",
    "span",
]


_RULES = {
    "bool_parsing": "must be true or false",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be greater than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be {expected}",
    "string_type": "must be text",
}
"""Kind of validation error -> its rule in words."""


def broken_rule(error: ErrorDetails) -> str:
    """The rule that the value of an option breaks, in words."""
    rule = _RULES.get(error["type"])
    return error["msg"] if rule is None else rule.format(**error.get("ctx", {}))


def search(*values: float | str | bool) -> dict[str, Any]:
    """Mark of an option whose value `evaluate` chooses among these, on validation.

    Written `Field(0.1, json_schema_extra=search(0.07, 0.1, 0.14) | span(0.01, 1, log=True))`.
    """
    return {"search": list(values)}


def span(low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    """Mark of a number that `tune` searches from `low` to `high`, on a logarithmic scale if `log`.

    Options of `bool` and `Literal` types need no mark: all their values are searched.
    """
    return {"span": {"low": low, "high": high, "log": log}}


NONE = BeforeValidator(lambda value: None if value == "none" else value)
"""For options that can be `None`: "none" as text."""

_ON_SCALE = "a rating on the scale of the data"
RatingThreshold = Annotated[
    float | None,
    NONE,
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
        "evidence against similar films. Only without like_from, which uses `levels`.",
        json_schema_extra=span(-1, 1),
    ),
]

LowestPositiveWeight = Annotated[
    float,
    Field(
        gt=0,
        le=1,
        description="Weight of the lowest rating on the scale, above 0. The highest weighs 1 and "
        "values between are interpolated. 1 ignores the value of a rating. Only without like_from; "
        "with it, `levels` are the weights.",
        json_schema_extra=span(0.1, 1),
    ),
]
"""For models whose likes cannot have weights below 0 but by `levels`."""


def _levels(text: str) -> str:
    try:
        weights = level_weights(text)
    except ValueError:
        weights = ()
    ordered = all(low <= high for low, high in pairwise(weights))
    if len(weights) != _N_LEVELS or not ordered or weights[0] < -1 or weights[-1] != 1:
        raise PydanticCustomError(
            "levels", f"{_N_LEVELS} numbers from -1 to 1 are needed, ascending, the last of them 1"
        )
    return text


def level_weights(text: str) -> tuple[float, ...]:
    """The numbers of `DislikesConfig.levels`."""
    return tuple(float(each) for each in text.split())


_N_LEVELS = 5
Levels = Annotated[str, AfterValidator(_levels)]
"""Five weights as text: "-0.6 -0.3 0.25 0.6 1"."""

HalfLife = Annotated[
    NonNegativeFloat,
    Field(
        description="Days until a rating in a history has half its weight, counted back from the "
        "viewer's latest rating; 0 turns decay off.",
        json_schema_extra=span(0, 1000),
    ),
]
HalfLifeItems = Annotated[
    NonNegativeFloat,
    Field(
        description="Number of later ratings that halve the weight of a rating in a history; 0 "
        "turns decay off.",
        json_schema_extra=span(0, 200),
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
        return {name: list(values) for name, values in cls._marks("search")}

    @classmethod
    def spans(cls) -> dict[str, dict[str, Any]]:
        """`low`, `high` and `log` of every option with the mark `span`."""
        return dict(cls._marks("span"))

    @classmethod
    def _marks(cls, mark: str) -> Iterator[tuple[str, Any]]:
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and mark in extra:
                yield name, extra[mark]

    def in_stars(self, scale: StarScale) -> Self:
        """The same options with each `RatingThreshold` in stars."""
        thresholds = {name: getattr(self, name) for name in _thresholds(type(self))}
        changed = {name: scale.stars(each) for name, each in thresholds.items() if each is not None}
        return self.model_copy(update=changed) if changed else self


class LikesConfig(Config):
    """Options of models that learn from likes."""

    min_rating: RatingThreshold = None
    """Ratings below this are ignored, in training and in a history; none keeps all ratings."""

    def likes(self, ratings: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which ratings reach `min_rating`, `bool[n]`."""
        if self.min_rating is None:
            return np.ones(len(ratings), dtype=np.bool_)
        return ratings >= self.min_rating


class RatingsConfig(Config):
    """Options of models whose scores are predicted ratings. See `damped_for_lists`."""

    list_damping: NonNegativeFloat = Field(4.0, json_schema_extra=span(0, 10))
    """Films are ranked by their prediction minus this many stars divided by sqrt(n + 1), where n is
    the film's number of ratings; 0 ranks by the prediction alone. Predicted ratings do not
    change."""


class DislikesConfig(LikesConfig):
    """Options of models that learn from likes and dislikes: the weight of a rating by its level."""

    like_from: RatingThreshold = None
    """Ratings from this one on are likes, and lower ones weigh as `levels` says; none makes every
    rating a like."""
    levels: Levels = "-0.6 -0.3 0.25 0.6 1"
    """Weights of the lowest rating, of dislikes from a quarter to four ninths of the scale (2 of 1
    to 5, 2 and 2.5 of 0.5 to 5), of ratings from the middle on that are no likes, of `like_from`,
    and of the highest; values between are interpolated. Below 0 a rating is evidence against
    similar films. Only with `like_from`."""

    def signed_weights(
        self, ratings: NDArray[np.float32], scale: tuple[float, float]
    ) -> NDArray[np.float32]:
        """Weights by `levels`, `float32[n]`; ones without `like_from`."""
        if self.like_from is None:
            return np.ones(len(ratings), dtype=np.float32)
        like = min(max(self.like_from, scale[0]), scale[1])
        liked, others = _lines(self.levels, like, scale)
        above, below = np.interp(ratings, *liked), np.interp(ratings, *others)
        return np.where(ratings >= np.float32(like), above, below).astype(np.float32)

    def liked(self, ratings: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which ratings are likes, `bool[n]`: those from `min_rating` and from `like_from` on."""
        liked = self.likes(ratings)
        return liked if self.like_from is None else liked & (ratings >= self.like_from)


class CountsConfig(DislikesConfig):
    """Options of models that learn from likes, and from some counts more than from others."""

    confidence: Literal["log", "linear"] = "log"
    """How the weight of a count grows: with its binary logarithm, or with the count. Ratings have
    no counts."""
    confidence_weight: NonNegativeFloat = Field(0.5, json_schema_extra=span(0, 4))
    """Added to the weight of a film for each doubling of its count ("log"), or for each play beyond
    the first ("linear"); 0 weighs all counts the same."""


class Weighting(CountsConfig):
    """Options that turn the ratings of a history into weights, by value and by age.

    Models whose score is a weighted sum over the history have these. See `Model.weigh`.
    """

    lowest_weight: LowestWeight = 1.0
    half_life: HalfLife = 0.0
    half_life_items: HalfLifeItems = 0.0

    @property
    def decays(self) -> bool:
        """Whether old ratings weigh less."""
        return bool(self.half_life or self.half_life_items)


def default_options(
    config: type[Config], relevant_from: float | None, settings: Collection[str] = ()
) -> dict[str, object]:
    """Options of a model where nobody sets them, for ratings that are likes from a threshold on.

    Models with `like_from` take lower ratings as evidence against similar films, other models that
    learn from likes ignore them, so that a film somebody disliked does not recommend more of the
    same. There are none if every rating is a like (`None`), or if `min_rating`, another answer to
    the same question, is among the `settings` that somebody made.
    """
    if relevant_from is None or "min_rating" in settings:
        return {}
    for option in ("like_from", "min_rating"):
        if option in config.model_fields:
            return {option: relevant_from}
    return {}


def lowest_like(config: Config) -> float | None:
    """The lowest rating that is a like by the options of a model; `None` if every rating is."""
    options = (getattr(config, option, None) for option in ("like_from", "min_rating"))
    return next((each for each in options if each is not None), None)


_Line = tuple[NDArray[np.float64], NDArray[np.float64]]


@lru_cache(maxsize=256)
def _lines(levels: str, like: float, scale: tuple[float, float]) -> tuple[_Line, _Line]:
    """Weights of likes and of other ratings: ratings, ascending, and the weight of each.

    They are kept because reading them takes as long as weighing the ratings of a viewer.
    """
    low, high = scale
    lowest, disliked, middling, liked, highest = level_weights(levels)
    below = np.array([low + part * (high - low) for part in (0, 0.25, DISLIKED, 0.5)])
    above = np.array([like, max(high, like + 1e-6)])
    return (
        (above, np.array([liked, highest])),
        (below, np.array([lowest, disliked, disliked, middling])),
    )


@cache
def _thresholds(kind: type[Config]) -> tuple[str, ...]:
    """Options that are ratings on the scale of the data."""
    return tuple(name for name, each in kind.model_fields.items() if _ON_SCALE in each.metadata)
