"""Results of the groups of users and of targets that a protocol reports separately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.statistics.plain import plain_number
from matinee.metrics import Metric

__all__ = ["GroupResult", "group_results"]

_FROM_HITS = frozenset({"hits", "n_targets"})


@dataclass(frozen=True)
class GroupResult:
    """The result of one group, by the list metrics that need only hits.

    Attributes:
        viewers: number of users with a target in the group.
        targets: number of targets in the group.
        means: means over these users, by label ("ndcg@10").
    """

    viewers: int
    targets: int
    means: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "viewers": self.viewers,
            "targets": self.targets,
            "metrics": {label: plain_number(mean) for label, mean in self.means.items()},
        }


def group_results(
    split: Split, lists: RankedLists, wanted: Mapping[str, tuple[Metric, int]]
) -> dict[str, GroupResult]:
    """Results of the non-empty groups of `split.viewer_groups` and `split.target_groups`.

    Targets outside a group are right answers as well, so they are left out of its ranking: each
    target of the group moves up by the number of them before it.

    Args:
        split: the split.
        lists: ranked lists with the positions of all targets.
        wanted: metrics and list lengths by label; those that need more than hits are ignored.
    """
    wanted = {
        label: (metric, k)
        for label, (metric, k) in wanted.items()
        if metric.kind == "list" and _FROM_HITS.issuperset(metric.inputs)
    }
    viewers = np.repeat(np.arange(len(split.users)), np.diff(split.targets.indptr))
    masks = {name: rows[viewers] for name, rows in split.viewer_groups.items()}
    masks |= split.target_groups
    return {
        name: _part(split.users, viewers, lists.positions, inside, wanted)
        for name, inside in masks.items()
        if inside.any()
    }


def _part(
    users: NDArray[np.int32],
    viewers: NDArray[np.int64],
    positions: NDArray[np.int64],
    inside: NDArray[np.bool_],
    wanted: Mapping[str, tuple[Metric, int]],
) -> GroupResult:
    n = len(users)
    n_targets = np.bincount(viewers[inside], minlength=n)
    ranks = _condensed(viewers, positions, inside)
    hits = np.zeros((n, max((k for _, k in wanted.values()), default=0)), dtype=np.bool_)
    found = inside & (ranks <= hits.shape[1])
    hits[viewers[found], ranks[found] - 1] = True
    rows = n_targets > 0
    means = {
        label: metric.mean(_values(metric, hits[rows, :k], n_targets[rows]), np.ones(rows.sum()))
        for label, (metric, k) in wanted.items()
    }
    return GroupResult(len(np.unique(users[rows])), int(inside.sum()), means)


def _values(
    metric: Metric, hits: NDArray[np.bool_], n_targets: NDArray[np.integer]
) -> NDArray[np.float64]:
    known: Sequence[Any] = [{"hits": hits, "n_targets": n_targets}[name] for name in metric.inputs]
    values: NDArray[np.float64] = metric.function(*known)
    return values


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
