"""Models of other libraries, fitted, chosen and measured beside ours in one evaluation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Self

import numpy as np
from benchmarks.recipe_table.library import RemoteModel, library
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.experiments.measuring.candidate_models import CandidateModel, FittedModel, Origin
from matinee.models import Config, Model

__all__ = ["PEERS", "Peer", "PeerCandidate", "PeerConfig", "PeerModel"]


class PeerConfig(Config):
    """A model of another library."""

    module: str
    """The file of its library under `benchmarks/peers/`."""
    algorithm: str
    """The class in it."""
    options: str = "{}"
    """Options of the class, as JSON."""


class PeerModel(Model[PeerConfig]):
    """A model that lives in the process of its library and answers any history.

    Viewers without a history get the most popular films of all time, since these libraries leave
    them to whoever uses them.
    """

    def __init__(self, config: PeerConfig | None = None) -> None:
        super().__init__(config)
        self._fits: list[RemoteModel] = []  # shared with the copies that the base class makes

    @property
    def seconds(self) -> float:
        """Seconds of the fit, as the library's own process measures them."""
        return self._fits[-1].seconds

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        options = json.loads(config.options)
        self._fits[:] = [library(config.module).fit(config.algorithm, options, interactions)]
        counts = np.bincount(interactions.items, minlength=interactions.n_items)
        self.arrays["prior"] = counts.astype(np.float32)
        self.arrays["shape"] = np.array(interactions.matrix.shape)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        rows, columns = self.arrays["shape"].tolist()
        scores = self._fits[-1].answer(histories, (rows, columns))
        if self.config.algorithm != "Popular":
            scores[histories.lengths == 0] = 0  # the prior answers
        return scores


@dataclass(frozen=True)
class PeerCandidate(CandidateModel):
    """A candidate whose seconds are those of its own process."""

    def fit(
        self,
        config: Config,
        interactions: Interactions,
        catalog: Catalog,
        seed: int,
        *,
        memory_measured: bool = True,
    ) -> FittedModel:
        fitted = super().fit(config, interactions, catalog, seed, memory_measured=False)
        own = fitted.model
        return FittedModel(own, own.seconds if isinstance(own, PeerModel) else fitted.seconds)


@dataclass(frozen=True)
class Peer:
    """One algorithm of another library, with the grid its options are chosen from."""

    name: str
    module: str
    algorithm: str
    grid: dict[str, list[Any]] = field(default_factory=dict)

    def candidate(self) -> PeerCandidate:
        """All combinations of the grid, for a choice on validation."""
        configs = tuple(
            PeerConfig(
                module=self.module,
                algorithm=self.algorithm,
                options=json.dumps(dict(zip(self.grid, values, strict=True))),
            )
            for values in product(*self.grid.values())
        )
        origin: Origin = "validation" if len(configs) > 1 else "defaults"
        return PeerCandidate(self.name, PeerModel, configs, origin)


PEERS = (
    Peer("RecTools popular", "of_rectools", "Popular", {"days": [None, 7, 30, 90, 365]}),
    Peer("RecTools EASE", "of_rectools", "Ease", {"l2": [100, 300, 500, 1000]}),
    Peer(
        "implicit ALS",
        "of_implicit",
        "Als",
        {"factors": [32, 128], "alpha": [2, 5, 10], "regularization": [10, 30]},
    ),
    Peer(
        "implicit BM25",
        "of_implicit",
        "ItemItem",
        {"kind": ["BM25Recommender"], "K": [50, 200], "K1": [1.2, 100]},
    ),
)
