"""Groups of viewers, and the single viewers for whom models differ most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.display import formats
from matinee.display.charts import Chart, Series, Trace, dots, figure, label, row_axis
from matinee.display.table import Table
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Gap
from matinee.service.pages.report.subject import Subject

__all__ = ["Example", "Listed", "examples", "group_charts", "group_tables", "widest_gaps"]

_MOST_DRAWN = 8
"""Groups per chart; a grouping with more becomes a table."""
_SPREAD, _STEP = 0.7, 0.2
"""Parts of the distance between two groups: for all models of one group, and for each at most."""
_VIEWERS = 5
_HISTORY = 8
_TARGETS = 12
_LIST = 10


def group_charts(subject: Subject) -> Iterator[Chart]:
    """One chart per grouping of few groups, under the deciding metric."""
    for gaps in _by_grouping(subject):
        if len(gaps[0].labels) <= _MOST_DRAWN:
            yield _chart(subject, gaps)


def group_tables(subject: Subject) -> Iterator[tuple[str, Table]]:
    """Groupings of many groups, with their names."""
    for gaps in _by_grouping(subject):
        if len(gaps[0].labels) > _MOST_DRAWN:
            yield _name(gaps[0]), _table(gaps)


def widest_gaps(subject: Subject) -> Table:
    """One row per grouping and model: the gap between its best and worst served group."""
    return Table(
        ("grouping", "model", "widest gap [95%]", "best served", "worst served"),
        tuple(
            (
                _name(gap),
                gap.model,
                f"{formats.number(gap.gap)} {formats.bounds(gap.interval)}",
                gap.best or formats.NONE,
                gap.worst or formats.NONE,
            )
            for gaps in _by_grouping(subject)
            for gap in gaps
        ),
        words=True,
    )


def _by_grouping(subject: Subject) -> Iterator[list[Gap]]:
    """The gaps of all models under the deciding metric, best model first."""
    decisive = [gap for gap in subject.comparison.gaps if gap.metric == subject.comparison.metric]
    for grouping in dict.fromkeys(gap.grouping for gap in decisive):
        yield [gap for gap in decisive if gap.grouping == grouping]


def _name(gap: Gap) -> str:
    return gap.grouping[:1].upper() + gap.grouping[1:].replace("_", " ")


def _chart(subject: Subject, gaps: list[Gap]) -> Chart:
    first, metric = gaps[0], subject.comparison.metric
    step = min(_STEP, _SPREAD / max(1, len(gaps) - 1))
    start = step * (len(gaps) - 1) / 2
    traces = [
        _dots(gap, look, start - step * place)
        for place, (gap, look) in enumerate(zip(gaps, subject.series, strict=True))
    ]
    places = range(len(first.labels))
    return Chart(
        f"groups-{first.grouping}",
        f"By {_name(first).lower()}",
        _widest(gaps),
        figure(
            traces,
            x={"title": formats.title(metric), "showgrid": True, "nticks": 6},
            y=row_axis(first.labels),
        ),
        height=90 + len(places) * (24 + 13 * len(gaps)),
        legend=subject.series,
        table=_table(gaps),
    )


def _dots(gap: Gap, look: Series, offset: float) -> Trace:
    """Means with whiskers, slightly above or below the middle of each group."""
    known = np.flatnonzero(np.isfinite(gap.means)).tolist()
    means = [float(gap.means[place]) for place in known]
    bounds = [(gap.intervals[place].low, gap.intervals[place].high) for place in known]
    hover = f"{label(look.name)}, %{{customdata}}: %{{x:.4f}}"
    rows = [offset - place for place in known]
    trace = dots(look, means, rows, hover, bounds=bounds, size=7)
    return {**trace, "customdata": [label(gap.labels[place]) for place in known]}


def _widest(gaps: list[Gap]) -> str:
    """The group the best model serves worst, and whether the gap is significant."""
    best = gaps[0]
    note = f" Groups of fewer than {FEWEST_VIEWERS} viewers are shown but not compared."
    note = note if min(best.viewers) < FEWEST_VIEWERS else ""
    if best.worst is None or best.best is None:
        return f"Too few groups are large enough, or all are served alike.{note}"
    gap = f"{formats.number(best.gap)} {formats.bounds(best.interval)}"
    if best.interval.excludes_zero:
        return (
            f"{best.model} serves \u201c{best.best}\u201d best and \u201c{best.worst}\u201d worst, "
            f"{gap} apart.{note}"
        )
    return f"The widest gap of {best.model}, {gap}, may be chance.{note}"


def _table(gaps: list[Gap]) -> Table:
    first = gaps[0]
    return Table(
        ("group", "viewers", *(gap.model for gap in gaps)),
        tuple(
            (
                name,
                f"{first.viewers[place]:,}",
                *(formats.bounded(float(gap.means[place]), gap.intervals[place]) for gap in gaps),
            )
            for place, name in enumerate(first.labels)
        ),
    )


@dataclass(frozen=True)
class Listed:
    """One model's list for the viewer: the deciding metric, ten films, and which are targets."""

    look: Series
    value: str
    films: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Example:
    """One viewer: the extremes of the deciding metric, the history, the targets, and the lists.

    Ratings follow the films, highest first; `more_history` and `more_targets` count the others.
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

    Ties go to viewers with more targets, then to the order of splits and viewers. No viewer appears
    twice. Empty for a single model, or if all models do the same.
    """
    return tuple(_example(subject, split, row) for split, row in _chosen(subject))


def _values(subject: Subject, split: int) -> NDArray[np.float64]:
    """`float64[models, n]` of one split."""
    metric = subject.comparison.metric
    return np.stack([r.splits[split].values[metric] for r in subject.comparison.results])


def _chosen(subject: Subject) -> Iterator[tuple[int, int]]:
    """Split and row of each example."""
    candidates = []
    for place, test in enumerate(subject.comparison.tests):
        values = _values(subject, place)
        ranges = np.ptp(values, axis=0)  # NaN if some model has no value
        n_targets = np.diff(test.targets.indptr)
        order = np.lexsort((np.arange(len(ranges)), -n_targets, -np.nan_to_num(ranges)))
        candidates += [
            (-float(ranges[row]), -int(n_targets[row]), place, int(row))
            for row in order[: _VIEWERS * len(subject.comparison.tests)]
            if ranges[row] > 0
        ]
    chosen: set[str] = set()
    for _, _, place, row in sorted(candidates):
        viewer = _viewer(subject, place, row)
        if viewer not in chosen and len(chosen) < _VIEWERS:
            chosen.add(viewer)
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
    """The first films of a viewer's list, and whether each is a target."""
    films = zip(lists.items[row, :_LIST].tolist(), lists.hits[row, :_LIST].tolist(), strict=True)
    return tuple((catalog.film(item).label, hit) for item, hit in films if item >= 0)


def _films(
    catalog: Catalog, ratings: sp.csr_array, row: int, most: int
) -> tuple[tuple[str, ...], int]:
    """The highest rated films of a row with ratings, and how many more there are."""
    entries = slice(ratings.indptr[row], ratings.indptr[row + 1])
    items, values = ratings.indices[entries], ratings.data[entries]
    order = np.lexsort((items, -values))[:most]
    labels = tuple(f"{catalog.film(items[each]).label}: {values[each]:g}" for each in order)
    return labels, len(items) - len(labels)
