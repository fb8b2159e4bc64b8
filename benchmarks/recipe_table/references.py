"""References for films without ratings, as models: content kNN and MARec (see `cold_items.py`)."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from benchmarks.cold_items import marec_weights, neighbour_weights
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.models import Config, Model

__all__ = ["REFERENCES"]


class ReferenceConfig(Config):
    """A published method for films without ratings."""

    method: Literal["MARec", "content kNN"] = "MARec"
    l2: float = 200
    """Ridge penalty of MARec."""


class Reference(Model[ReferenceConfig]):
    """Weights from every film of a history to the films without ratings."""

    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        if self.config.method == "MARec":
            self.arrays["weights"] = marec_weights(interactions, catalog, self.config.l2)
        else:
            self.arrays["weights"] = neighbour_weights(catalog)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        watched = (histories.ratings > 0).astype(np.float32)
        return watched @ self.arrays["weights"]


def _configs(method: Literal["MARec", "content kNN"], *l2: float) -> tuple[ReferenceConfig, ...]:
    return tuple(ReferenceConfig(method=method, l2=each) for each in l2)


REFERENCES = (
    CandidateModel("MARec", Reference, _configs("MARec", 50, 200, 1000, 5000), "validation"),
    CandidateModel("content kNN", Reference, _configs("content kNN", 1), "defaults"),
)
