"""Inputs of metrics by name (see `matinee.metrics.INPUTS`), computed on first use."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.ranking import RankedLists, ideal_gains
from matinee.experiments.measuring.scoring import Ends
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric

__all__ = ["RankingInputs", "RatingInputs"]

_OF_LISTS = frozenset({"items", "hits", "gains", "positions"})
_OF_TRAINING = frozenset(
    {"n_items", "n_viewers", "item_counts", "train", "item_genres", "item_providers"}
)
_BY_RANK = frozenset({"items", "hits", "gains", "ideal", "usual_items"})
"""Inputs with a column a rank, which are cut at k."""
_ENDS = ("lower", "upper")
_BY_RATING = frozenset({"errors", "ratings", *_ENDS})
"""Inputs with one entry per predicted rating."""


class RankingInputs:
    """Inputs of ranking metrics: one model's ranked lists on a split, and training statistics."""

    def __init__(self, split: Split, lists: RankedLists, training: TrainingStatistics) -> None:
        self._split = split
        self._lists = lists
        self._training = training
        self._of_split: dict[str, Any] = {}

    def measured(self, metric: Metric, k: int) -> Any:
        """The metric's value a viewer, or its one value; lists are cut at k."""
        inputs = [(name, self._named(name)) for name in metric.inputs]
        return metric.function(*(x[:, :k] if name in _BY_RANK else x for name, x in inputs))

    def _named(self, name: str) -> Any:
        if name in _OF_TRAINING:
            return getattr(self._training, name)
        if name in _OF_LISTS:
            return getattr(self._lists, name)
        if name not in self._of_split:
            self._of_split[name] = self._computed(name)
        return self._of_split[name]

    def _computed(self, name: str) -> Any:
        split, longest = self._split, self._lists.items.shape[1]
        match name:
            case "ideal":
                return ideal_gains(split.targets, longest)
            case "usual_items":
                return self._training.usual_items(split, longest)
            case "bounds":
                return split.targets.indptr
            case "n_targets":
                return np.diff(split.targets.indptr)
            case "histories":
                return split.histories.ratings
            case _:
                return getattr(split, name)


class RatingInputs:
    """Inputs of rating metrics: one model's errors on a split, and its intervals if it has any."""

    def __init__(
        self, split: Split, errors: NDArray[np.float64], intervals: Ends | None = None
    ) -> None:
        self._inputs: dict[str, NDArray[Any]] = {
            "errors": errors,
            "ratings": split.targets.data.astype(np.float64),
            "bounds": split.targets.indptr,
            "scale": np.array(split.train.scale, dtype=np.float64),
            **(dict(zip(_ENDS, intervals, strict=True)) if intervals else {}),
        }

    def select(self, targets: NDArray[np.bool_]) -> RatingInputs:
        """The inputs of some targets; a viewer without any of them has no value."""
        before = np.concatenate([[0], np.cumsum(targets)])
        selected = copy(self)
        selected._inputs = {
            **{name: self._inputs[name][targets] for name in _BY_RATING & self._inputs.keys()},
            "bounds": before[self._inputs["bounds"]],
            "scale": self._inputs["scale"],
        }
        return selected

    def measured(self, metric: Metric) -> Any:
        """The metric's value a viewer, or its one value; NaN if the model lacks intervals."""
        if not self._inputs.keys() >= set(metric.inputs):
            n = len(self._inputs["bounds"]) - 1
            return np.full(n, np.nan) if metric.per_viewer else np.nan
        return metric.function(*(self._inputs[name] for name in metric.inputs))
