"""Small models whose outcome in an evaluation is known beforehand."""

from __future__ import annotations

from typing import Self

import numpy as np
import pydantic
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, search, span


class TogetherConfig(Config):
    """How films are counted together."""

    sign: float = pydantic.Field(1.0, json_schema_extra=search(-1, 0, 1) | span(-1, 1))
    """Whether films liked together are recommended (1) or avoided (-1)."""


class Together(Model[TogetherConfig]):
    """Films liked by those who liked what this viewer liked; with sign -1 the contrary."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes = (interactions.matrix > 3).astype(np.float32)
        self.arrays["weights"] = np.float32(self.config.sign) * (likes.T @ likes).toarray()
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes = (histories.ratings > 3).astype(np.float32)
        return likes @ self.arrays["weights"]


class MeansConfig(Config):
    """How film means are taken."""

    damping: float = pydantic.Field(2.0, json_schema_extra=search(0.5, 2) | span(0.5, 2))
    """Ratings of the overall mean added to every film's."""


class FilmMeans(Model[MeansConfig]):
    """Every film's damped mean rating."""

    predicts_ratings = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["means"] = film_means(interactions, self.config.damping)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["means"], (len(histories), 1))

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        return np.asarray(self.arrays["means"][wanted.indices])


class AnswerConfig(Config):
    """What is answered."""

    what: str = "constant"
    """Kind of answer."""


class Answer(Model[AnswerConfig]):
    """Gives the configured answer, good or bad."""

    predicts_ratings = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["drawn"] = rng.random(interactions.n_items, dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        answer = np.ones(histories.ratings.shape, dtype=np.float32)
        seen = histories.ratings.toarray() > 0
        match self.config.what:
            case "seen":
                answer[seen] = 100
            case "seen as minus infinity":
                answer[seen] = -np.inf
            case "drawn":
                answer[:] = self.arrays["drawn"]
            case "not a number":
                answer[0, 3] = np.nan
            case "minus infinity":
                answer[:] = -np.inf
            case "float64":
                return answer.astype(np.float64)
            case "too few films":
                return answer[:, 1:]
        return answer

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        value = np.nan if self.config.what == "not a number" else 3.0
        n = wanted.nnz + (1 if self.config.what == "too few films" else 0)
        return np.full(n, value, dtype=np.float32)


def film_means(interactions: Interactions, damping: float) -> NDArray[np.float32]:
    overall = interactions.values.mean()
    n = interactions.n_items
    above = np.bincount(interactions.items, interactions.values - overall, minlength=n)
    means = overall + above / (np.bincount(interactions.items, minlength=n) + damping)
    return means.astype(np.float32)


def answering(what: str) -> Answer:
    return Answer(AnswerConfig(what=what))
