"""What metrics ask for by name (see `matinee.metrics.INPUTS`), computed when first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.prediction_intervals import Ends
from matinee.experiments.measuring.ranking import RankedLists, ideal_gains
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric

__all__ = ["RankingInputs", "RatingInputs"]

_OF_TRAINING = frozenset(
    {"n_items", "n_viewers", "item_counts", "train", "item_genres", "item_providers"}
)
_CUT = frozenset({"items", "hits", "gains", "ideal", "usual_items"})
"""Those with a column a rank: a list of k is their first k columns."""
_ENDS = ("lower", "upper")
"""Those of prediction intervals, which few models give."""


class RankingInputs:
    """One model's ranked lists on a split, and all that metrics hold against them."""

    def __init__(self, split: Split, lists: RankedLists, training: TrainingStatistics) -> None:
        self._split = split
        self._lists = lists
        self._training = training

    @staticmethod
    def needs_positions(metrics: Iterable[Metric]) -> bool:
        """Whether one of the metrics looks at the rank of every target."""
        return any("positions" in metric.inputs for metric in metrics)

    def measured(self, metric: Metric, k: int) -> Any:
        """The metric's value a viewer, or its one value; lists are cut at k."""
        return metric.function(*(self._named(name, k) for name in metric.inputs))

    def _named(self, name: str, k: int) -> Any:
        if name in _OF_TRAINING:
            return getattr(self._training, name)
        value = getattr(self, name)
        return value[:, :k] if name in _CUT else value

    @property
    def items(self) -> NDArray[np.int32]:
        return self._lists.items

    @property
    def hits(self) -> NDArray[np.bool_]:
        return self._lists.hits

    @property
    def gains(self) -> NDArray[np.float32]:
        return self._lists.gains

    @cached_property
    def ideal(self) -> NDArray[np.float32]:
        return ideal_gains(self._split.targets, self.items.shape[1])

    @property
    def positions(self) -> NDArray[np.int64]:
        return self._lists.positions

    @property
    def bounds(self) -> NDArray[np.integer]:
        bounds: NDArray[np.integer] = self._split.targets.indptr
        return bounds

    @cached_property
    def n_targets(self) -> NDArray[np.integer]:
        counts: NDArray[np.integer] = np.diff(self.bounds)
        return counts

    @cached_property
    def n_ranked(self) -> NDArray[np.integer]:
        return self._split.n_ranked

    @property
    def histories(self) -> sp.csr_array:
        return self._split.histories.ratings

    @property
    def usual_items(self) -> NDArray[np.int32]:
        return self._training.usual_items(self._split, self.items.shape[1])


class RatingInputs:
    """One model's predicted ratings on a split, and its prediction intervals where it has them."""

    def __init__(
        self, split: Split, errors: NDArray[np.float64], intervals: Ends | None = None
    ) -> None:
        self._split = split
        self.errors = errors
        self._ends = dict(zip(_ENDS, intervals, strict=True)) if intervals else {}

    def measured(self, metric: Metric) -> Any:
        """The metric's value a viewer, or its one value; NaN where the model lacks intervals."""
        if not self._ends and any(each in _ENDS for each in metric.inputs):
            return np.full(len(self.bounds) - 1, np.nan) if metric.per_viewer else np.nan
        return metric.function(*(self._named(name) for name in metric.inputs))

    def _named(self, name: str) -> Any:
        return self._ends[name] if name in self._ends else getattr(self, name)

    @property
    def ratings(self) -> NDArray[np.float64]:
        ratings: NDArray[np.float64] = self._split.targets.data.astype(np.float64)
        return ratings

    @property
    def bounds(self) -> NDArray[np.integer]:
        bounds: NDArray[np.integer] = self._split.targets.indptr
        return bounds
