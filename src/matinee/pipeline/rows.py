"""Several lists for one viewer from one call of `scores`: the rows of a front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.data import Constraints, Expected, Query, Ranking, Reason
from matinee.pipeline.best import best
from matinee.pipeline.candidates import Candidates
from matinee.pipeline.expected import expected
from matinee.pipeline.facts import facts_that_meet
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.reasons import explain_each
from matinee.pipeline.similar_films import rank_similar, similarities

__all__ = ["Order", "Standing", "ViewerScores"]

_NEAREST = 48
"""Films by their similarity to one from which a viewer's list is made. Further away they are hardly
similar, and fewer would leave a viewer who knows many of them without a list."""


@dataclass(frozen=True, eq=False)
class Order:
    """The films of one list and their order.

    Attributes:
        by: `float32[n_items]`, best first; minus infinity for films that are not in the list.
        kind: where the reasons come from: the viewer's history, the prior, or one film.
        item: row of that film; -1 for other kinds.
        constraints: that all films of the list meet, for the reasons.
    """

    by: NDArray[np.float32]
    kind: Literal["history", "popular", "similar"]
    item: int = -1
    constraints: Constraints = field(default_factory=Constraints)

    def __len__(self) -> int:
        return int(np.count_nonzero(self.by > -np.inf))

    def without(self, films: NDArray[np.bool_]) -> Order:
        """The same list without some films, `bool[n_items]`."""
        return replace(self, by=np.where(films, np.float32(-np.inf), self.by))


@dataclass(frozen=True)
class Standing:
    """Where a film stands for a viewer.

    Attributes:
        rank: its place among the films that can be recommended to them, from 1.
        ranked: how many these are.
        expected: the rating to expect; `None` if the model only ranks.
    """

    rank: int
    ranked: int
    expected: Expected | None


class ViewerScores:
    """All films scored for one viewer, once; lists are cut from the same scores.

    Each list leaves out what the viewer knows and what the query excludes, and has a film that the
    catalogue lists twice once.
    """

    def __init__(self, fitted: FittedModel, query: Query) -> None:
        self._fitted = fitted
        self._query = query
        self._scored = fitted.score(query)
        self._scores = self._scored.total
        self._candidates = Candidates.of(query, self._scores, fitted.catalog, fitted.copies)
        self._films = self._candidates.films

    @property
    def personal(self) -> bool:
        """Whether ratings or dismissals decide; otherwise every viewer gets the same list."""
        model = self._fitted.model
        by_history = model.personal and len(self._query) + len(self._query.dismissed) > 0
        return by_history and not np.array_equal(self._scores, model.arrays["prior"])

    def standing(self, item: int) -> Standing | None:
        """Where the film in row `item` stands; `None` if it cannot be recommended.

        It is what `why` says, without the reasons, which take much longer for a long history.
        """
        rank = self._candidates.rank(item, self._scores)
        if rank is None:
            return None
        stars = expected(self._fitted.model, self._query, np.array([item], dtype=np.int32))
        return Standing(rank, self._candidates.count, next(iter(stars), None))

    def favourites(
        self, among: NDArray[np.bool_] | None = None, constraints: Constraints | None = None
    ) -> Order:
        """The viewer's best films, of all or among some, `bool[n_items]`.

        Raises:
            InputError: the catalogue cannot decide a constraint.
        """
        films = self._films if among is None else self._films & among
        if constraints:
            films = films & constraints.allowed(self._fitted.catalog)
        return Order(_of(films, self._scores), "history", constraints=constraints or Constraints())

    def popular(self, among: NDArray[np.bool_] | None = None) -> Order:
        """The films that the prior ranks first, of all or among some, `bool[n_items]`."""
        films = self._films if among is None else self._films & among
        return Order(_of(films, self._fitted.model.arrays["prior"]), "popular")

    def similar(self, item: int) -> Order:
        """The films most similar to one, ranked for the viewer.

        A Borda count: places by similarity and by the viewer's scores are added, so that a film is
        in front if it is close and likely to be enjoyed.
        """
        near = similarities(self._fitted, item)
        rows = best(_of(self._films & (near > 0), near), _NEAREST)
        places = np.empty(len(rows), dtype=np.float32)
        places[np.argsort(-self._scores[rows], kind="stable")] = np.arange(len(rows))
        by = np.full(len(near), -np.inf, dtype=np.float32)
        by[rows] = 2 * len(rows) - np.arange(len(rows)) - places  # above 0, as similarities are
        return Order(by, "similar", item)

    def rankings(self, orders: Sequence[Order], sizes: Sequence[int]) -> list[Ranking]:
        """The first films of each order; a film is in the first list alone that has it."""
        listed = np.zeros(len(self._scores), dtype=np.bool_)
        cuts = []
        for order, n in zip(orders, sizes, strict=True):
            rest = order.without(listed)
            items = best(rest.by, n)
            listed[items] = True
            listed[self._fitted.copies.of(items)] = True
            cuts.append((rest, items))
        return self._rankings(cuts)

    def page(self, order: Order, n: int, page: int) -> Ranking:
        """Page `page`, from 1, of a list with `n` films on each; empty behind its end."""
        items = best(order.by, n * page)[n * (page - 1) :]
        return self._rankings([(order, items)])[0]

    def _rankings(self, cuts: Sequence[tuple[Order, NDArray[np.int32]]]) -> list[Ranking]:
        """The rankings of some films of each order.

        The films that the history explains are explained together: once is most of the time.
        """
        fitted, query = self._fitted, self._query
        of_history = [items for order, items in cuts if order.kind == "history"]
        together = np.concatenate([np.empty(0, dtype=np.int32), *of_history])
        reasons = iter(explain_each(fitted, query, together, self._scored.by_model))
        stars = iter(expected(fitted.model, query, together))
        rankings = []
        for order, items in cuts:
            if order.kind == "similar":
                rankings.append(self._similar(order, items))
            elif order.kind == "popular":
                rankings.append(self._ranking(order, items, [Reason("popular")] * len(items)))
            else:
                n = len(items)
                own, expectations = list(islice(reasons, n)), tuple(islice(stars, n))
                rankings.append(self._ranking(order, items, own, expectations))
        return rankings

    def _ranking(
        self,
        order: Order,
        items: NDArray[np.int32],
        reasons: Sequence[Reason],
        stars: tuple[Expected, ...] = (),
    ) -> Ranking:
        catalog, model = self._fitted.catalog, self._fitted.model
        if order.constraints:
            reasons = [
                replace(reason, facts=facts_that_meet(order.constraints, catalog.film(item)))
                for reason, item in zip(reasons, items.tolist(), strict=True)
            ]
        return Ranking(
            items=items,
            scores=order.by[items],
            reasons=tuple(reasons),
            catalog=catalog,
            model=model.name,
            version=self._fitted.version,
            expected=stars,
        )

    def _similar(self, order: Order, items: NDArray[np.int32]) -> Ranking:
        only = np.full(len(order.by), -np.inf, dtype=np.float32)
        only[items] = order.by[items]
        return rank_similar(self._fitted, order.item, only, max(len(items), 1))


def _of(films: NDArray[np.bool_], scores: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.where(films, scores, -np.inf).astype(np.float32)
