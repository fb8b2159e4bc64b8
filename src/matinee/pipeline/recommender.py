"""The recommender: a fitted model with its films, which answers viewers.

Viewers and films come as people name them: a viewer as an id of the data set, a mapping of films to
ratings or a `Query`; a film as its id or title. Inside, they are queries and rows of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import genre_matrix, genre_overlap
from matinee.data import (
    Catalog,
    Constraints,
    Dataset,
    Expected,
    Film,
    Query,
    Ranking,
    Reason,
    ReasonFilm,
)
from matinee.data.checks import require_within
from matinee.data.constraints.conditions import allowed, conditions, lacking
from matinee.data.constraints.relaxation import offers
from matinee.data.titles.index import TitleIndex
from matinee.display.figure import figure
from matinee.errors import InputError
from matinee.models import Model, require_predictions
from matinee.pipeline.batch import lists_in_blocks
from matinee.pipeline.best import best
from matinee.pipeline.copies import Copies
from matinee.pipeline.critique import critique
from matinee.pipeline.expected import expected, predicted
from matinee.pipeline.facts import facts_that_meet, shared_facts
from matinee.pipeline.reasons import explain_each
from matinee.pipeline.similarity_map import similarity_chart, similarity_map

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Recommender", "Viewer"]

Viewer = Query | str | int | Mapping[str | int, float]
"""A viewer: a query, an id of the data set, or ratings by title or id."""

_GENRE_WEIGHT = 2.0
"""Sharing all genres triples a similarity; sharing none leaves it."""


@dataclass(frozen=True, eq=False)
class Recommender:
    """Scores films, leaves out those the viewer has seen, ranks and explains the rest.

    A film that the catalogue lists under several ids (see `Catalog.first_rows`) is seen under each
    of them, and stands once in a list.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
        scale: lowest and highest rating of its data; `None` if unknown.
        data: the data set whose viewers can be named by id; `None` if there is none.
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"
    scale: tuple[float, float] | None = None
    data: Dataset | None = field(default=None, repr=False)

    def recommend(
        self,
        viewer: Viewer,
        n: int | None = None,
        *,
        where: Constraints | str | None = None,
        among: Iterable[str | int] | None = None,
        diverse: float | None = None,
    ) -> Ranking:
        """The best films outside the history that meet the constraints.

        Args:
            viewer: an id, a query, or ratings by title.
            n: how many films at most; that of the query, or 10.
            where: conditions on films in text, "comedy under 2 hours", or as `Constraints`.
            among: titles or ids of the only films to recommend.
            diverse: from 0 to 1, see `Query.diverse`.

        Raises:
            UnknownNameError: no such viewer or film; suggests similar ones.
            InputError: a number out of bounds, a history over other films, a condition that cannot
                be read, or one that this catalogue cannot decide.
        """
        query = self.query(viewer)
        changes: dict[str, Any] = {}
        if n is not None:
            changes["n"] = n
        if where is not None:
            changes["constraints"] = Constraints.parse(where) if isinstance(where, str) else where
        if among is not None:
            changes["among"] = self._rows(among)
        if diverse is not None:
            changes["diverse"] = diverse
        return self._ranking(replace(query, **changes) if changes else query)

    def _ranking(self, query: Query) -> Ranking:
        scores = self.model.score(query).astype(np.float32, copy=True)
        scores[query.items] = -np.inf
        require_within(query.exclude, len(scores), "exclude")
        scores[query.exclude] = -np.inf
        if query.among is not None:
            require_within(query.among, len(scores), "among")
            others = np.ones(len(scores), dtype=np.bool_)
            others[query.among] = False
            scores[others] = -np.inf
        constraints = query.constraints or Constraints()
        rules = conditions(constraints.terms, self.catalog)
        meets = allowed(rules, len(self.catalog))
        if self.copies:
            scores[self.copies.of(np.concatenate([query.items, query.exclude]))] = -np.inf
            scores[self.copies.worse(scores, meets)] = -np.inf
        before = scores > -np.inf
        scores[~meets] = -np.inf
        items = best(scores, query.n)
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=self._reasons(query, constraints, items),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
            relaxations=offers(constraints, rules, before, query.n) if len(items) < query.n else (),
            lacking=lacking(rules, before),
            expected=expected(self.model, query, items),
        )

    def recommend_all(
        self,
        n: int = 10,
        *,
        where: Constraints | str | None = None,
        among: Iterable[str | int] | None = None,
    ) -> pl.DataFrame:
        """The `n` best unseen films of every viewer of the data set, best first.

        Columns: user, rank (from 1), item, title, score, model, version. `where` and `among` are
        those of `recommend`.

        Raises:
            InputError: there is no data set, or as `recommend`.
        """
        blocks = lists_in_blocks(self, self._data().interactions, n)
        return pl.concat(list(blocks))

    def predict(self, viewer: Viewer, film: str | int, *, time: int = 0) -> Expected:
        """The rating to expect from a viewer for a film, in stars, with an 80% interval.

        Args:
            viewer: an id, a query, or ratings by title.
            film: its id or title.
            time: of the rating, in Unix seconds; 0 if unknown.

        Raises:
            UnknownNameError: no such viewer or film; suggests similar ones.
            InputError: the model only ranks.
        """
        require_predictions(type(self.model))
        rows = np.array([self.row(film)], dtype=np.int32)
        return predicted(self.model, self.query(viewer), rows, time)[0]

    def similar(self, film: str | int, n: int = 10, *, but: str | Sequence[str] = ()) -> Ranking:
        """The `n` films most similar to one, without itself.

        Args:
            film: its id or title.
            n: how many films at most.
            but: critiques that they must meet: "shorter", "newer", "lighter" (see `CRITIQUES`).

        Raises:
            UnknownNameError: no such film or critique; suggests similar ones.
            InputError: `n` is not positive, the model computes no similarities, or the film lacks a
                fact that a critique starts from.
        """
        row = self.row(film)
        if but:
            return critique(row, but, self, n)
        return self.rank_similar(row, self.similarities(row), n)

    def query(self, viewer: Viewer) -> Query:
        """A viewer as a query over the films of this recommender.

        Raises:
            UnknownNameError: no such viewer or film.
            InputError: an id without a data set, or a query over the films of other data.
        """
        if isinstance(viewer, Mapping):
            return Query.of_films(viewer, self.titles, self.scale)
        if not isinstance(viewer, Query):
            return self._data().viewer(viewer)
        if viewer.titles is not None:
            self._require_films(viewer.titles.catalog)
        return viewer

    def row(self, film: str | int) -> int:
        """Row of one film, by id or title (see `TitleIndex.find`)."""
        return self.titles.find(film)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title, indexed at the first look-up."""
        return TitleIndex(self.catalog)

    def _rows(self, films: Iterable[str | int]) -> NDArray[np.int32]:
        if isinstance(films, str):
            raise InputError(f"a list of films is needed, as [{films!r}], not one text")
        return np.array([self.row(each) for each in films], dtype=np.int32)

    def _data(self) -> Dataset:
        if self.data is None:
            raise InputError(
                "this recommender has no data set, so viewers have no ids; open it with one, "
                "matinee.open(path, data), or name ratings by title, {'Toy Story': 5}"
            )
        return self.data

    def _require_films(self, other: Catalog) -> None:
        ids, others = self.catalog.item_ids, other.item_ids
        if ids is not others and not np.array_equal(ids.ids, others.ids):
            raise InputError(
                f"the history is over the {len(other):,} films of another data set than the "
                f"{len(self.catalog):,} of this recommender; make it from the same data set"
            )

    def similarities(self, item: int) -> NDArray[np.float32]:
        """`float32[n_items]`: the similarity of every film to one, itself included.

        If the model learns from ratings alone, shared genres raise similarities: films that the
        same people like are not always films a person calls similar.

        Raises:
            InputError: the model computes no similarities.
        """
        scores: NDArray[np.float32] = self.model.similar(np.array([item]))[0]
        if not self.model.reads_catalog:
            overlap = genre_overlap(self._genres, item)
            scores = np.where(scores > 0, scores * (1 + _GENRE_WEIGHT * overlap), scores)
        return scores

    def rank_similar(
        self,
        item: int,
        scores: NDArray[np.float32],
        n: int,
        facts: Callable[[Film], tuple[str, ...]] = lambda _: (),
    ) -> Ranking:
        """Other films by their similarity to the one in row `item`, with `facts` in the reasons.

        `scores`, `float32[n_items]`, are overwritten.
        """
        scores[item] = -np.inf
        if self.copies:
            scores[self.copies.of(np.array([item]))] = -np.inf
            scores[self.copies.worse(scores)] = -np.inf
        items = best(scores, n)
        source = self.catalog.film(item)
        compared = (ReasonFilm(source.id, source.label),)
        films = [self.catalog.film(row) for row in items.tolist()]
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=tuple(
                Reason("similar", compared, facts(film), shared_facts(source, film))
                for film in films
            ),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
        )

    @cached_property
    def copies(self) -> Copies:
        """The films that the catalogue lists under several ids."""
        return Copies(self.catalog)

    def _reasons(
        self, query: Query, constraints: Constraints, items: NDArray[np.integer]
    ) -> tuple[Reason, ...]:
        reasons = explain_each(self.model, self.catalog, query, items, self.scale)
        if not constraints:
            return tuple(reasons)
        return tuple(
            replace(reason, facts=facts_that_meet(constraints, self.catalog.film(item)))
            for reason, item in zip(reasons, items.tolist(), strict=True)
        )

    @cached_property
    def _genres(self) -> sp.csr_array:
        return genre_matrix(self.catalog.genres)

    def plot_similar(self, films: Iterable[str | int]) -> Figure:
        """A Plotly heat map of how similar some films are to each other by the model, up to 30.

        See `similarity_map` for the numbers: genres are not mixed in, unlike in `similar`.

        Args:
            films: titles or ids.

        Raises:
            UnknownNameError: no such film; suggests similar ones.
            InputError: fewer than two films or more than 30, one of them twice, or the model
                computes no similarities.
            FailureError: Plotly is not installed.
        """
        rows = self._rows(films)
        labels = [film.label for film in self.catalog.films(rows)]
        return figure([similarity_chart(similarity_map(self.model, rows), labels, self.model.name)])

    def __repr__(self) -> str:
        return f"Recommender: {self.model!r}, version {self.version[:12]}"
