"""Candidates of `auto`: models with options, by the question they are good at, and their cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from matinee import plugins
from matinee.data import Interactions
from matinee.models import Model
from matinee.models._auto.questions import ChooseOn
from matinee.models._blend.parts import Part, read_parts

__all__ = ["Size", "candidates", "fit_seconds", "is_personal", "knows_dislikes", "read_name"]

_PENALTIES = (60, 200, 600)
_FACTORS = tuple(
    f"ials unobserved_weight={weight} l2={l2}"
    for weight, l2 in ((0.05, 0.01), (0.1, 0.02), (0.2, 0.02), (0.3, 0.01))
)
"""Settings for many ratings first, for few ratings last."""
_POPULARITY = ("popular", *(f"trending half_life={days}" for days in (7, 30, 90, 365)))
_LATER = (4, 16, 64)
"""Later films that halve the weight of a film: what comes next follows from the last few."""

_LISTS: dict[ChooseOn, Sequence[Sequence[str]]] = {
    "future": (
        _POPULARITY,
        [f"ease-sparse l2={l2}" for l2 in _PENALTIES[1:]],
        _FACTORS[1:],
    ),
    "next": (
        _POPULARITY,
        ["ease-sparse", *(f"ease-sparse half_life_items={n}" for n in _LATER)],
        [f"item-knn half_life_items={n}" for n in _LATER],
        ["slit"],
        ["prefix-knn"],
    ),
    "random": (
        ["popular"],
        [f"ease-sparse l2={l2}" for l2 in _PENALTIES],
        _FACTORS,
        ["item-knn"],
        ["dlae-content l2=200"],
    ),
}
"""Kinds of models. Those of one kind make the same errors, so a blend takes the best of two."""

_ASKED = 1500
"""Viewers of a question, at most: `prefix-knn` works where it answers."""
_DENSE = frozenset({"dlae-content"})


@dataclass(frozen=True)
class Size:
    """What the cost of a fit depends on.

    Attributes:
        ratings: their number.
        pairs: sum over viewers of the square of their number of ratings: what co-occurrence costs.
        viewers, films: those with ratings.
        facts: features of the films in `dlae-content`.
    """

    ratings: float
    pairs: float
    viewers: float
    films: float
    facts: float

    @classmethod
    def of(cls, ratings: Interactions, facts: int) -> Self:
        counts = np.bincount(ratings.users).astype(np.float64)
        films = np.count_nonzero(np.bincount(ratings.items, minlength=ratings.n_items))
        viewers = int(np.count_nonzero(counts))
        return cls(len(ratings), float(counts @ counts), viewers, int(films), facts)

    def sample(self, share: float) -> Size:
        """With a share of the viewers."""
        return replace(
            self,
            ratings=self.ratings * share,
            pairs=self.pairs * share,
            viewers=self.viewers * share,
        )


def candidates(
    choose_on: ChooseOn, size: Size, *, most_films: int, n_items: int, budget: float
) -> list[list[str]]:
    """Candidates by kind of model.

    Dense ones only up to `most_films` films, and where one fit takes no more than the budget:
    its cost depends on the films, so a sample of the viewers would not lower it.
    """
    registered = plugins.names("models")

    def is_tried(text: str) -> bool:
        (part,) = read_parts(text)
        if part.name in _DENSE and (n_items > most_films or fit_seconds(part, size) > budget):
            return False
        return part.name in registered

    kinds = ([text for text in kind if is_tried(text)] for kind in _LISTS[choose_on])
    return [kind for kind in kinds if kind]


def read_name(text: str) -> str:
    """The name of the model in a text with options."""
    return text.partition(" ")[0]


def is_personal(text: str) -> bool:
    """Whether a candidate, or a sum of several, answers viewers by their histories."""
    return "+" in text or plugins.get("models", read_name(text)).personal


def knows_dislikes(model: Model) -> bool:
    """Whether a model takes all ratings.

    It has an option that says which are likes, or predicts the ratings of a viewer.
    """
    if model.predicts_ratings and model.personal:
        return True
    return not {"like_from", "min_rating"}.isdisjoint(type(model.config).model_fields)


def fit_seconds(part: Part, size: Size) -> float:
    """Seconds of a fit on two quiet cores of 2023, from the size of its data alone.

    A clock would choose another model on a busy machine, and the same seed must give the same
    model. The factors were measured on MovieLens 100K, 1M and latest-small. Being wrong by half
    changes how many candidates are compared to the end, and nothing else.
    """
    n, options = size, part.model().config.model_dump()
    seconds = {
        "popular": 3e-8 * n.ratings,
        "trending": 3e-8 * n.ratings,
        "item-knn": 4e-9 * n.pairs + 1.5e-4 * n.films,
        "ease-sparse": 1.2e-9 * n.pairs + 2.8e-5 * n.films,
        "dlae-content": 1.5e-9 * n.pairs + _inverse_seconds(n.viewers + n.facts, n.films),
        "prefix-knn": 3.2e-9 * n.ratings * min(n.viewers, _ASKED),
        "slit": 1.5e-8 * n.pairs + 6e-10 * min(n.films, 2000) ** 3,
    }
    if part.name in seconds:
        return seconds[part.name]
    factors, rows = options["factors"], n.viewers + n.films  # ials
    return float(options["iterations"] * factors * (6e-10 * n.ratings + 2e-10 * rows * factors))


def _inverse_seconds(rows: float, films: float) -> float:
    """Seconds of `regularised_inverse`, through the rows where these are few."""
    through_rows = 1.6e-11 * rows * films * (films + 2 * rows) + 2e-8 * films**2
    return min(1.6e-11 * films**3, through_rows)
