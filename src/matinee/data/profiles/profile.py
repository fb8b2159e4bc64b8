"""What a data set looks like: its counts, its long tail, its gaps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Finding
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.texts import TextLists, Texts

__all__ = ["Activity", "Known", "LongTail", "Profile", "Spread", "Trait", "profile"]

_PERCENTS = (0, 10, 25, 50, 75, 90, 99, 100)
_RARE = 5
_COMMONEST = 25
"""Values of a viewers' trait that are listed; the others are counted."""
_STEPS = 100
"""Points of the long-tail curve."""


@dataclass(frozen=True)
class Spread:
    """How numbers are spread over those who have one.

    Attributes:
        mean: their arithmetic mean.
        quantiles: (per cent, value), from the least at 0 to the greatest at 100.
        bins: (lowest, highest, how many), both ends included, growing as 1, 2, 5, 10, 20 ...
    """

    mean: float
    quantiles: tuple[tuple[int, float], ...]
    bins: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class LongTail:
    """How unevenly ratings fall on the films that have any.

    Attributes:
        top_1: share of all ratings on the most rated 1 % of films (rounded up to whole films).
        top_10: the same of 10 %.
        gini: Gini coefficient of ratings a film: 0 is all alike, 1 is all on one film.
        rare: films with 1 to 4 ratings.
        curve: (share of films, share of ratings), most rated films first, from (0, 0) to (1, 1).
    """

    top_1: float
    top_10: float
    gini: float
    rare: int
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Activity:
    """When ratings were given, in universal time.

    Attributes:
        first: the earliest, "1997-09-20 03:05:10".
        last: the latest.
        months: ("1997-09", ratings), oldest first; a month without ratings is left out.
        undated: ratings whose time is unknown.
    """

    first: str
    last: str
    months: tuple[tuple[str, int], ...]
    undated: int


@dataclass(frozen=True)
class Known:
    """One field of the catalogue.

    Attributes:
        field: as people call it: "runtime", "IMDb id".
        films: how many films have it.
        share: of all films.
    """

    field: str
    films: int
    share: float


@dataclass(frozen=True)
class Trait:
    """What is known of the viewers in one column.

    Attributes:
        name: the column.
        viewers: how many have it.
        distinct: different values.
        commonest: (value, viewers), most frequent first; empty where nearly all differ.
        spread: where the column is a number; `None` elsewhere.
    """

    name: str
    viewers: int
    distinct: int
    commonest: tuple[tuple[str, int], ...]
    spread: Spread | None


@dataclass(frozen=True)
class Profile:
    """One data set, measured. What it has no ratings or times for is `None`.

    Attributes:
        name: of the data set.
        licence: its terms.
        viewers: all viewers it knows.
        viewers_rating: those with a rating.
        films: all films it knows.
        films_rated: those with a rating.
        ratings: rows.
        density: ratings as a share of all pairs of viewer and film.
        scale: lowest and highest rating that can be given.
        values: (rating, how often), lowest first.
        mean: of all ratings.
        long_tail: how ratings fall on films.
        per_viewer: ratings of each viewer with a rating.
        per_film: ratings of each film with a rating.
        activity: ratings over time.
        known: share of films with each field of the catalogue.
        duplicates: rows of the catalogue that could be one film.
        traits: demographics of the viewers, a column each.
        notes: what the loader said.
        findings: what was repaired or left out.
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
        """Plain dictionaries, lists, numbers and texts."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def profile(dataset: Dataset) -> Profile:
    """Measures a data set; it may lack ratings, times or demographics."""
    ratings, catalog = dataset.interactions, dataset.catalog
    of_viewer = np.bincount(ratings.users, minlength=ratings.n_users)
    of_film = np.bincount(ratings.items, minlength=len(catalog))
    values, counts = np.unique(ratings.values, return_counts=True)
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
        scale=ratings.scale if some else None,
        values=tuple(zip(values.tolist(), counts.tolist(), strict=True)),
        mean=float(ratings.values.mean(dtype=np.float64)) if some else None,
        long_tail=_long_tail(of_film[of_film > 0]) if some else None,
        per_viewer=_spread(of_viewer[of_viewer > 0]) if some else None,
        per_film=_spread(of_film[of_film > 0]) if some else None,
        activity=_activity(ratings),
        known=_known(catalog),
        duplicates=duplicates(catalog),
        traits=_traits(dataset.demographics),
        notes=dataset.notes,
        findings=dataset.findings,
    )


def _long_tail(counts: NDArray[np.int64]) -> LongTail:
    """Of ratings a film, none of them 0."""
    falling = np.sort(counts)[::-1]
    n, total = len(counts), int(counts.sum())
    reached = np.concatenate([[0], np.cumsum(falling)]) / total
    tops = np.unique(np.linspace(0, n, _STEPS + 1).round().astype(np.int64))
    return LongTail(
        top_1=float(reached[-(-n // 100)]),
        top_10=float(reached[-(-n // 10)]),
        gini=float((falling * (n - 1 - 2 * np.arange(n))).sum() / (n * total)),
        rare=int((counts < _RARE).sum()),
        curve=tuple(zip((tops / n).tolist(), reached[tops].tolist(), strict=True)),
    )


def _spread(counts: NDArray[np.int64]) -> Spread:
    """Of whole numbers, at least one of them."""
    quantiles = np.percentile(counts, _PERCENTS).tolist()
    least, greatest = int(counts.min()), int(counts.max())
    steps = [0, *(digit * 10**power for power in range(18) for digit in (1, 2, 5))]
    edges = [least, *(step for step in steps if least < step <= greatest)]
    highest = [*(edge - 1 for edge in edges[1:]), greatest]
    held = np.bincount(np.searchsorted(edges, counts, side="right") - 1, minlength=len(edges))
    return Spread(
        mean=float(counts.mean()),
        quantiles=tuple(zip(_PERCENTS, quantiles, strict=True)),
        bins=tuple(zip(edges, highest, held.tolist(), strict=True)),
    )


def _activity(ratings: Interactions) -> Activity | None:
    """`None` where no time is known."""
    dated = ratings.times[ratings.times != 0]
    if not len(dated):
        return None
    moments = np.array([dated.min(), dated.max()]).astype("datetime64[s]")
    first, last = (text.replace("T", " ") for text in np.datetime_as_string(moments).tolist())
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
    """Every column but the ids and titles that all films have."""
    found = []
    for column in fields(catalog)[2:]:
        values = getattr(catalog, column.name)
        listed = isinstance(values, Texts | TextLists)
        films = int(np.count_nonzero(np.diff(values.bounds) if listed else values))
        found.append(Known(_named(column.name), films, films / len(catalog) if films else 0.0))
    return tuple(found)


def _named(column: str) -> str:
    """The name of one value of a column."""
    words = column.removesuffix("s").replace("_", " ") if column != "countries" else "country"
    return words.replace("imdb", "IMDb").replace("tmdb", "TMDB")


def _traits(viewers: pl.DataFrame | None) -> tuple[Trait, ...]:
    return () if viewers is None else tuple(map(_trait, viewers.get_columns()[1:]))


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
