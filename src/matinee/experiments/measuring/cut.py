"""How ratings are chosen and cut for an evaluation, beside the name of the protocol."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import Dataset
from matinee.data.splits import Division, Split, among, core, existing, relevant
from matinee.data.splits.by_order import Ties
from matinee.data.splits.replay import Rhythm
from matinee.data.splits.split import Mask
from matinee.errors import OptionError

__all__ = ["DIVISION_SETTINGS", "Cut", "require_compatible"]

DIVISION_SETTINGS = ("folds", "share", "until", "cuts", "last", "ties", "retrain", "test")
"""Settings of how ratings are divided. Each applies to some protocols only."""
_EXCLUSIVE = (
    *(("share", "until"), ("share", "folds"), ("share", "cuts"), ("until", "cuts")),
    *(("test", "folds"), ("test", "share")),
)


@dataclass(frozen=True, eq=False)
class Cut:
    """How ratings are chosen and cut; `None` leaves it to the protocol.

    Attributes:
        min_per_viewer, min_per_film: the fewest ratings of a viewer and of a film; see
            `matinee.data.splits.core`.
        relevant_from: the lowest rating that is a target of a ranking.
        among: `bool[n_items]`, the films that are ranked.
        folds: number of folds.
        share: share of the training.
        until: day (ISO) before which the training ends.
        cuts: number of points in time.
        last: how many of a viewer's last interactions are the test, or which share.
        ties: the rule for interactions of a viewer at one instant.
        retrain: the rhythm in which a model is fitted again.
        test: `bool[n]`, the ratings that are the test.
    """

    min_per_viewer: int | None = None
    min_per_film: int | None = None
    relevant_from: float | None = None
    among: Mask | None = None
    folds: int | None = None
    share: float | None = None
    until: str | None = None
    cuts: int | None = None
    last: float | None = None
    ties: Ties | None = None
    retrain: Rhythm | None = None
    test: Mask | None = None

    def select(self, dataset: Dataset, rows: Mask) -> tuple[Dataset, Cut]:
        """Some ratings of a data set, with the cut of these."""
        ratings = dataset.interactions.select(rows)
        folds = None if dataset.folds is None else dataset.folds[rows]
        test = None if self.test is None else self.test[rows]
        return replace(dataset, interactions=ratings, folds=folds), replace(self, test=test)

    def core_of(self, dataset: Dataset) -> tuple[Dataset, Cut, tuple[str, ...]]:
        """The core of a data set, with the cut of it and a note about the rest.

        Films outside the core are not ranked.

        Raises:
            InputError: nothing is left.
        """
        per_viewer, per_film = self.min_per_viewer or 1, self.min_per_film or 1
        if per_viewer == per_film == 1:
            return dataset, self, ()
        ratings = dataset.interactions
        inside = core(ratings, per_viewer, per_film)
        lost = (
            f"{len(np.unique(column)) - len(np.unique(column[inside])):,} of "
            f"{len(np.unique(column)):,} {whose}"
            for column, whose in ((ratings.users, "viewers"), (ratings.items, "films"))
        )
        note = (
            f"{' and '.join(lost)} are left out, with {np.count_nonzero(~inside):,} of "
            f"{len(ratings):,} ratings: a viewer needs {per_viewer:,} and a film {per_film:,}"
        )
        films = np.bincount(ratings.items[inside], minlength=ratings.n_items) > 0
        dataset, cut = self.select(dataset, inside)
        return (
            dataset,
            replace(cut, among=films if cut.among is None else films & cut.among),
            (note,),
        )

    def restrict(
        self, divisions: Collection[Division], exists_from: NDArray[np.int64] | None = None
    ) -> tuple[Division, ...]:
        """The divisions with relevant targets among the ranked films; a shared split stays one.

        `exists_from` is that of `Split`, and concerns splits by time.

        Raises:
            InputError: no target is left.
        """
        splits = {id(each): each for division in divisions for each in division}
        narrow = {place: self._restrict(each, exists_from) for place, each in splits.items()}
        return tuple(
            Division(narrow[id(validation)], narrow[id(test)]) for validation, test in divisions
        )

    def _restrict(self, split: Split, exists_from: NDArray[np.int64] | None) -> Split:
        if exists_from is not None:
            split = existing(split, exists_from)
        if self.among is not None:
            split = among(split, self.among)
        return split if self.relevant_from is None else relevant(split, self.relevant_from)


def require_compatible(settings: Mapping[str, Any]) -> None:
    """Checks that settings, by name, do not exclude each other.

    Raises:
        OptionError: two of them do.
    """
    for one, other in _EXCLUSIVE:
        if one in settings and other in settings:
            raise OptionError(f"{one} and {other} exclude each other; remove one of the two")
    low, high = settings.get("min_rating"), settings.get("relevant_from")
    if low is not None and high is not None and high < low:
        raise OptionError(
            f"relevant_from {high:g} is below min_rating {low:g}, which drops these ratings "
            "anyway; remove relevant_from, or use a lower min_rating"
        )
