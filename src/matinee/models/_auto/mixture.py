"""What answers for `auto`: fitted parts, and the weighted sum of their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.errors import InputError
from matinee.models import Model
from matinee.models._auto.candidates import knows_dislikes
from matinee.models._blend.parts import silent_rows

__all__ = ["Mixture", "as_term", "part_scores"]


@dataclass(frozen=True, eq=False)
class Mixture:
    """A weighted sum of scores.

    The weights are the same for every viewer, so that contributions of a part count by its weight
    and need no scores. Scores of a linear model grow with the history, and so does its say.

    Attributes:
        parts: fitted models.
        weights: `float32[n_parts]`.
        like_from: ratings below it are dislikes; `None` if there are none.
        only_new: `bool[n_items]`, films that the last part alone scores, and it no others; empty if
            every part scores all films.
        new_level: added to the scores of those films, to place them among the others.
    """

    parts: tuple[Model, ...]
    weights: NDArray[np.float32]
    like_from: float | None
    only_new: NDArray[np.bool_]
    new_level: float = 0.0

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """`float32[n, n_items]`; rows of zeros for histories without ratings."""
        total = np.zeros(histories.ratings.shape, dtype=np.float32)
        for part, weight, films in self._terms():
            scores = part_scores(part, self._histories_of(part, histories))
            total += weight * (scores if films is None else np.where(films, scores, 0))
        if len(self.only_new):
            total[:, self.only_new] += np.float32(self.new_level)
        empty = histories.lengths == 0
        if empty.any():
            total[empty] = 0
        return total

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """`float32[m, nnz]`; the part of popularity is common to everybody and not included."""
        total = np.zeros((len(items), len(histories.values)), dtype=np.float32)
        for part, weight, films in self._terms():
            if not type(part).personal or not (films is None or films[items].any()):
                continue
            added = part.contributions(self._histories_of(part, histories), items)
            if added is None:
                raise TypeError(f"{part.name!r} has no contributions and cannot be a part")
            places = self._places(part, histories)
            total[:, places] += weight * (added if films is None else added * films[items, None])
        return total

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """By the first part that compares films."""
        for part in self.parts:
            if type(part).similar is not Model.similar:
                return part.similar(items)
        names = " + ".join(part.name for part in self.parts)
        raise InputError(
            f"{names} does not compare films with each other; use content, item-knn or ease"
        )

    def _terms(self) -> list[tuple[Model, np.float32, NDArray[np.bool_] | None]]:
        films: list[NDArray[np.bool_] | None] = [None] * len(self.parts)
        if len(self.only_new):
            films = [*[~self.only_new] * (len(self.parts) - 1), self.only_new]
        return [each for each in zip(self.parts, self.weights, films, strict=True) if each[1]]

    def _places(self, part: Model, histories: Histories) -> NDArray[np.bool_] | slice:
        """Ratings of a history that a part is given."""
        if self.like_from is None or knows_dislikes(part):
            return slice(None)
        return histories.values >= self.like_from

    def _histories_of(self, part: Model, histories: Histories) -> Histories:
        places = self._places(part, histories)
        return histories if isinstance(places, slice) else histories.select(places)


def part_scores(part: Model, histories: Histories) -> NDArray[np.float32]:
    """Scores of a part as terms of a sum, `float32[n, n_items]`, see `as_term`."""
    if not type(part).personal:
        return np.tile(_popularity_term(part), (len(histories), 1))
    return as_term(part, part.scores(histories))


def as_term(part: Model, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores of a part, `float32[n, n_items]`, as terms of a sum.

    Where a history says nothing to the part its term is 0, not its prior. The term of popularity
    is 0 for the average film with a standard deviation of 1: the number of ratings is no matter.
    """
    if not type(part).personal:
        return np.tile(_popularity_term(part), (len(scores), 1))
    silent = silent_rows(scores, part.arrays["prior"])
    return np.where(silent[:, None], np.float32(0), scores) if silent.any() else scores


def _popularity_term(part: Model) -> NDArray[np.float32]:
    prior = part.arrays["prior"].astype(np.float64)
    term: NDArray[np.float64] = (prior - prior.mean()) / max(float(prior.std()), 1e-12)
    return term.astype(np.float32)
