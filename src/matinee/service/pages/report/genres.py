"""Genres of what viewers watched beside genres of what they are recommended."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.multi_hot import multi_hot
from matinee.experiments.measuring.results import ModelResult
from matinee.metrics.calibration import genre_shares
from matinee.service.pages.charts import Chart, Series, Table, figure, label
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["genre_chart"]

_HISTORIES = Series("histories", "var(--ghost)", "square", "solid")
_MOST = 20
"""Genres that are shown, the most frequent of the histories."""
_ROW = 26
"""Pixels of a genre."""

Shares = NDArray[np.float64]


def genre_chart(subject: Subject) -> Chart | None:
    """Bars of the histories' mean shares, a mark for every model; `None` without any genre."""
    genres, names = multi_hot(subject.comparison.catalog.genres)
    if not names:
        return None
    watched = _watched(subject, genres)
    shown = np.argsort(-watched, kind="stable")[:_MOST]
    listed = [_listed(subject, result, genres) for result in subject.comparison.results]
    rows = (-np.arange(len(shown))).tolist()
    most = float(max(shares.max() for shares in (watched, *listed)))
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": watched[shown].tolist(),
        "y": rows,
        "marker": {
            "color": _HISTORIES.colour,
            "line": {"color": "var(--soft)", "width": 1},
        },
        "hovertemplate": "%{x:.1%} of histories<extra></extra>",
    }
    marks = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": shares[shown].tolist(),
            "y": rows,
            "marker": {"color": look.colour, "symbol": look.shape, "size": 9},
            "hovertemplate": f"%{{x:.1%}} of {label(look.name)}<extra></extra>",
        }
        for shares, look in zip(listed, subject.series, strict=True)
    ]
    return Chart(
        "genres",
        "Genres watched and recommended",
        "A bar is a genre's share of the histories; a mark right of its end is a model that "
        f"recommends more of the genre than viewers watch.{_said(subject)}",
        figure(
            [bar, *marks],
            x={
                "title": "share of genres",
                "tickformat": ".0%",
                "showgrid": True,
                "nticks": 6,
                "range": [-0.012 * most, 1.03 * most],
            },
            y={
                "tickvals": rows,
                "ticktext": [label(names[genre]) for genre in shown],
                "range": [0.6 - len(shown), 0.6],
                "showgrid": False,
            },
        ),
        height=70 + _ROW * len(shown),
        legend=(_HISTORIES, *subject.series),
        table=Table(
            ("genre", "histories", *(look.name for look in subject.series)),
            tuple(
                (names[genre], *(f"{each[genre]:.1%}" for each in (watched, *listed)))
                for genre in shown
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
            there = items >= 0
            bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))])
            shares.append(genre_shares(items[there], bounds, genres))
    return _mean(shares)


def _mean(of_splits: list[Shares]) -> Shares:
    """The mean over splits of the mean over viewers who have any genre."""
    known = [shares[shares.any(axis=1)] for shares in of_splits]
    means = [shares.mean(axis=0) for shares in known if len(shares)]
    mean: Shares = np.mean(means, axis=0) if means else np.zeros(of_splits[0].shape[1])
    return mean


def _said(subject: Subject) -> str:
    measured = subject.labelled("miscalibration")
    means = [r.means[measured] for r in subject.comparison.results] if measured else []
    if not np.isfinite(means).all() or not means:
        return ""
    each = [
        f"{look.name} {written.number(mean)}"
        for look, mean in zip(subject.series, means, strict=True)
    ]
    return (
        " How far a viewer's list is from their own history, in nats (miscalibration, "
        f"0 is not at all): {', '.join(each)}."
    )
