"""Queries to a recommender, and its rankings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.checks import (
    film_rows,
    is_number,
    rating_on,
    rating_values,
    require_distinct,
    seconds,
    whole_number,
)
from matinee.data.constraints import Constraints, Lacking, Relaxation
from matinee.data.interactions import Interactions
from matinee.data.outputs import query_html, query_text, ranking_html, ranking_text
from matinee.data.reason import Reason
from matinee.data.titles.index import TitleIndex
from matinee.display import formats
from matinee.errors import InputError

__all__ = ["Expected", "Query", "Ranking", "Recommendation"]

_TYPES = {
    "rank": pl.Int32,
    "year": pl.Int16,
    **dict.fromkeys(("score", "expected", "low", "high"), pl.Float32),
    **dict.fromkeys(("item_id", "title", "genres", "reason"), pl.String),
}
"""Types of the columns of a ranking, also of an empty one."""


_Number = TypeVar("_Number", bound=np.number)

_DISMISSED = 0.25
"""Part of the rating scale at which a dismissal counts: 2 of 1 to 5."""


@dataclass(frozen=True, eq=False)
class Query:
    """The history and attributes of one viewer, and what they want.

    Attributes:
        items: `int32[h]`, rows of the films in the history, oldest first, each once.
        values: `float32[h]`, their ratings in stars.
        times: `int64[h]`, Unix seconds; 0 where unknown. The default is zeros.
        exclude: `int32[m]`, rows not to recommend, in addition to the history.
        dismissed: `int32[d]`, rows the viewer marked as not for them, outside the history. They are
            not recommended, and models see them as low ratings, see `dismissal_value`; so `scale`
            must be known.
        among: `int32[m]`, the only rows to recommend; `None` for all films.
        constraints: conditions that every recommended film meets.
        n: number of films to recommend, at most.
        now: Unix seconds of the request; 0 if unknown.
        seed: for models and pipelines that draw.
        attributes: "column=value" (see `attribute_words`).
        diverse: from 0, films by score alone, to 1, films unlike each other (see
            `pipeline.diversity`).
        own: `float32[h]`, the ratings as the viewer gave them, where `values` are rescaled; empty
            if they are the same.
        titles: of the films whose rows these are; with it, films can be added by title.
        scale: lowest and highest rating, of counts 0 and infinity; `None` if unknown.

    Lists are taken as well as arrays.

    Raises:
        InputError: a column is not of such numbers, the columns of the history differ in length,
            or films are dismissed that are in the history, or on an unknown scale.
    """

    items: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    values: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    times: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    exclude: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    dismissed: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    among: NDArray[np.int32] | None = None
    constraints: Constraints | None = None
    n: int = 10
    now: int = 0
    seed: int = 0
    attributes: tuple[str, ...] = ()
    diverse: float = 0.0
    own: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    titles: TitleIndex | None = field(default=None, repr=False)
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        items = film_rows(self.items, "the history")
        values = rating_values(self.values, "the history")
        times = seconds(self.times, "the history")
        if not len(times):
            times = np.zeros(len(items), dtype=np.int64)
        if not len(items) == len(values) == len(times):
            raise InputError(
                f"the history has {len(items):,} films, {len(values):,} ratings and "
                f"{len(times):,} times; there must be one of each for every film"
            )
        own = rating_values(self.own, "own")
        if len(own) not in (0, len(items)):
            raise InputError(f"own has {len(own):,} ratings and the history {len(items):,}")
        among = None if self.among is None else film_rows(self.among, "among")
        dismissed = film_rows(self.dismissed, "dismissed")
        _require_outside(dismissed, items)
        if len(dismissed) and self.scale is None:
            raise InputError(
                "a query with dismissed films needs the scale of its ratings: set scale"
            )
        for name, column in (
            *(("items", items), ("values", values), ("times", times), ("own", own)),
            *(("exclude", film_rows(self.exclude, "exclude")), ("dismissed", dismissed)),
            ("among", among),
        ):
            object.__setattr__(self, name, None if column is None else _frozen(column))
        if not is_number(self.diverse) or not 0 <= self.diverse <= 1:
            raise InputError(f"diverse must be between 0 and 1, not {self.diverse!r}")
        object.__setattr__(self, "diverse", float(self.diverse))
        for name in ("n", "now", "seed"):
            object.__setattr__(self, name, whole_number(getattr(self, name), name))

    @classmethod
    def of(cls, history: Interactions, n: int = 10) -> Query:
        """A query of one viewer's interactions, as `Interactions.history` returns them."""
        return cls(items=history.items, values=history.values, times=history.times, n=n)

    @classmethod
    def of_films(
        cls,
        ratings: Mapping[str | int, float],
        titles: TitleIndex,
        scale: tuple[float, float] | None = None,
    ) -> Self:
        """The query of a new viewer with these ratings, by title or id.

        Raises:
            UnknownNameError: no such film; suggests similar titles.
            InputError: no mapping, a title of several films, a film twice, or a rating off the
                scale.
        """
        if not isinstance(ratings, Mapping):
            raise InputError(
                'a history is a mapping of films to ratings, as {"Toy Story": 5}, not a '
                f"{type(ratings).__name__}"
            )
        rows: dict[int, float] = {}
        for film, rating in ratings.items():
            row = titles.find(film)
            if row in rows:
                raise InputError(f"{titles.catalog.film(row).label} is rated twice; rate it once")
            rows[row] = rating_on(scale, rating)
        return cls(items=list(rows), values=list(rows.values()), titles=titles, scale=scale)  # type: ignore[arg-type]

    def plus(self, film: str | int, rating: float) -> Self:
        """The same viewer with one more rating, as of their latest one, or with a new rating of it.

        Args:
            film: its title or id.
            rating: on the scale of the history.

        Raises:
            UnknownNameError: no such film; suggests similar titles.
            InputError: a title of several films, a rating off the scale, or a query without titles.
        """
        row, value = self._titles().find(film), rating_on(self.scale, rating)
        rest = self._without(row)
        return replace(
            rest,
            items=np.append(rest.items, np.int32(row)),
            values=np.append(rest.values, np.float32(value)),
            times=np.append(rest.times, self.times.max(initial=0)),
            own=np.append(rest.own, np.float32(value)) if len(rest.own) else rest.own,
        )

    def minus(self, film: str | int) -> Self:
        """The same viewer without their rating or dismissal of a film, by title or id.

        Raises:
            UnknownNameError: no such film; suggests similar titles.
            InputError: a film they neither rated nor dismissed, or a query without titles.
        """
        row = self._titles().find(film)
        if row not in self.items and row not in self.dismissed:
            label = self._titles().catalog.film(row).label
            history = formats.count(len(self), self.noun)
            raise InputError(f"{label} is not in this viewer's history of {history}")
        return self._without(row)

    def dismiss(self, film: str | int) -> Self:
        """The same viewer after marking a film as not for them, in place of any rating of it.

        It is not recommended, and films like it rank lower. `minus` takes it back.

        Args:
            film: its title or id.

        Raises:
            UnknownNameError: no such film; suggests similar titles.
            InputError: a title of several films, or a query without titles or scale.
        """
        row = self._titles().find(film)
        rest = self._without(row)
        return replace(rest, dismissed=np.append(rest.dismissed, np.int32(row)))

    @property
    def seen(self) -> NDArray[np.int32]:
        """Rows that are not recommended: the history, dismissed films, and `exclude`."""
        return np.concatenate([self.items, self.dismissed, self.exclude])

    @property
    def dismissal_value(self) -> float:
        """The rating that stands for a dismissal: a quarter up the scale, 2 of 5; 0 for counts.

        Raises:
            InputError: the scale is unknown.
        """
        if self.scale is None:
            raise InputError("the scale of the ratings is unknown; set scale")
        low, high = self.scale
        return 0.0 if np.isinf(high) else low + _DISMISSED * (high - low)

    @property
    def noun(self) -> str:
        """What the history is of: "rating" or "count". A viewer's own ratings are ratings."""
        counts = self.scale is not None and np.isinf(self.scale[1])
        return "count" if counts and not len(self.own) else "rating"

    def _without(self, row: int) -> Self:
        """The same without the rating or dismissal of one film."""
        mask = self.items != row
        return replace(
            self,
            items=self.items[mask],
            values=self.values[mask],
            times=self.times[mask],
            own=self.own[mask] if len(self.own) else self.own,
            dismissed=self.dismissed[self.dismissed != row],
        )

    def _titles(self) -> TitleIndex:
        if self.titles is None:
            raise InputError(
                "this query names films by row alone; make it with data.viewer(...) or "
                "data.history({...}) to add films by title"
            )
        return self.titles

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return query_text(self)

    def _repr_html_(self) -> str:
        return query_html(self)


def _require_outside(dismissed: NDArray[np.int32], items: NDArray[np.int32]) -> None:
    require_distinct(np.sort(dismissed), "dismissed")
    both = np.intersect1d(dismissed, items)
    if len(both):
        raise InputError(f"film row {both[0]} is in the history and dismissed; it can be one only")


@dataclass(frozen=True)
class Expected:
    """The expected rating of a film, and the 80% prediction interval if the model has any."""

    stars: float
    low: float | None = None
    high: float | None = None

    def __float__(self) -> float:
        return self.stars

    def __str__(self) -> str:
        bounds = "" if self.low is None else f" ({self.low:.1f}-{self.high:.1f})"
        return f"{self.stars:.1f}{bounds}"


@dataclass(frozen=True)
class Recommendation:
    """One line of a ranking."""

    rank: int
    film: Film
    score: float
    reason: Reason
    expected: Expected | None = None


@dataclass(frozen=True, eq=False)
class Ranking:
    """Films, best first.

    Attributes:
        items: `int32[n]`, rows of the catalogue.
        scores: `float32[n]`, descending unless the list is varied; only their order has a meaning,
            unless the model predicts ratings.
        version: the artefact's content hash, or "unsaved".
        relaxations: if the constraints leave fewer films than `Query.n`, the smallest changes that
            leave enough, the smallest first; none is applied.
        lacking: films left out by constraints only because a fact is unknown.
        expected: one for each film, if the model predicts ratings and knows the viewer.
    """

    items: NDArray[np.int32]
    scores: NDArray[np.float32]
    reasons: tuple[Reason, ...]
    catalog: Catalog = field(repr=False)
    model: str
    version: str
    relaxations: tuple[Relaxation, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    expected: tuple[Expected, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Recommendation]:
        lines = zip(
            self.items.tolist(),
            self.scores.tolist(),
            self.reasons,
            self.expected or (None,) * len(self),
            strict=True,
        )
        for rank, (item, score, reason, expected) in enumerate(lines, start=1):
            yield Recommendation(rank, self.catalog.film(item), score, reason, expected)

    def to_frame(self) -> pl.DataFrame:
        """Columns rank, item_id, title, year, genres, score, expected, low, high, reason.

        `expected` is in stars, `low` and `high` are its 80% interval; they are null where the model
        predicts no ratings. For a group, `place_NAME` is the place of the film in the list of each
        member, and `stars_NAME` the rating expected from them. Polars cuts long texts in print:
        `pl.Config(fmt_str_lengths=200)`.
        """
        lines = list(self)
        frame = pl.DataFrame(
            {
                "rank": [line.rank for line in lines],
                "item_id": [line.film.id for line in lines],
                "title": [line.film.title for line in lines],
                "year": [line.film.year for line in lines],
                "genres": [", ".join(line.film.genres) for line in lines],
                "score": [line.score for line in lines],
                "expected": [line.expected and line.expected.stars for line in lines],
                "low": [line.expected and line.expected.low for line in lines],
                "high": [line.expected and line.expected.high for line in lines],
                "reason": [line.reason.text() for line in lines],
            },
            schema_overrides=_TYPES,
        )
        return frame.with_columns(*self._members())

    def _members(self) -> Iterator[pl.Series]:
        for each in zip(*(reason.members for reason in self.reasons), strict=True):
            name = each[0].name
            yield pl.Series(f"place_{name}", [one.place for one in each], dtype=pl.Int32)
            if each[0].stars is not None:
                yield pl.Series(f"stars_{name}", [one.stars for one in each], dtype=pl.Float32)

    def __repr__(self) -> str:
        return f"Ranking of {ranking_text(self)}"

    def _repr_html_(self) -> str:
        return ranking_html(self)


def _frozen(column: NDArray[_Number]) -> NDArray[_Number]:
    """A copy that cannot be written to: models remember what they computed of a query."""
    copy = column.copy()
    copy.flags.writeable = False
    return copy
