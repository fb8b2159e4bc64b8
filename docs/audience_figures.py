"""The charts of `docs/generated-audience.md` as Plotly's JSON: one for each statistic.

Each has a panel for each data set, and is drawn from counts: it contains no row of ratings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.experiments.audience import compare
from matinee.experiments.audience.resemblance import sessions

__all__ = [
    "HEIGHT",
    "STATISTICS",
    "WIDTH",
    "Beside",
    "Counted",
    "Statistic",
    "at_least",
    "by_rank",
    "figure",
    "means",
    "over_time",
]

WIDTH, HEIGHT = 880, 340
"""Pixels of a picture; a README is about as wide."""
_TEXT, _LINE, _PALE = "#2a1618", "#e6d8bf", "#fbe6d8"
_MOVIELENS, _GENERATED = "#0072b2", "#d55e00"
"""Okabe and Ito's blue and vermilion, which the colour-blind can tell apart."""
_PANELS = ((0.0, 0.465), (0.535, 1.0))
_POINTS = 160
"""Points of a curve; more would not be visible."""
_DAY = 86_400

Points = tuple[list[Any], list[float]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Counted:
    """An audience, NDCG@10 by the name of a model, and the days of a period of its time axis."""

    ratings: Interactions
    ndcg: Mapping[str, float]
    days: float


@dataclass(frozen=True)
class Beside:
    """A generated audience and a real one of its size; `period` is the plural of its periods."""

    name: str
    period: str
    generated: Counted
    real: Counted


@dataclass(frozen=True)
class Statistic:
    """The subject of a chart.

    Attributes:
        file: of its picture, without the ending.
        points: the values on the axes, for an audience.
        x, y: axes, in Plotly's terms, with the title as text.
        line: shape of the line; empty for bars.
        measure: a measure of `compare` that sums it up, and a short name for it.
    """

    file: str
    points: Callable[[Counted], Points]
    x: Json
    y: Json
    line: str = "linear"
    measure: tuple[str, str] | None = None


def at_least(counts: NDArray[np.integer[Any]]) -> Points:
    """Every size among the counts, and the share of counts at least as large."""
    sizes, first = np.unique(np.sort(counts), return_index=True)
    return _thinned(sizes, 1 - first / len(counts))


def by_rank(counts: NDArray[np.integer[Any]]) -> Points:
    """Ranks from 1, and the counts, largest first; a count of 0 has no rank."""
    falling = np.sort(counts[counts > 0])[::-1]
    return _thinned(np.arange(1, len(falling) + 1), falling)


def over_time(times: NDArray[np.int64], days: float) -> Points:
    """Periods of so many days since the first time, and their shares.

    The last share appears twice, so that a line in steps reaches the end of its period.
    """
    counts = np.bincount(((times - times.min()) / (days * _DAY)).astype(np.int64))
    shares = np.append(counts, counts[-1]) / len(times)
    return list(range(len(shares))), shares.tolist()


def means(ratings: Interactions, width: float = 0.25) -> Points:
    """Steps of the scale, and the share of the viewers whose mean rating is nearest to each."""
    counts = _per_viewer(ratings)
    sums = np.bincount(ratings.users, ratings.values)
    of_viewer = sums[counts > 0] / counts[counts > 0]
    low, high = ratings.scale
    steps = np.arange(round((high - low) / width) + 1)
    nearest = np.rint((of_viewer - low) / width).astype(np.int64)
    shares = np.bincount(nearest, minlength=len(steps)) / len(of_viewer)
    return (low + width * steps).tolist(), shares.tolist()


def figure(statistic: Statistic, pairs: Sequence[Beside]) -> Json:
    """The chart of one statistic, for at most two pairs."""
    traces: list[Json] = []
    axes: dict[str, Json] = {}
    notes: list[Json] = []
    for number, (pair, (left, right)) in enumerate(zip(pairs, _PANELS, strict=True), start=1):
        own = {"xaxis": f"x{number}", "yaxis": f"y{number}", "showlegend": number == 1}
        traces.append(_trace(statistic, pair.real, generated=False) | own)
        traces.append(_trace(statistic, pair.generated, generated=True) | own)
        x, y = statistic.x, statistic.y if number == 1 else {**statistic.y, "title": ""}
        titled = {**x, "title": x.get("title", "").format(period=pair.period)}
        axes[f"xaxis{number}"] = _axis(titled) | {
            "domain": [left, right],
            "anchor": f"y{number}",
            "showgrid": False,
        }
        axes[f"yaxis{number}"] = _axis(y) | {"anchor": f"x{number}"}
        notes.append(_note(_headline(statistic, pair), left))
    layout = {
        "template": None,
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": _TEXT},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "margin": {"l": 8, "r": 12, "t": 84, "b": 8},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.36, "yanchor": "top"},
        "bargap": 0.24,
        "bargroupgap": 0.1,
        "annotations": notes,
        **axes,
    }
    return {"data": traces, "layout": layout}


def _thinned(x: NDArray[Any], y: NDArray[Any]) -> Points:
    """Some points of a curve with growing x, evenly along its logarithm, with both ends."""
    chosen = np.unique(np.searchsorted(x, np.geomspace(x[0], x[-1], _POINTS).round()))
    return x[chosen].tolist(), y[chosen].astype(float).tolist()


def _per_film(ratings: Interactions) -> NDArray[np.int64]:
    return np.bincount(ratings.items)


def _per_viewer(ratings: Interactions) -> NDArray[np.int64]:
    return np.bincount(ratings.users)


def _stars(ratings: Interactions) -> Points:
    steps, counts = np.unique(ratings.values, return_counts=True)
    return [f"{step:g}" for step in steps], (counts / len(ratings)).tolist()


def _headline(statistic: Statistic, pair: Beside) -> str:
    name = f"<b>beside {pair.name}</b>"
    if statistic.measure is None:
        return name
    measure, short_name = statistic.measure
    compared = compare(pair.generated.ratings, pair.real.ratings)
    both = next(each for each in compared if each.measure == measure)
    return f"{name}<br>{short_name}: MovieLens {both.real:.3f}, generated {both.generated:.3f}"


def _trace(statistic: Statistic, counted: Counted, *, generated: bool) -> Json:
    x, y = statistic.points(counted)
    colour = _GENERATED if generated else _MOVIELENS
    points = {"x": x, "y": y, "name": "generated" if generated else "MovieLens"}
    if statistic.line:
        dash = "dash" if generated else "solid"
        line = {"color": colour, "width": 2.5, "dash": dash, "shape": statistic.line}
        return {"type": "scatter", "mode": "lines", "line": line, **points}
    edge = {"color": colour, "width": 2}
    bars = {"color": _PALE if generated else colour, "line": edge}
    return {"type": "bar", "marker": bars, **points}


def _axis(own: Json) -> Json:
    return {
        "gridcolor": _LINE,
        "linecolor": _TEXT,
        "zeroline": False,
        "automargin": True,
        "ticks": "outside",
        **own,
        "title": {"text": own.get("title", ""), "standoff": 8, "font": {"size": 13}},
    }


def _note(text: str, left: float) -> Json:
    return {
        "text": text,
        "x": left,
        "y": 1.05,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
    }


_SHARE = {"tickformat": ".0%", "rangemode": "tozero"}
_LOG = {"type": "log", "dtick": 1, "minor": {"ticks": "outside", "ticklen": 3}}
_NUMBERS = {**_LOG, "tickformat": ",d"}
_FEW = {**_LOG, "tickformat": "~%"}

STATISTICS = (
    Statistic(
        "ratings",
        lambda each: _stars(each.ratings),
        {"title": "stars", "type": "category"},
        {"title": "share of ratings", **_SHARE},
        line="",
        measure=("mean rating", "mean"),
    ),
    Statistic(
        "means",
        lambda each: means(each.ratings),
        {"title": "mean rating of a viewer"},
        {"title": "share of viewers", **_SHARE},
        measure=("standard deviation of viewers' means", "standard deviation"),
    ),
    Statistic(
        "long-tail",
        lambda each: by_rank(_per_film(each.ratings)),
        {"title": "rank of the film", **_NUMBERS},
        {"title": "ratings of the film", **_NUMBERS},
        measure=("Gini of popularity", "Gini coefficient"),
    ),
    Statistic(
        "activity",
        lambda each: at_least(_per_viewer(each.ratings)),
        {"title": "n, ratings of a viewer", **_NUMBERS},
        {"title": "viewers who gave n or more", **_FEW},
        measure=("activity, 50th percentile / mean", "median / mean"),
    ),
    Statistic(
        "sessions",
        lambda each: at_least(sessions(each.ratings)),
        {"title": "n, ratings in a session", **_NUMBERS},
        {"title": "sessions of n ratings or more", **_FEW},
        measure=("ratings per session", "mean"),
    ),
    Statistic(
        "time",
        lambda each: over_time(each.ratings.times, each.days),
        {"title": "{period} since the first rating"},
        {"title": "share of ratings", **_SHARE},
        line="hv",
    ),
    Statistic(
        "models",
        lambda each: (list(each.ndcg), list(each.ndcg.values())),
        {"type": "category"},
        {"title": "NDCG@10", "rangemode": "tozero"},
        line="",
    ),
)
"""In the order of the page."""
