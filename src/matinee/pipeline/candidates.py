"""The films that can be recommended in answer to a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Query
from matinee.data.checks import require_within
from matinee.data.constraints.conditions import Condition, allowed, conditions
from matinee.pipeline.copies import Copies

__all__ = ["Candidates"]

_NO_CONSTRAINTS = Constraints()
"""Made once: checking no conditions would take as long as ranking the films."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Films that were not seen, are not excluded, and meet the conditions; each film once.

    Attributes:
        films: `bool[n_items]`.
        first: `bool[n_items]`, those of `films` to list before the others; `None` for no order.
        unseen: `bool[n_items]`, the same without the conditions.
        constraints: the conditions.
        rules: the conditions, evaluated for every film.
    """

    films: NDArray[np.bool_]
    first: NDArray[np.bool_] | None
    unseen: NDArray[np.bool_]
    constraints: Constraints
    rules: tuple[Condition, ...]

    @classmethod
    def of(
        cls, query: Query, scores: NDArray[np.floating], catalog: Catalog, copies: Copies
    ) -> Self:
        """The candidates of a query; of several rows of one film, the one with the best score.

        Raises:
            UnknownNameError: a name in the conditions that no film has.
            InputError: a row that is no film, or a fact that is unknown for every film.
        """
        unseen = np.ones(len(scores), dtype=np.bool_)
        require_within(query.exclude, len(scores), "exclude")
        require_within(query.dismissed, len(scores), "dismissed")
        if query.among is not None:
            require_within(query.among, len(scores), "among")
            unseen[:] = False
            unseen[query.among] = True
        seen = query.seen
        unseen[seen] = False
        constraints = query.constraints or _NO_CONSTRAINTS
        rules = conditions(constraints.terms, catalog)
        meets = allowed(rules, len(catalog))
        if copies:
            unseen[copies.of(seen)] = False
            possible = np.where(unseen, scores, -np.inf).astype(np.float32)
            unseen[copies.worse(possible, meets)] = False
        films, preferred = unseen & meets, constraints.preferred(catalog)
        first = None if preferred is None else films & preferred
        return cls(films, first, unseen, constraints, rules)

    @property
    def count(self) -> int:
        """How many films can be recommended."""
        return int(np.count_nonzero(self.films))

    def within(self, n: int) -> NDArray[np.bool_]:
        """`bool[n_items]`: the films of a list of `n`: those to list first, if they fill it."""
        if self.first is not None and np.count_nonzero(self.first) >= n:
            return self.first
        return self.films

    def rank(self, item: int, scores: NDArray[np.floating]) -> int | None:
        """Place of the film in row `item` among the candidates, from 1; `None` if it is not one.

        Films to list first come before all others, and equal scores are in the order of rows.
        """
        if not self.films[item]:
            return None
        alike, ahead = self.films, 0
        if self.first is not None:
            alike = self.first if self.first[item] else self.films & ~self.first
            ahead = 0 if self.first[item] else int(np.count_nonzero(self.first))
        better = np.count_nonzero(alike & (scores > scores[item]))
        equal = np.count_nonzero(alike[:item] & (scores[:item] == scores[item]))
        return int(ahead + better + equal) + 1
