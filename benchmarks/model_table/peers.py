"""Models of other libraries for each of our models, with their grids for validation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from model_table.tasks import Task

__all__ = ["NONE", "PEERS", "Peer"]

_PEERS = Path(__file__).parents[1] / "peers"

Grid = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Peer:
    """One algorithm of another library.

    Attributes:
        name: library and model, as on the page.
        module: the file for the library under `benchmarks/peers/`.
        algorithm: the class in it.
        beside: our models for the same task; it is listed under the first.
        rates: whether it predicts ratings instead of ranking.
        grid: values of its options; every combination is tried on validation.
        settings: fixed options.
        own_environment: an environment it needs in addition to `.venv-peers`.
        left_out: by data set, why it is not measured there.
    """

    name: str
    module: str
    algorithm: str
    beside: tuple[str, ...]
    rates: bool = False
    grid: Grid = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    own_environment: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def one_by_one(self) -> bool:
        """Whether the library scores viewers one at a time, which is slow."""
        return self.module == "of_lenskit"

    @property
    def combinations(self) -> list[dict[str, Any]]:
        """All combinations of the grid."""
        values = product(*self.grid.values())
        return [{**self.settings, **dict(zip(self.grid, each, strict=True))} for each in values]

    @property
    def source(self) -> str:
        """Twelve digits that change with the measured code."""
        content = (_PEERS / f"{self.module}.py").read_bytes()
        said = json.dumps([self.algorithm, self.combinations]).encode()
        return hashlib.sha256(content + said).hexdigest()[:12]

    def suits(self, task: Task) -> bool:
        """Whether it suits the task."""
        return self.rates == (not task.k)


_LENSKIT = "lenskit"

PEERS = (
    Peer("RecTools PopularModel", "of_rectools", "Popular", ("popular",)),
    Peer(
        "RecTools PopularModel, last days",
        "of_rectools",
        "Popular",
        ("trending",),
        grid={"days": [7, 30, 90, 365]},
    ),
    *(
        Peer(
            f"implicit {kind}",
            "of_implicit",
            "ItemItem",
            ("item-knn", "rp3beta"),
            grid={"K": [50, 200]},
            settings={"kind": kind},
        )
        for kind in ("CosineRecommender", "TFIDFRecommender", "BM25Recommender")
    ),
    Peer(
        "LensKit ItemKNNScorer",
        "of_lenskit",
        "ItemKnn",
        ("item-knn",),
        grid={"max_nbrs": [20, 100]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "LensKit UserKNNScorer",
        "of_lenskit",
        "UserKnn",
        ("user-knn",),
        grid={"max_nbrs": [50, 200]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "LensKit SLIMScorer",
        "of_lenskit",
        "Slim",
        ("slim",),
        settings={"l2_reg": 200.0},
        grid={"l1_reg": [0.3, 3.0]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "implicit AlternatingLeastSquares",
        "of_implicit",
        "Als",
        ("ials",),
        grid={"alpha": [2, 5, 10], "regularization": [10, 30]},
    ),
    Peer(
        "implicit BayesianPersonalizedRanking",
        "of_implicit",
        "Bpr",
        ("bpr",),
        grid={
            "learning_rate": [0.005, 0.01, 0.03],
            "regularization": [0.0001, 0.001, 0.01],
            "iterations": [40, 80, 160],
        },
    ),
    Peer(
        "RecTools EASEModel",
        "of_rectools",
        "Ease",
        ("ease", "ease-sparse", "dlae"),
        grid={"l2": [100, 200, 300, 500, 1000]},
    ),
    Peer(
        "RecTools PureSVDModel",
        "of_rectools",
        "PureSvd",
        ("ials",),
        grid={"factors": [20, 50, 100]},
    ),
    Peer(
        "Surprise BaselineOnly",
        "of_surprise",
        "Surprise",
        ("baseline",),
        rates=True,
        settings={"kind": "BaselineOnly"},
        grid={"reg_i": [5, 10], "reg_u": [5, 15]},
    ),
    Peer(
        "LensKit BiasScorer",
        "of_lenskit",
        "Bias",
        ("baseline", "popular"),
        rates=True,
        grid={"damping": [0.0, 5.0, 25.0]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "Surprise KNNBaseline, users",
        "of_surprise",
        "Surprise",
        ("user-knn-ratings",),
        rates=True,
        settings={"kind": "KNNBaseline", "user_based": True},
        grid={"k": [40, 60]},
    ),
    Peer(
        "Surprise KNNBaseline, items",
        "of_surprise",
        "Surprise",
        ("item-knn-ratings",),
        rates=True,
        settings={"kind": "KNNBaseline", "user_based": False},
        grid={"k": [40, 60]},
    ),
    Peer(
        "LensKit UserKNNScorer, ratings",
        "of_lenskit",
        "UserKnnRatings",
        ("user-knn-ratings",),
        rates=True,
        grid={"max_nbrs": [30, 60]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "LensKit ItemKNNScorer, ratings",
        "of_lenskit",
        "ItemKnnRatings",
        ("item-knn-ratings",),
        rates=True,
        grid={"max_nbrs": [20, 60]},
        own_environment=_LENSKIT,
    ),
    Peer(
        "Surprise SlopeOne",
        "of_surprise",
        "Surprise",
        ("slope-one",),
        rates=True,
        settings={"kind": "SlopeOne"},
    ),
    Peer(
        "Surprise NMF",
        "of_surprise",
        "Surprise",
        ("nmf",),
        rates=True,
        settings={"kind": "NMF", "n_epochs": 50},
        grid={"n_factors": [15, 30], "reg_pu": [0.06]},
    ),
    Peer(
        "Surprise SVD",
        "of_surprise",
        "Surprise",
        ("svd",),
        rates=True,
        settings={"kind": "SVD", "n_factors": 100, "n_epochs": 40},
        grid={"reg_all": [0.05, 0.1]},
    ),
    Peer(
        "Surprise SVDpp",
        "of_surprise",
        "Surprise",
        ("svd-plus-plus",),
        rates=True,
        settings={"kind": "SVDpp"},
        left_out={"ml-1m": "a fit takes some ten minutes there, more than a row may"},
    ),
    Peer(
        "myFM, timeSVD++ flipped",
        "of_myfm",
        "Flipped",
        ("bayes-fm",),
        rates=True,
        settings={"sweeps": 512},
        left_out={"ml-1m": "512 sweeps take more than ten minutes there"},
    ),
)

NONE = {
    "auto": "no other library chooses a model",
    "blend": "no other library blends models",
    "content": "LightFM is the nearest: `cold_items.py` measures it where it can be built",
    "dlae-content": "as for content",
    "ease-content": "as for content",
    "ials-content": "as for content",
    "rp3beta": "none of them has it; the nearest are the item neighbours",
}
"""Our models without a peer, and why."""
