"""How good lists of similar films are: parts of a series, tags, seasons, 100 films judged by hand.

Every measurement gives one number a film, NaN where it says nothing, so that means have intervals.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import scipy.sparse as sp
from benchmarks.similar_films.series import Parts, series_by_plots, series_by_titles
from numpy.typing import NDArray

from matinee.content.description import tfidf
from matinee.data import Catalog, Dataset
from matinee.data.titles.index import TitleIndex

__all__ = ["JUDGEMENTS", "LENGTH", "Judgement", "Measurements", "best_ten", "judgements", "tags_of"]

LENGTH = 10
"""Films of a list."""
JUDGEMENTS = Path(__file__).parent / "judgements.toml"
_LEAST_RATINGS = 3
"""Ratings that a film needs to have its similar films measured, or to be one of them."""
_LEAST_TAGS = 3
_SEASON = 1
"""Years around a film's own."""

Scores = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""Rows of films -> similarities of all films to them, `float32[len(rows), n_items]`."""


@dataclass(frozen=True)
class Judgement:
    """A film, films that certainly are similar to it, and films that certainly are not, by row."""

    film: int
    similar: frozenset[int]
    different: frozenset[int]


@dataclass(frozen=True, eq=False)
class Measurements:
    """Everything lists are held against.

    Attributes:
        years: `int[n_items]`, 0 if unknown.
        series: parts of a series by title rules.
        named_series: the same by what plots say; empty without plots.
        judged: films judged by hand.
        tags: sparse `float32[n_items, n_tags]`, TF-IDF rows of length 1; empty without tags.
        tagged: rows of the films with three different tags or more.
    """

    years: NDArray[np.integer]
    series: Parts
    named_series: Parts = field(default_factory=dict)
    judged: tuple[Judgement, ...] = ()
    tags: sp.csr_array | None = None
    tagged: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        *,
        plots: Catalog | None = None,
        tags: Path | None = None,
        judged: bool = False,
    ) -> Measurements:
        """Those of a data set.

        Args:
            dataset: films with fewer than three ratings are not asked for; without ratings all are.
            plots: a catalogue with the same rows and overviews, for `named_series`.
            tags: MovieLens's file of tags.
            judged: whether the films judged by hand are in the data.
        """
        rated = np.bincount(dataset.interactions.items, minlength=len(dataset.catalog))
        least = _LEAST_RATINGS if len(dataset.interactions) else 0
        known = frozenset(np.flatnonzero(rated >= least).tolist())
        lists = tags_of(dataset.catalog, tags) if tags else []
        return cls(
            years=dataset.catalog.years.astype(np.int64),
            series=_among(series_by_titles(dataset.catalog), known),
            named_series=_among(series_by_plots(plots), known) if plots else {},
            judged=judgements(dataset.titles) if judged else (),
            tags=tfidf(lists) if tags else None,
            tagged=known.intersection(
                row for row, each in enumerate(lists) if len(each) >= _LEAST_TAGS
            ),
        )

    @property
    def films(self) -> NDArray[np.int64]:
        """Rows of all films that some measurement asks for."""
        judged = (each.film for each in self.judged)
        rows = {*self.series, *self.named_series, *judged, *self.tagged}
        return np.array(sorted(rows), np.int64)

    def measure(self, scores: Scores) -> dict[str, NDArray[np.float64]]:
        """Measurement -> values in the order of `films`.

        "series" and "named series" are recall of the other parts among ten; "similar" that of the
        films judged similar; "different" counts those judged different; "tags" is the mean cosine
        of the tags of the film and of the ten, 0 for those without tags; "season" is the share of
        the ten from within a year.
        """
        films = self.films
        values = {name: np.full(len(films), np.nan) for name in self._names}
        judged = {each.film: each for each in self.judged}
        for place, film, own in _each(scores, films):
            ten = best_ten(own, film)
            values["season"][place] = np.mean(
                np.abs(self.years[ten] - self.years[film]) <= _SEASON, dtype=np.float64
            )
            for name, parts in (("series", self.series), ("named series", self.named_series)):
                if film in parts:
                    values[name][place] = _recall(ten, parts[film])
            if film in judged:
                values["similar"][place] = _recall(ten, judged[film].similar)
                values["different"][place] = len(judged[film].different.intersection(ten.tolist()))
            if self.tags is not None and film in self.tagged:
                agreement = (self.tags[[film]] @ self.tags[ten].T).sum()
                values["tags"][place] = agreement / LENGTH
        return values

    @property
    def _names(self) -> tuple[str, ...]:
        return ("series", "named series", "similar", "different", "tags", "season")


def judgements(titles: TitleIndex, file: Path = JUDGEMENTS) -> tuple[Judgement, ...]:
    """The films judged by hand, by row.

    Raises:
        UnknownNameError: a film is not in the catalogue.
    """
    named: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
        file.read_text(encoding="utf-8")
    )
    return tuple(
        Judgement(
            titles.find(film),
            frozenset(titles.find(each) for each in lists["similar"]),
            frozenset(titles.find(each) for each in lists["different"]),
        )
        for film, lists in named.items()
    )


def tags_of(catalog: Catalog, file: Path) -> list[list[str]]:
    """The different tags of every film, in lower case."""
    tags = pl.read_csv(file, columns=["movieId", "tag"], schema_overrides={"movieId": pl.String})
    of_film: dict[str, set[str]] = {}
    for item_id, tag in tags.iter_rows():
        of_film.setdefault(item_id, set()).add(tag.strip().lower())
    return [sorted(of_film.get(each, ())) for each in catalog.item_ids.ids.tolist()]


def best_ten(scores: NDArray[np.float32], film: int) -> NDArray[np.int64]:
    """The ten films of highest scores without the film itself, ties by row."""
    others = scores.astype(np.float64)
    others[film] = -np.inf
    return np.argsort(-others, kind="stable")[:LENGTH]


def _each(
    scores: Scores, films: NDArray[np.int64], size: int = 128
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    for start in range(0, len(films), size):
        block = films[start : start + size]
        for place, own in enumerate(scores(block)):
            yield start + place, int(block[place]), own


def _recall(ten: NDArray[np.int64], wanted: frozenset[int]) -> float:
    return len(wanted.intersection(ten.tolist())) / min(LENGTH, len(wanted))


def _among(parts: Parts, known: frozenset[int]) -> Parts:
    return {row: rest for row in parts if row in known and (rest := parts[row] & known)}
