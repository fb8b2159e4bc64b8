"""Measures a data set: counts, long tail, gaps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Finding
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.profiles.charts import charts
from matinee.data.profiles.rows import sections
from matinee.display import notebook
from matinee.display.figure import figure

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Activity", "Known", "LongTail", "Profile", "Spread", "Trait", "profile"]

_PERCENTS = (0, 10, 25, 50, 75, 90, 99, 100)
_RARE = 5
_COMMONEST = 25
"""Most values of a viewer attribute that are listed one by one."""
_LONG = 12
"""Rows of a section that a notebook folds."""
_STEPS = 100
"""Points of the long-tail curve."""


@dataclass(frozen=True)
class Spread:
    """Distribution of a number over viewers or films."""

    mean: float
    quantiles: tuple[tuple[int, float], ...]
    """(per cent, value), from the minimum at 0 to the maximum at 100."""
    bins: tuple[tuple[int, int, int], ...]
    """(lowest, highest, count), both ends included, with edges 1, 2, 5, 10, 20 ..."""


@dataclass(frozen=True)
class LongTail:
    """How unequally ratings are distributed over rated films."""

    top_1: float
    """Share of all ratings that the most rated 1 % of films have (rounded up)."""
    top_10: float
    gini: float
    """Gini coefficient of ratings per film: 0 is all equal, 1 is all for one film."""
    rare: int
    """Films with 1 to 4 ratings."""
    curve: tuple[tuple[float, float], ...] = field(repr=False)
    """(share of films, share of ratings), most rated films first, from (0, 0) to (1, 1)."""


@dataclass(frozen=True)
class Activity:
    """Ratings over time, in UTC."""

    first: str
    """Time of the earliest rating, "1997-09-20 03:05:10"."""
    last: str
    months: tuple[tuple[str, int], ...]
    """("1997-09", ratings), oldest first, without empty months."""
    undated: int
    """Ratings of unknown time."""


@dataclass(frozen=True)
class Known:
    """How many films have one field of the catalogue, such as "runtime", and their share."""

    field: str
    films: int
    share: float


@dataclass(frozen=True)
class Trait:
    """One attribute of the viewers."""

    name: str
    viewers: int
    """Number of viewers who have it."""
    distinct: int
    """Number of different values."""
    commonest: tuple[tuple[str, int], ...]
    """(value, viewers), most frequent first; empty if there are too many values."""
    spread: Spread | None
    """Of numbers with many values; `None` otherwise."""


@dataclass(frozen=True)
class Profile:
    """Measurements of one data set. Without ratings or times, what they measure is `None`.

    `values` are (rating, number of ratings), lowest first; where the data are counts, they are
    (lowest of a class, number of counts), and there is no `scale`. `density` is ratings as a share
    of all pairs of viewer and film; `duplicates` are rows of the catalogue that may be one film.
    """

    name: str
    licence: str
    viewers: int
    viewers_rating: int
    films: int
    films_rated: int
    ratings: int
    density: float | None
    scale: tuple[float, float] | None
    values: tuple[tuple[float, int], ...]
    mean: float | None
    long_tail: LongTail | None
    per_viewer: Spread | None
    per_film: Spread | None
    activity: Activity | None
    known: tuple[Known, ...]
    duplicates: tuple[Duplicate, ...]
    traits: tuple[Trait, ...]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Dictionaries, lists, numbers and texts."""
        return json.loads(json.dumps(asdict(self)))

    def plot(self) -> Figure:
        """A Plotly figure with a chart of every part that can be drawn.

        Raises:
            InputError: the data set has no films.
            FailureError: Plotly is not installed.
        """
        return figure(list(charts(self)), self.name)

    def __repr__(self) -> str:
        counts = dict(sections(self)[0].rows)
        return f"Profile of {self.name}: " + ", ".join(f"{k} {v}" for k, v in counts.items())

    def _repr_html_(self) -> str:
        parts = [
            (notebook.fold if len(each.rows) > _LONG else notebook.section)(
                each.title, notebook.facts(each.rows)
            )
            for each in sections(self)
        ]
        return notebook.output(self.name, notebook.columns(parts))


def profile(dataset: Dataset) -> Profile:
    """Measure a data set, also one without ratings, times or demographics."""
    ratings, catalog, viewers = dataset.interactions, dataset.catalog, dataset.demographics
    of_viewer = np.bincount(ratings.users, minlength=ratings.n_users)
    of_film = np.bincount(ratings.items, minlength=len(catalog))
    pairs = ratings.n_users * len(catalog)
    some = len(ratings) > 0
    return Profile(
        name=dataset.name,
        licence=dataset.licence,
        viewers=ratings.n_users,
        viewers_rating=int(np.count_nonzero(of_viewer)),
        films=len(catalog),
        films_rated=int(np.count_nonzero(of_film)),
        ratings=len(ratings),
        density=len(ratings) / pairs if some else None,
        scale=ratings.scale if some and not ratings.counts else None,
        values=_values(ratings),
        mean=float(ratings.values.mean(dtype=np.float64)) if some else None,
        long_tail=_long_tail(of_film[of_film > 0]) if some else None,
        per_viewer=_spread(of_viewer[of_viewer > 0]) if some else None,
        per_film=_spread(of_film[of_film > 0]) if some else None,
        activity=_activity(ratings),
        known=_known(catalog),
        duplicates=duplicates(catalog),
        traits=tuple(map(_trait, [] if viewers is None else viewers.get_columns()[1:])),
        notes=dataset.notes,
        findings=dataset.findings,
    )


def _values(ratings: Interactions) -> tuple[tuple[float, int], ...]:
    values = ratings.values
    if ratings.counts:
        classes = np.array([0, *(np.outer(10.0 ** np.arange(9), (1, 2, 5)).ravel())])
        values = classes[np.searchsorted(classes, values, side="right") - 1]
    different, numbers = np.unique(values, return_counts=True)
    return tuple(zip(different.tolist(), numbers.tolist(), strict=True))


def _long_tail(counts: NDArray[np.int64]) -> LongTail:
    """`counts` are ratings per film, all above 0."""
    falling = np.sort(counts)[::-1]
    n, total = len(counts), int(counts.sum())
    covered = np.concatenate([[0], np.cumsum(falling)]) / total
    tops = np.unique(np.linspace(0, n, _STEPS + 1).round().astype(np.int64))
    return LongTail(
        top_1=float(covered[-(-n // 100)]),
        top_10=float(covered[-(-n // 10)]),
        gini=float((falling * (n - 1 - 2 * np.arange(n))).sum() / (n * total)),
        rare=int((counts < _RARE).sum()),
        curve=tuple(zip((tops / n).tolist(), covered[tops].tolist(), strict=True)),
    )


def _spread(counts: NDArray[np.int64]) -> Spread:
    """The distribution of whole numbers, at least one."""
    quantiles = np.percentile(counts, _PERCENTS).tolist()
    lowest, highest = int(counts.min()), int(counts.max())
    steps = [0, *(digit * 10**power for power in range(18) for digit in (1, 2, 5))]
    edges = [lowest, *(step for step in steps if lowest < step <= highest)]
    ends = [*(edge - 1 for edge in edges[1:]), highest]
    sizes = np.bincount(np.searchsorted(edges, counts, side="right") - 1, minlength=len(edges))
    return Spread(
        mean=float(counts.mean()),
        quantiles=tuple(zip(_PERCENTS, quantiles, strict=True)),
        bins=tuple(zip(edges, ends, sizes.tolist(), strict=True)),
    )


def _activity(ratings: Interactions) -> Activity | None:
    """`None` if no time is known."""
    dated = ratings.times[ratings.times != 0]
    if not len(dated):
        return None
    ends = np.array([dated.min(), dated.max()]).astype("datetime64[s]")
    first, last = (text.replace("T", " ") for text in np.datetime_as_string(ends).tolist())
    months, counts = np.unique(
        dated.astype("datetime64[s]").astype("datetime64[M]"), return_counts=True
    )
    return Activity(
        first=first,
        last=last,
        months=tuple(zip(np.datetime_as_string(months).tolist(), counts.tolist(), strict=True)),
        undated=len(ratings) - len(dated),
    )


def _known(catalog: Catalog) -> tuple[Known, ...]:
    """Every column but ids and titles, which all films have."""
    return tuple(
        Known(_named(column), films, films / len(catalog) if films else 0.0)
        for column, films in catalog.known.items()
    )


def _named(column: str) -> str:
    """The name of one value of a column."""
    words = column.removesuffix("s").replace("_", " ") if column != "countries" else "country"
    return words.replace("imdb", "IMDb").replace("tmdb", "TMDB")


def _trait(column: pl.Series) -> Trait:
    known = column.drop_nulls()
    counted = known.cast(pl.String).alias("value").value_counts(name="viewers")
    few = counted.height <= _COMMONEST
    numbers = known.dtype.is_integer() and not few
    return Trait(
        name=column.name,
        viewers=len(known),
        distinct=counted.height,
        commonest=tuple(counted.sort("viewers", "value", descending=[True, False]).iter_rows())
        if few
        else (),
        spread=_spread(known.to_numpy().astype(np.int64)) if numbers else None,
    )
