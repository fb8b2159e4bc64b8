"""Merges data sets: the films of all, the ratings of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.interactions import Interactions
from matinee.data.merging.merge import Merged, OtherFilms, merge
from matinee.errors import InputError

__all__ = ["MergedData", "merge_data"]


@dataclass(frozen=True, eq=False)
class MergedData:
    """A merged data set.

    Attributes:
        dataset: with the provenance of every fact, and the terms and notes of all its parts.
        films: the merged catalogue, the origin of its facts, and how its films were matched.
        ratings_of: the data set of the ratings; "" if none has any.
    """

    dataset: Dataset
    films: Merged
    ratings_of: str


def merge_data(
    datasets: Mapping[str, Dataset],
    name: str,
    trust: Mapping[str, Sequence[str]] | None = None,
    others: OtherFilms | None = None,
) -> MergedData:
    """Merges data sets, the most trusted first, under a new name.

    Ratings, viewers, demographics and folds are those of the first data set with ratings. The
    result has its films, and `others` that have no ratings; if no data set has ratings, all films.

    Raises:
        InputError: no data sets, or more than 127; bounds in `others` where no data set has
            ratings, or on a fact that no other data set has.
        UnknownNameError: an unknown field or data set in `trust`.
    """
    rated = next((each for each, of in datasets.items() if len(of.interactions)), "")
    if others is not None:
        _check_bounds(datasets, rated, others)
    merged = merge(
        {label: dataset.catalog for label, dataset in datasets.items()},
        trust,
        movielens=[label for label, of in datasets.items() if of.numbering == MOVIELENS],
        films_of=rated or None,
        others=others,
    )
    return MergedData(_dataset(datasets, merged, rated, name, others), merged, rated)


def _check_bounds(datasets: Mapping[str, Dataset], rated: str, others: OtherFilms) -> None:
    """Refuses bounds without effect: all films are kept, or none could join."""
    bounds = {
        "--since": (others.since, "years", "the latest year is {}"),
        "--min-votes": (others.min_votes, "votes", "no film has more than {:,} votes"),
    }
    for option, (bound, column, highest) in bounds.items():
        if bound is None:
            continue
        if not rated:
            raise InputError(
                f"{option} {bound} has no effect: no data set has ratings, so all films are kept; "
                f"remove {option}"
            )
        rest = [of.catalog for label, of in datasets.items() if label != rated]
        most = max((int(getattr(each, column).max(initial=0)) for each in rest), default=0)
        if not most:
            raise InputError(
                f"{option} {bound} lets no film join: beside {rated}, no data set has {column}; "
                f"remove {option} or add one that has"
            )
        if bound > most:
            raise InputError(
                f"{option} {bound} lets no film join: beside {rated}, {highest.format(most)}; "
                f"lower {option}"
            )


def _dataset(
    datasets: Mapping[str, Dataset],
    merged: Merged,
    rated: str,
    name: str,
    others: OtherFilms | None,
) -> Dataset:
    first = next(iter(datasets))
    unused = [each for each, of in datasets.items() if len(of.interactions) and each != rated]
    notes = [f"merged from {', '.join(datasets)}: {merged.report}"]
    if unused:
        notes.append(f"the ratings are those of {rated}; those of {', '.join(unused)} are left out")
    leading = datasets[rated or first]
    if rated and others:
        joined = len(merged.catalog) - len(leading.catalog)
        kind = " ".join(filter(None, ("films", str(others))))
        notes.append(f"{joined:,} {kind} have no ratings: {rated} does not list them")
    return Dataset(
        name=name,
        interactions=_interactions(leading, merged, rated or first),
        catalog=merged.catalog,
        licence=" ".join(f"{label}: {of.licence}" for label, of in datasets.items()),
        folds=leading.folds,
        demographics=leading.demographics,
        notes=(*notes, *(f"{each}: {note}" for each, of in datasets.items() for note in of.notes)),
        findings=tuple(
            replace(finding, kind=f"{label}: {finding.kind}")
            for label, of in datasets.items()
            for finding in of.findings
        ),
        # Otherwise some film ids are of another numbering.
        numbering=leading.namespace if rated == first and not others else "",
        provenance=merged.provenance,
    )


def _interactions(leading: Dataset, merged: Merged, label: str) -> Interactions:
    """The ratings over the rows of the merged films."""
    provenance = merged.provenance
    rows, first = np.unique(provenance.rows[:, provenance.sources.index(label)], return_index=True)
    now = np.full(len(leading.catalog), -1, dtype=np.int32)
    now[rows[rows >= 0]] = first[rows >= 0]
    return replace(
        leading.interactions,
        items=now[leading.interactions.items],
        item_ids=merged.catalog.item_ids,
    )
