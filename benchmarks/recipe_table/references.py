"""References for films without ratings, as models: content kNN and MARec (see `cold_items.py`)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar, Literal, Self

import numpy as np
from benchmarks.cold_items import marec, neighbours
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.models import Config, Model

__all__ = ["REFERENCES"]

_SCORERS: dict[str, Any] = {"MARec": marec, "content kNN": neighbours}


class ReferenceConfig(Config):
    """A published method for films without ratings."""

    method: Literal["MARec", "content kNN"] = "MARec"
    l2: float = 200
    """Ridge penalty of MARec."""


class Reference(Model[ReferenceConfig]):
    """Learns when it answers, since both methods are one solve over the training data."""

    reads_catalog: ClassVar[bool] = True

    def __init__(self, config: ReferenceConfig | None = None) -> None:
        super().__init__(config)
        self._training: list[tuple[Interactions, Catalog]] = []

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self._training[:] = [(interactions, catalog)]
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        train, catalog = self._training[-1]
        split = SimpleNamespace(train=train, histories=histories)
        scorer = _SCORERS[self.config.method]
        scores: NDArray[np.float32] = scorer(split, catalog, {"l2": self.config.l2})
        return scores


def _configs(method: Literal["MARec", "content kNN"], *l2: float) -> tuple[ReferenceConfig, ...]:
    return tuple(ReferenceConfig(method=method, l2=each) for each in l2)


REFERENCES = (
    CandidateModel("MARec", Reference, _configs("MARec", 50, 200, 1000, 5000), "validation"),
    CandidateModel("content kNN", Reference, _configs("content kNN", 1), "defaults"),
)
