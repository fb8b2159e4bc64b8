"""Queries to a recommender, and its rankings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.checks import film_rows, rating_values, seconds, whole_number
from matinee.data.constraints import Constraints, Lacking, Relaxation
from matinee.data.interactions import Interactions
from matinee.data.reason import Reason
from matinee.errors import InputError

__all__ = ["Expected", "Query", "Ranking", "Recommendation"]


@dataclass(frozen=True, eq=False)
class Query:
    """The history and attributes of one viewer, and what they want.

    Attributes:
        items: `int32[h]`, rows of the films in the history, oldest first, each once.
        values: `float32[h]`, their ratings in stars.
        times: `int64[h]`, Unix seconds; 0 where unknown. The default is zeros.
        exclude: `int32[m]`, rows not to recommend, in addition to the history.
        constraints: conditions that every recommended film meets.
        n: number of films to recommend, at most.
        now: Unix seconds of the request; 0 if unknown.
        seed: for models and pipelines that draw.
        attributes: "column=value" (see `attribute_words`).

    Lists are taken as well as arrays.

    Raises:
        InputError: a column is not of such numbers, or the columns of the history differ in length.
    """

    items: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    values: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    times: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    exclude: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    constraints: Constraints | None = None
    n: int = 10
    now: int = 0
    seed: int = 0
    attributes: tuple[str, ...] = ()

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
        exclude = film_rows(self.exclude, "exclude")
        for name, column in (
            *(("items", items), ("values", values)),
            *(("times", times), ("exclude", exclude)),
        ):
            object.__setattr__(self, name, column)
        for name in ("n", "now", "seed"):
            object.__setattr__(self, name, whole_number(getattr(self, name), name))

    @classmethod
    def of(cls, history: Interactions, n: int = 10) -> Query:
        """A query of one viewer's interactions, as `Interactions.history` returns them."""
        return cls(items=history.items, values=history.values, times=history.times, n=n)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Expected:
    """The expected rating of a film, and the 80% prediction interval if the model has any."""

    stars: float
    low: float | None = None
    high: float | None = None

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
        scores: `float32[n]`, descending; only their order has a meaning, unless the model predicts
            ratings.
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
        """Columns rank, item_id, title, year, genres, score, reason."""
        lines = list(self)
        return pl.DataFrame(
            {
                "rank": [line.rank for line in lines],
                "item_id": [line.film.id for line in lines],
                "title": [line.film.title for line in lines],
                "year": [line.film.year for line in lines],
                "genres": [", ".join(line.film.genres) for line in lines],
                "score": [line.score for line in lines],
                "reason": [line.reason.text() for line in lines],
            },
            schema_overrides={"year": pl.Int16, "rank": pl.Int32, "score": pl.Float32},
        )
