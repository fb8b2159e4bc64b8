"""Several data sets as one: each film once, each fact from the source most trusted for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from matinee import plugins
from matinee.data import Dataset, Interactions
from matinee.data.dataset import MOVIELENS
from matinee.data.fetching.cache import Cache
from matinee.data.merging.merge import Merged, merge
from matinee.data.provenance import FACTS
from matinee.errors import InputError, UnknownNameError
from matinee.service.datasets import check_own_name, imported, keep, load, name_for

__all__ = ["MergedDataset", "merge_datasets"]


@dataclass(frozen=True, eq=False)
class MergedDataset:
    """What came of it.

    Attributes:
        dataset: with the name that `load` now knows it by, and the provenance of every fact.
        folder: where it lies.
        films: the merged catalogue, where its facts come from, and how its films were joined.
        ratings_of: whose ratings were kept; "" where no data set has any.
    """

    dataset: Dataset
    folder: Path
    films: Merged
    ratings_of: str


def merge_datasets(
    data: Sequence[str],
    name: str,
    cache: Cache,
    *,
    trust: Mapping[str, Sequence[str]] | None = None,
    all_films: bool = False,
) -> MergedDataset:
    """Merges the films of several data sets and keeps the result under a name.

    Ratings, viewers, demographics and folds are those of the first data set that has ratings. Its
    films are the films of the result, unless all are asked for or none has ratings: what nobody
    rated no model of ratings can recommend, and it would only cost it time and memory.

    A data set is called by its name, one at a path by its file's (see `name_for`). Editions of
    MovieLens are known by where they were read from, and joined by film id.

    Args:
        data: names or paths, the most trusted first.
        name: what the result is called.
        cache: where data sets lie.
        trust: for a field of `Film`, names of the data sets that go first for it, in order.
        all_films: whether also films are kept that the data set with the ratings does not have.

    Raises:
        InputError: fewer than two data sets, two of one name, or a name that cannot be used.
        UnknownNameError: no such data set, or `trust` names no field or data set there is.
        DataError: a path holds nothing that can be read.
        FetchError: a data set is not on this machine and cannot be brought here.
    """
    named = _named(data, cache)
    _check(named, name, trust or {})
    datasets = {label: load(each, cache) for label, each in named.items()}
    rated = next((each for each, of in datasets.items() if len(of.interactions)), "")
    merged = merge(
        {label: dataset.catalog for label, dataset in datasets.items()},
        trust,
        movielens=[label for label, of in datasets.items() if of.numbering == MOVIELENS],
        films_of=rated if rated and not all_films else None,
    )
    dataset = _dataset(datasets, merged, rated, name, all_films=all_films)
    return MergedDataset(dataset, keep(dataset, name, cache), merged, rated)


def _named(data: Sequence[str], cache: Cache) -> dict[str, str]:
    """What was asked for, by what it is called."""
    known = {*plugins.names("sources"), *imported(cache)}
    labels = [each if each in known else name_for(Path(each)) for each in data]
    if len(labels) < 2:
        raise InputError("a merge needs two data sets or more; name the most trusted first")
    label, times = Counter(labels).most_common(1)[0]
    if times > 1:
        given = [each for each, called in zip(data, labels, strict=True) if called == label]
        raise InputError(
            f"{' and '.join(given)} are both called {label!r} here; name each data set once, or "
            "give one another name with matinee import PATH --name NAME"
        )
    return dict(zip(labels, data, strict=True))


def _check(named: Mapping[str, str], name: str, trust: Mapping[str, Sequence[str]]) -> None:
    """What can be wrong is told before anything is read or fetched."""
    check_own_name(name)
    if name in named:
        raise InputError(f"{name!r} is one of the data sets to merge; name the result otherwise")
    for field, sources in trust.items():
        if field not in FACTS:
            raise UnknownNameError("field", field, FACTS)
        for source in sources:
            if source not in named:
                raise UnknownNameError("data set to trust", source, list(named))


def _dataset(
    datasets: Mapping[str, Dataset], merged: Merged, rated: str, name: str, *, all_films: bool
) -> Dataset:
    first = next(iter(datasets))
    unused = [each for each, of in datasets.items() if len(of.interactions) and each != rated]
    notes = [f"merged from {', '.join(datasets)}: {merged.report}"]
    if unused:
        notes.append(f"the ratings are those of {rated}; those of {', '.join(unused)} are left out")
    leading = datasets[rated or first]
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
        # Only then is every film's id one of that numbering.
        numbering=leading.numbering if rated == first and not all_films else "",
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
