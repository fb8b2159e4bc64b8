"""Viewers whom the models serve most differently, film by film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.experiments.measuring.ranking import RankedLists
from matinee.service.pages.charts import Series
from matinee.service.pages.report.subject import Subject

__all__ = ["Example", "Listed", "examples"]

_VIEWERS = 5
_HISTORY = 8
_TARGETS = 12
_LIST = 10


@dataclass(frozen=True)
class Listed:
    """One model's list for the viewer.

    Attributes:
        look: which model, and how it looks.
        value: the deciding metric, written.
        films: the first ten, and whether each was to be found.
    """

    look: Series
    value: str
    films: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Example:
    """One viewer.

    Attributes:
        viewer: their id in the data.
        split: where they were evaluated.
        low: the lowest value of the deciding metric, with the model that reached it.
        high: the highest.
        history: films the models were shown, best rated first, with the rating.
        more_history: how many more there are.
        targets: films to be found, likewise.
        more_targets: how many more there are.
        lists: one a model, best model first.
    """

    viewer: str
    split: str
    low: str
    high: str
    history: tuple[str, ...]
    more_history: int
    targets: tuple[str, ...]
    more_targets: int
    lists: tuple[Listed, ...]


def examples(subject: Subject) -> tuple[Example, ...]:
    """The viewers with the largest range of the deciding metric between models.

    Among equals those with more to find come first, then the order of splits and viewers; nobody
    is shown twice. None for a model alone, or where all models do the same.
    """
    return tuple(_example(subject, split, row) for split, row in _chosen(subject))


def _values(subject: Subject, split: int) -> NDArray[np.float64]:
    """`float64[models, n]` of one split."""
    metric = subject.comparison.metric
    return np.stack([r.splits[split].values[metric] for r in subject.comparison.results])


def _chosen(subject: Subject) -> Iterator[tuple[int, int]]:
    """Split and row of the viewers to show."""
    found = []
    for place, test in enumerate(subject.comparison.tests):
        values = _values(subject, place)
        ranges = np.ptp(values, axis=0)  # NaN for who has no value with some model
        n_targets = np.diff(test.targets.indptr)
        order = np.lexsort((np.arange(len(ranges)), -n_targets, -np.nan_to_num(ranges)))
        found += [
            (-float(ranges[row]), -int(n_targets[row]), place, int(row))
            for row in order[: _VIEWERS * len(subject.comparison.tests)]
            if ranges[row] > 0
        ]
    shown: set[str] = set()
    for _, _, place, row in sorted(found):
        viewer = _viewer(subject, place, row)
        if viewer not in shown and len(shown) < _VIEWERS:
            shown.add(viewer)
            yield place, row


def _viewer(subject: Subject, split: int, row: int) -> str:
    test = subject.comparison.tests[split]
    return str(test.train.user_ids.ids[test.users[row]])


def _example(subject: Subject, split: int, row: int) -> Example:
    comparison = subject.comparison
    test = comparison.tests[split]
    values = _values(subject, split)[:, row]
    low, high = int(np.argmin(values)), int(np.argmax(values))
    history, more_history = _films(comparison.catalog, test.histories.ratings, row, _HISTORY)
    targets, more_targets = _films(comparison.catalog, test.targets, row, _TARGETS)
    return Example(
        viewer=_viewer(subject, split, row),
        split=test.name,
        low=f"{values[low]:.2f} with {subject.series[low].name}",
        high=f"{values[high]:.2f} with {subject.series[high].name}",
        history=history,
        more_history=more_history,
        targets=targets,
        more_targets=more_targets,
        lists=tuple(
            Listed(look, f"{values[place]:.2f}", _first_films(comparison.catalog, lists, row))
            for place, (result, look) in enumerate(subject.models)
            if (lists := result.splits[split].lists) is not None
        ),
    )


def _first_films(catalog: Catalog, lists: RankedLists, row: int) -> tuple[tuple[str, bool], ...]:
    """The first films of a viewer's list, and whether each was to be found."""
    films = zip(lists.items[row, :_LIST].tolist(), lists.hits[row, :_LIST].tolist(), strict=True)
    return tuple((catalog.film(item).label, hit) for item, hit in films if item >= 0)


def _films(
    catalog: Catalog, ratings: sp.csr_array, row: int, most: int
) -> tuple[tuple[str, ...], int]:
    """The best rated films of a row with their ratings, and how many more there are."""
    entries = slice(ratings.indptr[row], ratings.indptr[row + 1])
    items, values = ratings.indices[entries], ratings.data[entries]
    order = np.lexsort((items, -values))[:most]
    named = tuple(f"{catalog.film(items[each]).label}: {values[each]:g}" for each in order)
    return named, len(items) - len(named)
