"""Terms of a sum that are kept until the contest ends: the best films of each viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matinee.models._blend.weights import spread_of

__all__ = ["Terms"]

_MOST = 4000
"""Films kept for each viewer. A hundred decide, and every candidate is kept for every question: all
scores of 60,000 films would be gigabytes."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Scores of one candidate for the viewers of one question.

    Attributes:
        films: `int32[n, m]`, those with the highest scores.
        scores: `float32[n, m]`; minus infinity for seen films.
        lowest: `float32[n]`, the finite score that all other films are given.
        spreads: `float32[n]`, standard deviation of all scores of unseen films.
        n_items: number of films.
    """

    films: NDArray[np.int32]
    scores: NDArray[np.float32]
    lowest: NDArray[np.float32]
    spreads: NDArray[np.float32]
    n_items: int

    @classmethod
    def of(cls, scores: NDArray[np.float32], most: int = _MOST) -> Self:
        """From scores of all films, `float32[n, n_items]`, minus infinity for seen ones."""
        n_items = scores.shape[1]
        length = min(most, n_items)
        films = np.argpartition(-scores, length - 1, axis=1)[:, :length].astype(np.int32)
        best = np.take_along_axis(scores, films, axis=1)
        lowest = np.where(np.isfinite(best), best, np.inf).min(axis=1, initial=np.inf)
        lowest = np.where(np.isfinite(lowest), lowest, 0).astype(np.float32)
        return cls(films, best, lowest, spread_of(scores), n_items)

    def dense(self) -> NDArray[np.float32]:
        """Scores of all films, `float32[n, n_items]`."""
        scores = np.tile(self.lowest[:, None], (1, self.n_items))
        np.put_along_axis(scores, self.films.astype(np.int64), self.scores, axis=1)
        return scores
