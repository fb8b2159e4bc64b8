"""The recommender: a fitted model with its films, which answers viewers.

Viewers and films come as people name them: a viewer as an id of the data set, a mapping of films to
ratings or a `Query`; a film as its id or title. Inside, they are queries and rows of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Constraints, Expected, Query, Ranking
from matinee.data.checks import whole_number
from matinee.display.figure import figure
from matinee.models import require_predictions
from matinee.pipeline.batch import lists_in_blocks
from matinee.pipeline.candidates import Candidates
from matinee.pipeline.constraints import (
    allowed_films,
    preferred_films,
    query_with,
    rows_of_films,
)
from matinee.pipeline.critique import critique
from matinee.pipeline.expected import predicted
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.groups import members_by_name, rank_for_group, require_rule
from matinee.pipeline.listing import choose, ranking_of
from matinee.pipeline.neighbours import similar_users
from matinee.pipeline.pairs import predicted_pairs
from matinee.pipeline.reasons import explain_each
from matinee.pipeline.similar_films import rank_similar, similarities
from matinee.pipeline.similarity_map import similarity_chart, similarity_map
from matinee.pipeline.vectors import item_vectors
from matinee.pipeline.viewers import Viewer, query_of, require_data
from matinee.pipeline.why import Why, why

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Recommender", "Viewer"]


class Recommender(FittedModel):
    """Scores films, leaves out those the viewer has seen, ranks and explains the rest.

    A film that the catalogue lists under several ids (see `Catalog.first_rows`) is seen under each
    of them, and stands once in a list.
    """

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
        query = query_with(
            self.query(viewer), n=n, where=where, among=self._rows(among), diverse=diverse
        )
        return self._ranking(query)

    def recommend_group(
        self,
        viewers: Iterable[Viewer],
        n: int = 10,
        *,
        rule: str = "average",
        where: Constraints | str | None = None,
        among: Iterable[str | int] | None = None,
        diverse: float | None = None,
        names: Sequence[str] = (),
    ) -> Ranking:
        """The best films for several viewers together, among those that none of them has seen.

        A group of one is answered as by `recommend`.

        Args:
            viewers: 1 to 50 of them, by id, query, or ratings by title.
            n: how many films at most.
            rule: "average", "least-misery" or "fair", see `pipeline.groups`.
            where: conditions on films, as in `recommend`.
            among: titles or ids of the only films to recommend.
            diverse: from 0 to 1, see `Query.diverse`.
            names: of the members, for reasons; their ids or "member 2" otherwise.

        Raises:
            UnknownNameError: no such viewer, film or rule; suggests similar ones.
            InputError: a viewer twice, a group that is too large, or as in `recommend`.
        """
        require_rule(rule)
        members = {name: self.query(each) for name, each in members_by_name(viewers, names).items()}
        if len(members) == 1:
            (query,) = members.values()
            return self.recommend(query, n, where=where, among=among, diverse=diverse)
        seen = np.concatenate([each.seen for each in members.values()])
        group = query_with(
            Query(exclude=np.unique(seen)),
            n=n,
            where=where,
            among=self._rows(among),
            diverse=diverse,
        )
        return rank_for_group(self, members, group, rule)

    def _rows(self, films: Iterable[str | int] | None) -> NDArray[np.int32] | None:
        return None if films is None else rows_of_films(films, self.titles)

    def _ranking(self, query: Query) -> Ranking:
        scored = self.score(query)
        scores = scored.total
        films = Candidates.of(query, scores, self.catalog, self.copies)
        items = choose(self, films, scores, query)
        reasons = explain_each(self, query, items, scored.by_model)
        return ranking_of(self, films, items, scores, query, reasons)

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
        allowed_films = self.allowed(where, among)
        first = preferred_films(self.catalog, where)
        blocks = lists_in_blocks(
            self, require_data(self.data).interactions, n, allowed=allowed_films, first=first
        )
        return pl.concat(list(blocks))

    def predict(self, viewer: Viewer, film: str | int, *, time: int = 0) -> Expected:
        """The rating to expect from a viewer for a film, in stars, with an 80% interval.

        Args:
            viewer: an id, a query, or ratings by title.
            film: its id or title.
            time: of the rating, in Unix seconds; 0 if unknown.

        Raises:
            UnknownNameError: no such viewer or film; suggests similar ones.
            InputError: the model only ranks, or its data are counts.
        """
        require_predictions(type(self.model), counts=self.model.counts)
        rows = np.array([self.row(film)], dtype=np.int32)
        return predicted(self.model, self.query(viewer), rows, whole_number(time, "time"))[0]

    def predict_all(
        self, pairs: object, *, columns: Mapping[str, str] | None = None
    ) -> pl.DataFrame:
        """A table of viewers and films, and predicted, low, high; see `predicted_pairs`.

        Args:
            pairs: a path, or a polars or pandas frame, with ids of viewers and ids or titles of
                films, such as `user` and `item`.
            columns: "user" and "item" to columns whose names are not recognised.

        Raises:
            InputError: the model only ranks, its data are counts, or there is no data set.
            DataError: the table cannot be read, or names an unknown viewer or film.
        """
        require_predictions(type(self.model), counts=self.model.counts)
        return predicted_pairs(self.model, require_data(self.data), pairs, columns)

    def why(self, viewer: Viewer, film: str | int) -> Why:
        """Why a film stands where it stands for a viewer: its rank, its reason, what adds to it.

        Args:
            viewer: an id, a query, or ratings by title.
            film: its id or title.

        Raises:
            UnknownNameError: no such viewer or film; suggests similar ones.
            InputError: as `recommend`.
        """
        return why(self, self.query(viewer), self.row(film))

    def item_vectors(self) -> pl.DataFrame:
        """The vectors of all films: item, title, vector; see `pipeline.vectors.item_vectors`.

        Raises:
            InputError: the model has none.
        """
        return item_vectors(self.model, self.catalog)

    def similar_users(self, viewer: Viewer, n: int = 10) -> pl.DataFrame:
        """The `n` viewers of the data set most similar to one: user, similarity, common films.

        A viewer by id is left out of their own list. See `pipeline.neighbours.similar_users`.

        Raises:
            UnknownNameError: no such viewer or film.
            InputError: the model compares no viewers, there is no data set, or `n` is not positive.
        """
        interactions, query = require_data(self.data).interactions, self.query(viewer)
        itself = None if isinstance(viewer, Query | Mapping) else interactions.user_ids.row(viewer)
        return similar_users(self.model, interactions, query, n, itself)

    def similar(self, film: str | int, n: int = 10, *, but: str | Sequence[str] = ()) -> Ranking:
        """The `n` films most similar to one, without itself, whatever the model.

        They are alike in who watched them, and in genres, people, keywords and plot as far as these
        are known (see `FilmSimilarity`). `model.similar` is what the model has learned.

        Args:
            film: its id or title.
            n: how many films at most.
            but: critiques that they must meet: "shorter", "newer", "lighter" (see `CRITIQUES`).

        Raises:
            UnknownNameError: no such film or critique; suggests similar ones.
            InputError: `n` is not positive, or the film lacks a fact that a critique starts from.
        """
        row = self.row(film)
        if but:
            return critique(row, but, self, n)
        return rank_similar(self, row, similarities(self, row), n)

    def query(self, viewer: Viewer) -> Query:
        """A viewer as a query over the films of this recommender.

        Raises:
            UnknownNameError: no such viewer or film.
            InputError: an id without a data set, or a query over the films of other data.
        """
        return query_of(viewer, self)

    def allowed(
        self,
        where: Constraints | str | None = None,
        among: Iterable[str | int] | None = None,
    ) -> NDArray[np.bool_] | None:
        """`bool[n_items]`: the films that `where` and `among` of `recommend` leave; `None` for all.

        Raises:
            UnknownNameError: no such film.
            InputError: a condition that cannot be read, or that this catalogue cannot decide.
        """
        return allowed_films(self.titles, where, among)

    def plot_similar(self, films: Iterable[str | int]) -> Figure:
        """A Plotly heat map of how similar some films are to each other by the model, up to 30.

        See `similarity_map` for the numbers. They are those of the model, unlike in `similar`.

        Args:
            films: titles or ids.

        Raises:
            UnknownNameError: no such film; suggests similar ones.
            InputError: fewer than two films or more than 30, one of them twice, or the model
                computes no similarities.
            FailureError: Plotly is not installed.
        """
        rows = rows_of_films(films, self.titles)
        labels = [film.label for film in self.catalog.films(rows)]
        return figure([similarity_chart(similarity_map(self.model, rows), labels, self.model.name)])

    def __repr__(self) -> str:
        return f"Recommender: {self.model!r}, version {self.version[:12]}"
