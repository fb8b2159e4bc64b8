"""Ranked lists: their length, the long tail, and genres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.content.features import multi_hot
from matinee.display import formats
from matinee.display.charts import Chart, Series, dots, figure, label, line, row_axis
from matinee.display.table import Table
from matinee.experiments.measuring.inputs import RankingInputs
from matinee.experiments.measuring.results import ModelResult
from matinee.metrics import Metric
from matinee.metrics.calibration import genre_shares
from matinee.service.pages.report.subject import Subject

__all__ = ["genre_chart", "length_charts", "long_tail_chart"]

_CAPTIONS = {
    "precision": "The share of a list that are targets: it falls as lists grow.",
    "recall": "The share of targets that are in a list: it rises as lists grow.",
    "ndcg": "Targets count more the nearer they are to the top.",
}
_MOST_POINTS = 20
_POINTS = 60
_REFERENCES = (
    Series("ratings in training", "var(--soft)", "circle", "dash"),
    Series("targets", "var(--soft)", "square", "dot"),
)
_LENGTHS = (10, 100, 1000)
"""Numbers of films in the table."""

_HISTORIES = Series("histories", "var(--ghost)", "square", "solid")
_MOST = 20
"""Genres in the chart, the most frequent ones in histories."""
_ROW = 26
"""Pixels per genre."""

Shares = NDArray[np.float64]


def length_charts(subject: Subject) -> Iterator[Chart]:
    """One chart per metric; none for lists of one film."""
    lengths = _lengths(subject)
    for name, caption in _CAPTIONS.items() if len(lengths) > 1 else ():
        yield _chart(subject, metrics.get(name), lengths, caption)


def _chart(subject: Subject, metric: Metric, lengths: list[int], caption: str) -> Chart:
    curves = [_curve(subject, result, metric, lengths) for result in subject.comparison.results]
    traces = [
        line(look, lengths, curve, "%{y:.4f} at %{x}", dots=True)
        for curve, look in zip(curves, subject.series, strict=True)
    ]
    name = formats.title(metric.name)
    return Chart(
        f"length-{metric.name}",
        f"{name} by length of the list",
        caption,
        figure(traces, x={"title": "films in the list (k)", "nticks": 8}, y={"title": name}),
        legend=subject.series,
        table=Table(
            ("k", *(look.name for look in subject.series)),
            tuple(
                (f"{length}", *(formats.number(curve[place]) for curve in curves))
                for place, length in enumerate(lengths)
            ),
        ),
    )


def _lengths(subject: Subject) -> list[int]:
    """All lengths, or about twenty on a logarithmic scale."""
    lists = subject.comparison.results[0].splits[0].lists
    longest = 0 if lists is None else min(lists.items.shape[1], len(subject.comparison.catalog))
    if longest <= _MOST_POINTS:
        return list(range(1, longest + 1))
    return sorted({round(each) for each in np.geomspace(1, longest, _MOST_POINTS)})


def _curve(
    subject: Subject, result: ModelResult, metric: Metric, lengths: list[int]
) -> list[float]:
    """The mean over splits of the mean over viewers, at each length."""
    sums = np.zeros(len(lengths))
    for split, (test, training) in zip(result.splits, subject.test_splits, strict=True):
        if split.lists is None:
            continue
        inputs = RankingInputs(test, split.lists, training)
        sums += [metric.mean(inputs.measured(metric, length), split.weights) for length in lengths]
    return (sums / len(result.splits)).tolist()


def long_tail_chart(subject: Subject) -> Chart:
    """Cumulative shares of films, most rated in training first, on a logarithmic axis."""
    n_films = len(subject.comparison.catalog)
    ranks = np.unique(np.geomspace(1, n_films, _POINTS).round().astype(np.int64))
    results = subject.comparison.results
    curves = [*_references(subject), *(_recommended(subject, result) for result in results)]
    looks = (*_REFERENCES, *subject.series)
    hover = "%{y:.0%} in the %{x:,} best-known films"
    traces = [
        line(look, ranks.tolist(), curve[ranks - 1].tolist(), hover)
        for curve, look in zip(curves, looks, strict=True)
    ]
    halves = [int(np.searchsorted(curve, 0.5 - 1e-12)) + 1 for curve in curves]
    models = range(len(_REFERENCES), len(curves))
    narrowest, widest = (choose(models, key=halves.__getitem__) for choose in (min, max))
    parts = [f"Half of the ratings in training belong to the {halves[0]:,} best-known films"]
    parts += [
        f"half of the recommendations of {looks[place].name} to {halves[place]:,}"
        for place in dict.fromkeys((narrowest, widest))
    ]
    return Chart(
        "long-tail",
        "What is recommended, from blockbusters to the long tail",
        f"{'; '.join(parts)}. A model above the dashed line recommends well-known films more "
        "than viewers watch them.",
        figure(
            traces,
            x={"title": "best-known films", "type": "log", "dtick": 1, "tickformat": ",d"},
            y={"title": "share of recommendations", "tickformat": ".0%", "range": [0, 1.01]},
        ),
        legend=looks,
        table=_table(curves, looks, halves),
        wide=True,
    )


def _references(subject: Subject) -> Iterator[Shares]:
    """Curves of the training ratings and of the targets."""
    n_films = len(subject.comparison.catalog)
    yield _mean_of(subject, [training.item_counts for _, training in subject.test_splits])
    targets = [test.targets.indices for test in subject.comparison.tests]
    yield _mean_of(subject, [np.bincount(each, minlength=n_films) for each in targets])


def _recommended(subject: Subject, result: ModelResult) -> Shares:
    n_films = len(subject.comparison.catalog)
    lists = [split.lists.items[:, : subject.k] for split in result.splits if split.lists]
    return _mean_of(subject, [np.bincount(items[items >= 0], minlength=n_films) for items in lists])


def _mean_of(subject: Subject, counts: list[NDArray[np.int64]]) -> Shares:
    """`float64[n_items]`, the cumulative share by each split's order of films, averaged."""
    curves = []
    for count, (_, training) in zip(counts, subject.test_splits, strict=True):
        order = np.argsort(-training.item_counts, kind="stable")
        curves.append(np.cumsum(count[order]) / max(1, count.sum()))
    return np.mean(curves, axis=0)


def _table(curves: list[Shares], looks: tuple[Series, ...], halves: list[int]) -> Table:
    lengths = [each for each in _LENGTHS if each <= len(curves[0])]
    return Table(
        ("", "films with half of it", *(f"in the first {length:,}" for length in lengths)),
        tuple(
            (look.name, f"{half:,}", *(formats.share(curve[length - 1]) for length in lengths))
            for look, half, curve in zip(looks, halves, curves, strict=True)
        ),
    )


def genre_chart(subject: Subject) -> Chart | None:
    """Bars for histories, marks for models; `None` if no genre is known."""
    genres, names = multi_hot(subject.comparison.catalog.genres)
    if not names:
        return None
    watched = _watched(subject, genres)
    order = np.argsort(-watched, kind="stable")[:_MOST]
    listed = [_listed(subject, result, genres) for result in subject.comparison.results]
    rows = (-np.arange(len(order))).tolist()
    most = float(max(shares.max() for shares in (watched, *listed)))
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": watched[order].tolist(),
        "y": rows,
        "marker": {"color": _HISTORIES.colour, "line": {"color": "var(--soft)", "width": 1}},
        "hovertemplate": "%{x:.1%} of histories<extra></extra>",
    }
    marks = [
        dots(look, shares[order].tolist(), rows, f"%{{x:.1%}} of {label(look.name)}")
        for shares, look in zip(listed, subject.series, strict=True)
    ]
    return Chart(
        "genres",
        "Genres watched and recommended",
        "Bars are genres' shares of histories. A mark to the right of a bar is a model that "
        f"recommends more of the genre than viewers watch.{_miscalibration(subject)}",
        figure(
            [bar, *marks],
            x={
                "title": "share of genres",
                "tickformat": ".0%",
                "showgrid": True,
                "nticks": 6,
                "range": [-0.012 * most, 1.03 * most],
            },
            y=row_axis([names[genre] for genre in order]),
        ),
        height=70 + _ROW * len(order),
        legend=(_HISTORIES, *subject.series),
        table=Table(
            ("genre", "histories", *(look.name for look in subject.series)),
            tuple(
                (names[genre], *(f"{each[genre]:.1%}" for each in (watched, *listed)))
                for genre in order
            ),
        ),
        wide=True,
    )


def _watched(subject: Subject, genres: sp.csr_array) -> Shares:
    histories = [test.histories for test in subject.comparison.tests]
    return _mean([genre_shares(each.items, each.starts, genres) for each in histories])


def _listed(subject: Subject, result: ModelResult, genres: sp.csr_array) -> Shares:
    shares = []
    for split in result.splits:
        if split.lists is not None:
            items = split.lists.items[:, : subject.k]
            present = items >= 0
            bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(present, axis=1))])
            shares.append(genre_shares(items[present], bounds, genres))
    return _mean(shares)


def _mean(of_splits: list[Shares]) -> Shares:
    """The mean over splits of the mean over viewers with any genre."""
    known = [shares[shares.any(axis=1)] for shares in of_splits]
    means = [shares.mean(axis=0) for shares in known if len(shares)]
    return np.mean(means, axis=0) if means else np.zeros(of_splits[0].shape[1])


def _miscalibration(subject: Subject) -> str:
    measured = subject.labelled("miscalibration")
    means = [r.means[measured] for r in subject.comparison.results] if measured else []
    if not np.isfinite(means).all() or not means:
        return ""
    pairs = zip(subject.series, means, strict=True)
    values = ", ".join(f"{look.name} {formats.number(mean)}" for look, mean in pairs)
    return (
        " Distance between a viewer's list and their history in nats (miscalibration, lower is "
        f"closer): {values}."
    )
