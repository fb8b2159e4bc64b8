"""Permutation leak check: refits a model with permuted films and looks for targets it still finds.

The check permutes the films of the training ratings and of the catalogue; item ids, histories and
targets stay. Whatever a model can learn is now about other films, so an honest model ranks the
targets no better than chance, whether it learns popularity, taste or content. A model that still
finds them has them from elsewhere: from the test's ratings, by row, by a look-up of the history or
the id, or from its own knowledge about the films.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matinee import metrics
from matinee.data import Catalog, Interactions
from matinee.data.splits import Split
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.experiments.measuring.scoring import rank_split
from matinee.models import Model

__all__ = ["Audit", "audit"]

_MOST_VIEWERS = 500
_PERMUTATIONS = 99
"""Enough that an honest model exceeds all of them in one of a hundred audits at most."""
_SUSPICIOUS_SHARE = 0.5
"""Share of its accuracy that a model keeps only if it knows the targets."""

Outcome = Literal["passed", "failed", "inconclusive"]

_CONCLUSIONS: dict[Outcome, str] = {
    "passed": "",
    "failed": "; the model uses ratings of the test, or knowledge about the films that is not in "
    "the training data",
    "inconclusive": "; the model finds too few targets for a verdict",
}


@dataclass(frozen=True)
class Audit:
    """NDCG of one model on some viewers of a split, with true and with permuted training.

    Attributes:
        label: which NDCG: "ndcg@10", "ndcg@10 of 100 sampled".
        viewers: number of viewers.
        fitted: NDCG of the model as fitted.
        permuted: NDCG of the model refitted with permuted films.
        chance: the highest NDCG of 99 permutations of the popularity ranking. No honest ranking
            varies more than one that is the same for everybody.
    """

    label: str
    viewers: int
    fitted: float
    permuted: float
    chance: float

    @property
    def outcome(self) -> Outcome:
        """The model fails if it keeps half of its accuracy or more and stays above chance.

        The check is inconclusive if chance alone reaches the model's accuracy.
        """
        if self.fitted <= self.chance:
            return "inconclusive"
        suspicious = self.permuted >= _SUSPICIOUS_SHARE * self.fitted
        return "failed" if suspicious and self.permuted > self.chance else "passed"

    @property
    def note(self) -> str:
        """The outcome in a sentence."""
        return (
            f"audit {self.outcome}: {self.label} = {self.permuted:.3f} with permuted films, "
            f"{self.fitted:.3f} without; chance is at most {self.chance:.3f}"
            f"{_CONCLUSIONS[self.outcome]}"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.label,
            "viewers": self.viewers,
            "fitted": self.fitted,
            "exchanged": self.permuted,
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
    """Refits a model with permuted films and compares NDCG; the permutation is always the same.

    `fit` fits the same model on other data; `label` is the label of NDCG in the results.
    """
    rng = np.random.default_rng(0)
    some = split.take(np.sort(rng.permutation(len(split.users))[:_MOST_VIEWERS]))
    order = rng.permutation(len(catalog))
    refitted = fit(*_permuted(split.train, catalog, order))
    popularity = np.bincount(split.train.items, minlength=len(catalog)).astype(np.float32)
    unranked, n_targets = some.unranked(), np.diff(some.targets.indptr)

    def ndcg(hits: NDArray[np.bool_]) -> float:
        return float(metrics.get("ndcg").function(hits, n_targets).mean())

    def permuted_popularity() -> NDArray[np.bool_]:
        scores = np.broadcast_to(popularity[rng.permutation(len(catalog))], some.targets.shape)
        return ranked_lists(scores, some.targets, unranked, k).hits

    return Audit(
        label=label,
        viewers=len(some.users),
        fitted=ndcg(rank_split(model, some, k).hits),
        permuted=ndcg(rank_split(refitted, some, k).hits),
        chance=max(ndcg(permuted_popularity()) for _ in range(_PERMUTATIONS)),
    )


def _permuted(
    train: Interactions, catalog: Catalog, order: NDArray[np.int64]
) -> tuple[Interactions, Catalog]:
    """Film `order[row]` in place of film `row`, with the ids unchanged."""
    new_rows = np.argsort(order).astype(np.int32)
    facts = Catalog.of(catalog.films(order))
    return replace(train, items=new_rows[train.items]), replace(facts, item_ids=catalog.item_ids)
