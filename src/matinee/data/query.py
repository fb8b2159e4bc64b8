"""What is asked of a recommender, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.constraints import Constraints, Lacking, Relaxation
from matinee.data.interactions import Interactions
from matinee.data.reason import Reason

__all__ = ["Expected", "Query", "Ranking", "Recommendation"]


def _no_rows() -> NDArray[np.int32]:
    return np.empty(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Query:
    """One viewer, as far as a model may know them, and what they want.

    Attributes:
        items: `int32[h]`, rows of the films in the history, oldest first, each once.
        values: `float32[h]`, their ratings in stars.
        times: `int64[h]`, Unix seconds; 0 where unknown, as all are where none are given.
        exclude: `int32[m]`, rows never to recommend, beside the history itself.
        constraints: what every recommended film must meet; `None` for anything.
        n: how many films to recommend at most.
        now: Unix seconds of the request; 0 where unknown.
        seed: for models and pipelines that draw.
        attributes: what is known of the viewer besides, "column=value" (see `attribute_words`).
    """

    items: NDArray[np.int32] = field(default_factory=_no_rows)
    values: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    times: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    exclude: NDArray[np.int32] = field(default_factory=_no_rows)
    constraints: Constraints | None = None
    n: int = 10
    now: int = 0
    seed: int = 0
    attributes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Times that nobody gave are unknown ones."""
        if not len(self.times):
            object.__setattr__(self, "times", np.zeros(len(self.items), dtype=np.int64))

    @classmethod
    def of(cls, history: Interactions, n: int = 10) -> Query:
        """A query from one viewer's interactions, as `Interactions.history` returns them."""
        return cls(items=history.items, values=history.values, times=history.times, n=n)

    def __len__(self) -> int:
        """How many films the history has."""
        return len(self.items)


@dataclass(frozen=True)
class Expected:
    """The rating that a viewer is expected to give a film.

    Attributes:
        stars: on the scale of the data.
        low: lower end of the 80% prediction interval; `None` where the model does not say.
        high: upper end.
    """

    stars: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        bounds = "" if self.low is None else f" ({self.low:.1f}-{self.high:.1f})"
        return f"{self.stars:.1f}{bounds}"


@dataclass(frozen=True)
class Recommendation:
    """One line of a ranking; what is expected where the model predicts ratings."""

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
        scores: `float32[n]`, not increasing; only their order means something, unless the model
            predicts ratings.
        reasons: one for each film.
        catalog: where the rows lead.
        model: name of the model that scored.
        version: which fit of it: the artefact's content hash, or "unsaved".
        relaxations: where the constraints left fewer films than asked for, the smallest changes of
            them that leave enough, the smallest first; none has been applied.
        lacking: films left out by constraints only since a fact of them is not known.
        expected: one for each film, where the model predicts ratings and knows the viewer.
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
