"""Merges data sets: each film once, each fact from the source trusted most for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee import plugins
from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.merging.datasets import merge_data
from matinee.data.merging.merge import Merged, OtherFilms
from matinee.data.provenance import FACTS
from matinee.errors import InputError, UnknownNameError
from matinee.service.datasets import check_own_name, imported, keep, load, name_for

__all__ = ["MergedDataset", "merge_datasets"]


@dataclass(frozen=True, eq=False)
class MergedDataset:
    """A merged data set.

    Attributes:
        dataset: under the name `load` finds it by, with the provenance of every fact.
        folder: of its files.
        films: the merged catalogue, the origin of its facts, and how its films were matched.
        ratings_of: the data set of the ratings; "" if none has any.
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
    since: int | None = None,
    min_votes: int | None = None,
) -> MergedDataset:
    """Merges the films of several data sets and stores the result under a name.

    Ratings, viewers, demographics and folds are those of the first data set with ratings. The
    result has its films, and all films if no data set has ratings. Films that only the others have
    join with `all_films`, or within the bounds of `since` and `min_votes`: they cost a model time
    and memory, and it knows them by their facts alone.

    A data set at a path is named after its file (see `name_for`). Editions of MovieLens are
    recognised by their origin and joined by film id.

    Args:
        data: names or paths, most trusted first.
        name: of the result.
        cache: folder of data sets.
        trust: for a field of `Film`, names of data sets in order of trust.
        all_films: keep films that the data set with the ratings does not have.
        since: keep such films of this year or later.
        min_votes: keep such films with at least as many votes.

    Raises:
        InputError: fewer than two data sets, two of one name, a name that cannot be used,
            `all_films` together with a bound, or a bound that no film can meet or that has no
            effect (see `merge_data`).
        OptionError: a bound below 1.
        UnknownNameError: no such data set, or `trust` names an unknown field or data set.
        DataError: the files at a path cannot be read.
        FetchError: a data set is not on this machine and cannot be fetched.
    """
    if all_films and (since is not None or min_votes is not None):
        raise InputError(
            "--all-films keeps every film, and --since and --min-votes keep some; remove "
            "--all-films or the bounds"
        )
    bounded = all_films or since is not None or min_votes is not None
    others = OtherFilms(since, min_votes) if bounded else None
    labels = _labels(data, cache)
    _check(labels, name, trust or {})
    datasets = {label: load(each, cache) for label, each in labels.items()}
    merged = merge_data(datasets, name, trust, others)
    folder = keep(merged.dataset, name, cache)
    return MergedDataset(merged.dataset, folder, merged.films, merged.ratings_of)


def _labels(data: Sequence[str], cache: Cache) -> dict[str, str]:
    """Label -> name or path."""
    known = {*plugins.names("sources"), *imported(cache)}
    labels = [each if each in known else name_for(Path(each)) for each in data]
    if len(labels) < 2:
        raise InputError("a merge needs two data sets or more; name the most trusted first")
    label, times = Counter(labels).most_common(1)[0]
    if times > 1:
        same = [each for each, called in zip(data, labels, strict=True) if called == label]
        raise InputError(
            f"{' and '.join(same)} are both called {label!r}; name each data set once, or "
            "rename one with matinee import PATH --name NAME"
        )
    return dict(zip(labels, data, strict=True))


def _check(labels: Mapping[str, str], name: str, trust: Mapping[str, Sequence[str]]) -> None:
    """Refuses bad names before anything is read or fetched."""
    check_own_name(name)
    if name in labels:
        raise InputError(f"{name!r} is one of the data sets to merge; choose another name")
    for field, sources in trust.items():
        if field not in FACTS:
            raise UnknownNameError("field", field, FACTS)
        for source in sources:
            if source not in labels:
                raise UnknownNameError("data set to trust", source, list(labels))
