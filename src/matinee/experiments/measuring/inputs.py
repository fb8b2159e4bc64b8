"""Inputs of metrics by name (see `matinee.metrics.INPUTS`), computed on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.judgements import disliked, signs
from matinee.experiments.measuring.ranking import RankedLists, ideal_gains, listed_in
from matinee.experiments.measuring.scoring import Ends
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric

__all__ = ["RankingInputs", "RatingInputs"]

_OF_LISTS = frozenset({"items", "hits", "gains", "positions"})
_OF_TRAINING = frozenset(
    {"n_items", "n_viewers", "item_counts", "train", "item_genres", "item_providers"}
)
_OF_SPLIT: Mapping[str, Callable[[Split], Any]] = {
    "bounds": lambda split: split.targets.indptr,
    "n_targets": lambda split: np.diff(split.targets.indptr),
    "n_ranked": lambda split: split.n_ranked,
    "histories": lambda split: split.histories.ratings,
    "n_disliked": lambda split: np.diff(disliked(split).indptr),
    "judged_signs": signs,
    "judged_bounds": lambda split: split.judgements.indptr,
}
_BY_RANK = frozenset({"items", "hits", "gains", "ideal", "usual_items", "judged", "disliked"})
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
        return metric.function(*self._cut(metric.inputs, k))

    def weights(self, metric: Metric, k: int) -> NDArray[np.float64] | None:
        """The weight of every viewer, where the metric weighs them by the lists."""
        if metric.weigh is None:
            return None
        weights: NDArray[np.number] = metric.weigh(*self._cut(metric.weight_inputs, k))
        return weights.astype(np.float64)

    def _cut(self, names: Sequence[str], k: int) -> list[Any]:
        inputs = [(name, self._named(name)) for name in names]
        return [x[:, :k] if name in _BY_RANK else x for name, x in inputs]

    def _named(self, name: str) -> Any:
        if name in _OF_TRAINING:
            return getattr(self._training, name)
        if name in _OF_LISTS:
            return getattr(self._lists, name)
        if name == "judged_scores":
            return self._lists.test_scores
        if name not in self._of_split:
            self._of_split[name] = self._computed(name)
        return self._of_split[name]

    def _computed(self, name: str) -> Any:
        split, lists = self._split, self._lists
        match name:
            case "ideal":
                return ideal_gains(split.targets, lists.items.shape[1])
            case "usual_items":
                return self._training.usual_items(split, lists.items.shape[1])
            case "judged":
                return listed_in(lists.items, split.judgements)
            case "disliked":
                return listed_in(lists.items, disliked(split))
            case _:
                return _OF_SPLIT[name](split)


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
