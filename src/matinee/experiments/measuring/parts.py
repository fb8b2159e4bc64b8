"""What a protocol reports separately besides: some of the viewers, or some of the targets."""

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

__all__ = ["Part", "measured_parts"]

_FROM_HITS = frozenset({"hits", "n_targets"})


@dataclass(frozen=True)
class Part:
    """One part of a split under the metrics of lists that need hits alone.

    Attributes:
        viewers: how many have a target in it.
        targets: ratings to be found in it.
        means: by label ("ndcg@10"), over their rows of the split.
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


def measured_parts(
    split: Split, lists: RankedLists, wanted: Mapping[str, tuple[Metric, int]]
) -> dict[str, Part]:
    """Every part of `split.viewer_parts` and `split.target_parts` that is not empty.

    The targets that are not of a part are left out of the ranking, since they are no mistakes:
    a target of the part moves up by as many of them as stand before it.

    Args:
        split: whose parts.
        lists: ranked lists with the positions of all targets.
        wanted: metrics and list lengths by label; those that need more than hits are left out.
    """
    wanted = {
        label: (metric, k)
        for label, (metric, k) in wanted.items()
        if metric.kind == "list" and _FROM_HITS.issuperset(metric.inputs)
    }
    viewers = np.repeat(np.arange(len(split.users)), np.diff(split.targets.indptr))
    masks = {name: rows[viewers] for name, rows in split.viewer_parts.items()}
    masks |= split.target_parts
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
) -> Part:
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
    return Part(len(np.unique(users[rows])), int(inside.sum()), means)


def _values(
    metric: Metric, hits: NDArray[np.bool_], n_targets: NDArray[np.integer]
) -> NDArray[np.float64]:
    known: Sequence[Any] = [{"hits": hits, "n_targets": n_targets}[name] for name in metric.inputs]
    values: NDArray[np.float64] = metric.function(*known)
    return values


def _condensed(
    viewers: NDArray[np.int64], positions: NDArray[np.int64], inside: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Every target's rank where the viewer's targets outside of the part are not ranked."""
    order = np.lexsort((positions, viewers))
    outside = np.concatenate([[0], np.cumsum(~inside[order])])
    first = np.searchsorted(viewers[order], viewers[order])
    ranks = np.empty(len(positions), dtype=np.int64)
    ranks[order] = positions[order] - (outside[:-1] - outside[first])
    return ranks
