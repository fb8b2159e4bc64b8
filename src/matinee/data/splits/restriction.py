"""Restricts splits: to targets that are relevant, and to a set of films that are ranked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from matinee.data.splits.split import Mask, Split
from matinee.errors import InputError

__all__ = ["among", "relevant", "some_entries", "with_targets"]


def relevant(split: Split, lowest: float) -> Split:
    """The split with ratings of at least `lowest` as its only targets.

    Training and histories keep all ratings. A lower rating that was a target is an ordinary film of
    the ranking: it counts neither as found nor as missed, but stands before targets if a model puts
    it there. `Split.test_ratings` keeps it for the metrics of dislikes. Viewers without a target
    are skipped and counted.

    Raises:
        InputError: no target is left.
    """
    high = split.targets.data >= lowest
    if not high.any():
        raise InputError(
            f"no target of split {split.name!r} has a rating of {lowest:g} or more; "
            "use a lower --relevant-from"
        )
    note = (
        f"{_share(high)} test ratings are {lowest:g} or more and are targets; the others stay in "
        "the ranking without being targets"
    )
    return with_targets(replace(split, test_ratings=split.judgements), high, note)


def among(split: Split, films: Mask) -> Split:
    """The split with some films as the only ones that are ranked, `films: bool[n_items]`.

    Targets outside are dropped and counted, and viewers without a target are skipped.

    Raises:
        InputError: no target is left.
    """
    inside = films[split.targets.indices]
    if not inside.any():
        raise InputError(
            f"no target of split {split.name!r} is among the {np.count_nonzero(films):,} films; "
            "list more films"
        )
    if isinstance(split.candidates, sp.csr_array):
        raise TypeError("films are restricted before each viewer's candidates are sampled")
    ranked = films if split.candidates is None else films & split.candidates
    note = ""
    if not inside.all():
        note = (
            f"{_share(inside)} targets are among the {np.count_nonzero(films):,} films; the "
            "others are left out"
        )
    split = replace(split, candidates=ranked, test_ratings=_some(split.test_ratings, films))
    return with_targets(split, inside, note)


def _some(test_ratings: sp.csr_array | None, films: Mask) -> sp.csr_array | None:
    """The ratings of some films."""
    return None if test_ratings is None else some_entries(test_ratings, films[test_ratings.indices])


def some_entries(matrix: sp.csr_array, keep: Mask) -> sp.csr_array:
    """The same rows with some of their entries, `keep: bool[nnz]`."""
    bounds = np.concatenate([[0], np.cumsum(keep)])[matrix.indptr]
    return sp.csr_array((matrix.data[keep], matrix.indices[keep], bounds), shape=matrix.shape)


def with_targets(split: Split, keep: Mask, note: str) -> Split:
    """The split with some of its targets, `keep: bool[targets.nnz]`, and a note about it.

    Viewers without a target are skipped and counted.
    """
    targets = some_entries(split.targets, keep)
    rows = np.flatnonzero(np.diff(targets.indptr))
    lost = len(np.unique(split.users)) - len(np.unique(split.users[rows]))
    return replace(
        split.take(rows),
        targets=targets[rows],
        skipped=split.skipped + lost,
        viewer_groups={name: group[rows] for name, group in split.viewer_groups.items()},
        target_groups={name: group[keep] for name, group in split.target_groups.items()},
        target_times=None if split.target_times is None else split.target_times[keep],
        notes=(*split.notes, *filter(None, [note])),
    )


def _share(inside: Mask) -> str:
    return f"{np.count_nonzero(inside):,} of {len(inside):,}"
