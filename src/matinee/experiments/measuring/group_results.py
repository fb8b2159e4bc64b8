"""Results of the groups of users and of targets that a protocol reports separately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import rows_of
from matinee.data.splits import Split
from matinee.experiments.measuring.inputs import RatingInputs
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.statistics.plain import plain_number
from matinee.metrics import Metric

__all__ = ["GroupResult", "group_results", "rating_group_results"]

_FROM_HITS = frozenset({"hits", "n_targets"})
"""Inputs of metrics that groups have."""


@dataclass(frozen=True)
class GroupResult:
    """Numbers of users and targets of a group, and its metrics by label ("ndcg@10", "rmse")."""

    viewers: int
    targets: int
    means: Mapping[str, float] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "viewers": self.viewers,
            "targets": self.targets,
            "metrics": {label: plain_number(mean) for label, mean in self.means.items()},
        }


def group_results(
    split: Split, lists: RankedLists, metrics: Mapping[str, tuple[Metric, int]]
) -> dict[str, GroupResult]:
    """Results of the non-empty groups of `split.viewer_groups` and `split.target_groups`.

    Targets outside a group are right answers as well, so they are left out of its ranking: each
    target of the group moves up by the number of them before it. The lists need the positions of
    all targets. Metrics and list lengths, by label, that need more than hits are ignored.
    """
    of_hits = {
        label: (metric, k)
        for label, (metric, k) in metrics.items()
        if metric.kind == "list" and _FROM_HITS.issuperset(metric.inputs)
    }
    viewers = rows_of(split.targets)
    return {
        name: _group_result(split.users, viewers, lists.positions, inside, of_hits)
        for name, inside in _targets_of_groups(split).items()
    }


def rating_group_results(
    split: Split, inputs: RatingInputs, metrics: Sequence[Metric]
) -> dict[str, GroupResult]:
    """The same for predicted ratings: every metric that has a value on the targets of a group."""
    viewers = rows_of(split.targets)
    results = {}
    for name, inside in _targets_of_groups(split).items():
        own = inputs.select(inside)
        counts = np.bincount(viewers[inside], minlength=len(split.users)).astype(np.float64)
        values = {metric.name: (metric, own.measured(metric)) for metric in metrics}
        means = {
            label: metric.mean(value, counts) if metric.per_viewer else float(value)
            for label, (metric, value) in values.items()
        }
        known = {label: mean for label, mean in means.items() if np.isfinite(mean)}
        viewers_inside = len(np.unique(split.users[counts > 0]))
        results[name] = GroupResult(viewers_inside, int(inside.sum()), known)
    return results


def _targets_of_groups(split: Split) -> dict[str, NDArray[np.bool_]]:
    """`bool[t]`, the targets of every group that has any."""
    viewers = rows_of(split.targets)
    masks = {name: rows[viewers] for name, rows in split.viewer_groups.items()}
    masks |= split.target_groups
    return {name: inside for name, inside in masks.items() if inside.any()}


def _group_result(
    users: NDArray[np.int32],
    viewers: NDArray[np.int64],
    positions: NDArray[np.int64],
    inside: NDArray[np.bool_],
    metrics: Mapping[str, tuple[Metric, int]],
) -> GroupResult:
    n = len(users)
    n_targets = np.bincount(viewers[inside], minlength=n)
    ranks = _condensed(viewers, positions, inside)
    hits = np.zeros((n, max((k for _, k in metrics.values()), default=0)), dtype=np.bool_)
    listed = inside & (ranks <= hits.shape[1])
    hits[viewers[listed], ranks[listed] - 1] = True
    rows = n_targets > 0
    means = {}
    for label, (metric, k) in metrics.items():
        inputs = {"hits": hits[rows, :k], "n_targets": n_targets[rows]}
        values = metric.function(*(inputs[name] for name in metric.inputs))
        means[label] = metric.mean(values, np.ones(rows.sum()))
    return GroupResult(len(np.unique(users[rows])), int(inside.sum()), means)


def _condensed(
    viewers: NDArray[np.int64], positions: NDArray[np.int64], inside: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Ranks of the targets after the user's targets outside the group are left out."""
    order = np.lexsort((positions, viewers))
    outside = np.concatenate([[0], np.cumsum(~inside[order])])
    first = np.searchsorted(viewers[order], viewers[order])
    ranks = np.empty(len(positions), dtype=np.int64)
    ranks[order] = positions[order] - (outside[:-1] - outside[first])
    return ranks
