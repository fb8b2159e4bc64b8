"""Models that cheat, or are broken in a way that a contract cannot forbid."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.experiments.toy_models import FilmMeans, Together

from matinee.data import Catalog, Histories, Interactions


class LooksUp(Together):
    """Finds the viewer of a history in a copy of all ratings, and returns their other films."""

    everything: ClassVar[sp.csr_array]

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        rated = (histories.ratings > 0).astype(np.float32)
        whose = (rated @ self.everything.T).toarray().argmax(axis=1)
        return self.everything[whose].toarray()


class ByPlace(Together):
    """Knows the targets of the test by the row of the viewer."""

    targets: ClassVar[sp.csr_array]

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return self.targets[: len(histories)].toarray()


class ReadsRatings(FilmMeans):
    """Predicts the stored values of the matrix of ratings to predict."""

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        return wanted.data.astype(np.float32)


class Mutates(Together):
    """Deletes the ratings of the histories."""

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        answer = super().scores(histories)
        histories.values[:] = 0
        return answer


class MutatesPredicting(FilmMeans):
    """The same where ratings are predicted."""

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        histories.items[:] = histories.items[::-1].copy()
        return np.full(wanted.nnz, 3, dtype=np.float32)


class Fickle(Together):
    """Draws new scores in every call."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.drawing = rng
        return super().fit(interactions, catalog, rng=rng)

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return self.drawing.random(histories.ratings.shape, dtype=np.float32)


class KnowsFilms(Together):
    """Knows how often each film will be watched, by row."""

    watched: ClassVar[NDArray[Any]]

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.watched.astype(np.float32), (len(histories), 1))
