"""Does a model know what it cannot have learned? It is fitted on ratings of exchanged films.

All films are renumbered at random in the ratings and the catalogue that the model is given, their
ids and the questions are left as they were. Whatever can be learned is now about other films, so
an honest model ranks the true targets no better than chance - whether it learned popularity, taste
or content. A model that still finds them has them from elsewhere: from the test's ratings, by
place, by looking a history up, or by id; or from knowledge of its own about the films.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.data import Catalog, Interactions
from matinee.data.splits import Split
from matinee.experiments.measuring.ranking import ranked_hits
from matinee.experiments.measuring.scoring import rank_split
from matinee.models import Model

__all__ = ["Audit", "audit"]

_MOST_VIEWERS = 500
_RENUMBERINGS = 99
"""Enough that an honest model exceeds all of them once in a hundred audits at most."""
_KEPT = 0.5
"""Share of its accuracy that an honest model does not keep."""

Outcome = Literal["passed", "failed", "inconclusive"]


@dataclass(frozen=True)
class Audit:
    """NDCG of one model on some viewers of a split, as fitted and on exchanged films.

    Attributes:
        label: which NDCG: "ndcg@10", "ndcg@10 of 100 sampled".
        viewers: how many were asked about.
        fitted: fitted on the split's training.
        exchanged: fitted on the same ratings of exchanged films.
        chance: the highest of 99 popularity rankings, each of films exchanged in another way.
            No honest ranking varies more than one that is the same for everybody.
    """

    label: str
    viewers: int
    fitted: float
    exchanged: float
    chance: float

    @property
    def outcome(self) -> Outcome:
        """Whether what the model knows can come from what it was given.

        "failed" where it keeps half of its accuracy or more and stays above chance;
        "inconclusive" where it has so little that chance alone reaches it.
        """
        if self.fitted <= self.chance:
            return "inconclusive"
        kept = self.exchanged > self.chance and self.exchanged >= _KEPT * self.fitted
        return "failed" if kept else "passed"

    @property
    def note(self) -> str:
        """The outcome in a sentence."""
        found = (
            f"{self.label} = {self.exchanged:.3f} where films are exchanged in training, "
            f"{self.fitted:.3f} where they are not; chance is at most {self.chance:.3f}"
        )
        so = {
            "passed": "",
            "failed": "; the model knows what it cannot have learned, so it looks at the test or "
            "brings knowledge of the films along",
            "inconclusive": "; too little is found to tell where it comes from",
        }
        return f"audit {self.outcome}: {found}{so[self.outcome]}"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.label,
            "viewers": self.viewers,
            "fitted": self.fitted,
            "exchanged": self.exchanged,
            "chance": self.chance,
            "outcome": self.outcome,
        }


def audit(
    model: Model,
    fit: Callable[[Interactions, Catalog], Model],
    split: Split,
    catalog: Catalog,
    k: int,
    label: str,
) -> Audit:
    """Fits once more, on exchanged films, and compares; nothing but the split decides the draw.

    Args:
        model: as fitted on the split's training.
        fit: fits the same model on other data.
        split: whose targets it should not know.
        catalog: the films.
        k: length of the lists.
        label: what results call NDCG there.
    """
    rng = np.random.default_rng(0)
    some = split.take(np.sort(rng.permutation(len(split.users))[:_MOST_VIEWERS]))
    order = rng.permutation(len(catalog))
    other = fit(*_exchanged(split.train, catalog, order))
    popularity = np.bincount(split.train.items, minlength=len(catalog)).astype(np.float32)
    by_chance = [
        _ndcg_of(some, popularity[rng.permutation(len(catalog))], k) for _ in range(_RENUMBERINGS)
    ]
    return Audit(
        label=label,
        viewers=len(some.users),
        fitted=_ndcg(rank_split(model, some, k).hits, some.targets),
        exchanged=_ndcg(rank_split(other, some, k).hits, some.targets),
        chance=max(by_chance),
    )


def _exchanged(
    train: Interactions, catalog: Catalog, order: NDArray[np.int64]
) -> tuple[Interactions, Catalog]:
    """Film `order[row]` in the place of film `row`, ids left where they were."""
    place = np.argsort(order).astype(np.int32)
    facts = Catalog.of(catalog.films(order))
    return (
        replace(train, items=place[train.items]),
        replace(facts, item_ids=catalog.item_ids),
    )


def _ndcg_of(split: Split, scores: NDArray[np.float32], k: int) -> float:
    for_all = np.broadcast_to(scores, split.targets.shape)
    return _ndcg(ranked_hits(for_all, split.targets, split.unranked(), k), split.targets)


def _ndcg(hits: NDArray[np.bool_], targets: sp.csr_array) -> float:
    values: NDArray[np.float64] = metrics.get("ndcg").function(hits, np.diff(targets.indptr))
    return float(values.mean())
