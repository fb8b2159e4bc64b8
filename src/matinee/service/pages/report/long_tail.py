"""How far down the list of well-known films a model's recommendations reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.results import ModelResult
from matinee.service.pages.charts import Chart, Series, Table, Trace, figure
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["long_tail_chart"]

_POINTS = 60
_GROUNDS = (
    Series("ratings in training", "var(--soft)", "circle", "dash"),
    Series("what was to be found", "var(--soft)", "square", "dot"),
)
_WRITTEN = (10, 100, 1000)
"""Numbers of films in the table."""

Curve = NDArray[np.float64]


def long_tail_chart(subject: Subject) -> Chart:
    """Cumulative shares over films, best known in training first, on a scale of factors."""
    n_films = len(subject.comparison.catalog)
    ranks = np.unique(np.geomspace(1, n_films, _POINTS).round().astype(np.int64))
    curves = [*_grounds(subject), *(_recommended(subject, r) for r in subject.comparison.results)]
    looks = (*_GROUNDS, *subject.series)
    traces = [
        _line(ranks, curve[ranks - 1], look) for curve, look in zip(curves, looks, strict=True)
    ]
    halves = [_half(curve) for curve in curves]
    widest = max(range(len(_GROUNDS), len(curves)), key=lambda place: halves[place])
    narrowest = min(range(len(_GROUNDS), len(curves)), key=lambda place: halves[place])
    said = [f"Half of the ratings in training are of the {halves[0]:,} best-known films"]
    said += [
        f"half of what {looks[place].name} recommends of {halves[place]:,}"
        for place in dict.fromkeys((narrowest, widest))
    ]
    return Chart(
        "long-tail",
        "What is recommended, from blockbusters to the long tail",
        f"{'; '.join(said)}. A line above the dashed one leans to well-known films more than "
        "viewers do.",
        figure(
            traces,
            x={"title": "best-known films", "type": "log", "dtick": 1, "tickformat": ",d"},
            y={"title": "share of recommendations", "tickformat": ".0%", "range": [0, 1.01]},
        ),
        legend=looks,
        table=_table(curves, looks, halves),
        wide=True,
    )


def _line(ranks: NDArray[np.int64], curve: Curve, look: Series) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ranks.tolist(),
        "y": curve.tolist(),
        "line": {"color": look.colour, "dash": look.dash, "width": 2.5},
        "hovertemplate": "%{y:.0%} in the %{x:,} best-known films<extra></extra>",
    }


def _grounds(subject: Subject) -> Iterator[Curve]:
    """The ratings in training and the targets, as `_GROUNDS` names them."""
    n_films = len(subject.comparison.catalog)
    yield _mean_of(subject, [training.item_counts for _, training in subject.test_splits])
    targets = [test.targets.indices for test in subject.comparison.tests]
    yield _mean_of(subject, [np.bincount(each, minlength=n_films) for each in targets])


def _recommended(subject: Subject, result: ModelResult) -> Curve:
    n_films = len(subject.comparison.catalog)
    lists = [split.lists.items[:, : subject.k] for split in result.splits if split.lists]
    return _mean_of(subject, [np.bincount(items[items >= 0], minlength=n_films) for items in lists])


def _mean_of(subject: Subject, counts: list[NDArray[np.int64]]) -> Curve:
    """`float64[n_items]`, the cumulative share over each split's own order of films, averaged."""
    curves = []
    for count, (_, training) in zip(counts, subject.test_splits, strict=True):
        order = np.argsort(-training.item_counts, kind="stable")
        curves.append(np.cumsum(count[order]) / max(1, count.sum()))
    mean: Curve = np.mean(curves, axis=0)
    return mean


def _half(curve: Curve) -> int:
    """How many films the first half is of."""
    return int(np.searchsorted(curve, 0.5 - 1e-12)) + 1


def _table(curves: list[Curve], looks: tuple[Series, ...], halves: list[int]) -> Table:
    lengths = [each for each in _WRITTEN if each <= len(curves[0])]
    return Table(
        ("", "half is of so many films", *(f"in the first {length:,}" for length in lengths)),
        tuple(
            (look.name, f"{half:,}", *(written.share(curve[length - 1]) for length in lengths))
            for look, half, curve in zip(looks, halves, curves, strict=True)
        ),
    )
