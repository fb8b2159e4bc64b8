"""Implicit alternating least squares: every film not seen is a weak no."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import (
    damped_popularity,
    or_prior,
    require_likes,
    weighted_histories,
)
from matinee.models._shared.likeness import cosine_rows
from matinee.models._shared.ridge import ridge_solve

__all__ = ["Ials", "IalsConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of a film's factors at the start, over the root of their number."""
_SETTLING_STEPS = 12
"""Steps of conjugate gradients that place viewers before a fit goes on where an earlier ended."""


class IalsConfig(Config):
    """Options of `Ials`."""

    factors: PositiveInt = 64
    """Numbers that describe a film, and a viewer."""
    iterations: PositiveInt = 15
    """Times to solve for all viewers and then for all films."""
    unobserved_weight: PositiveFloat = Field(0.1, json_schema_extra=search(0.2, 0.3))
    """How much a film that was not seen counts as a no, against 1 for a like."""
    l2: PositiveFloat = Field(0.02, json_schema_extra=search(0.005, 0.01, 0.02))
    """Penalty of the factors for each film of a viewer, each viewer of a film (and, by
    `unobserved_weight`, for each that is not)."""
    solver_steps: PositiveInt = 3
    """Steps of conjugate gradients in each solve; more are slower and hardly better."""
    like_from: float = 0.0
    """Ratings below it are dislikes: films that were seen and should score 0."""
    dislike_weight: NonNegativeFloat = 0.3
    """How much a dislike counts as a no beyond `unobserved_weight`, against 1 for a like."""
    min_rating: float = 0.0
    """Ratings below it do not count at all, in training and in a history."""


class Ials(Model):
    """Implicit matrix factorisation (Hu, Koren & Volinsky 2008) as revisited by Rendle et al. 2021.

    "Collaborative filtering for implicit feedback datasets", ICDM 2008, and "Revisiting the
    performance of iALS on item recommendation benchmarks", RecSys 2022: likes should score 1,
    everything else 0 with a small weight, and the penalty grows with the number of likes. Only
    the films' factors are kept; a viewer's are the same least squares solved for their history.

    Beyond the papers, dislikes may be told from films that were not seen, and a fit may start from
    an earlier one.
    """

    Config: ClassVar[type[Config]] = IalsConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        start = rng.standard_normal((interactions.n_items, config.factors), dtype=np.float32)
        start *= np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        return self._fit_from(start, None, interactions)

    def fit_from(
        self,
        earlier: Ials,
        earlier_ids: Vocabulary,
        interactions: Interactions,
        catalog: Catalog,
        *,
        rng: np.random.Generator,
    ) -> Self:
        """`fit` that starts where an earlier one ended, so that few iterations are enough.

        Films that both know, by id, start with the earlier factors, others as always, and viewers
        as the earlier fit would fold them in.

        Args:
            earlier: a fitted model; it is left as it is.
            earlier_ids: the films it was fitted on.
            interactions: what is known by now.
            catalog: the films of `interactions`.
            rng: for the factors of new films.

        Raises:
            InputError: the two have different numbers of factors, or the earlier model was fitted
                on another number of films than `earlier_ids` has.
        """
        factors = earlier.arrays["item_factors"]
        if factors.shape[1] != self.config.factors:
            raise InputError(
                f"the earlier fit has {factors.shape[1]} factors and this one "
                f"{self.config.factors}; give both the same option factors"
            )
        if len(factors) != len(earlier_ids):
            raise InputError(
                f"the earlier fit knows {len(factors):,} films and earlier_ids {len(earlier_ids):,}"
                "; pass the item_ids it was fitted with"
            )
        start = rng.standard_normal((interactions.n_items, factors.shape[1]), dtype=np.float32)
        start *= np.float32(_INITIAL_SPREAD / np.sqrt(factors.shape[1]))
        order = np.argsort(earlier_ids.ids)
        places = np.searchsorted(earlier_ids.ids, interactions.item_ids.ids, sorter=order)
        rows = order[np.minimum(places, len(order) - 1)]
        both = earlier_ids.ids[rows] == interactions.item_ids.ids
        start[both] = factors[rows[both]]
        return self._fit_from(start, both, interactions)

    def score(self, query: Query) -> NDArray[np.float32]:
        features, targets, penalty = self._least_squares(query)
        own = ridge_solve(features, targets, penalty).astype(np.float32)
        return or_prior(self.arrays["item_factors"] @ own, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return or_prior(own @ factors.T, self.arrays["prior"])

    def factors(self, histories: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  brings numba

        factors, gram = self.arrays["item_factors"], self.arrays["gram"]
        side = self._side(self._signed(histories))
        features = self._seen(side, factors)
        targets = side.targets
        if targets is None:
            targets = np.ones(len(side.columns), dtype=np.float32)
        own = fold_in(side.indptr, side.columns, targets, features, gram, side.ridge)
        return own, factors

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        return self.contributions_to(query, np.array([item]))[0]

    def contributions_to(
        self, query: Query, items: NDArray[np.integer]
    ) -> list[NDArray[np.float32] | None]:
        # factors of a viewer are linear in the targets of the history (Hu et al., section 5)
        features, targets, penalty = self._least_squares(query)
        own = ridge_solve(features, np.diag(targets), penalty)
        parts = np.zeros((len(items), len(query)), dtype=np.float32)
        parts[:, self._signs(query.values) != 0] = self.arrays["item_factors"][items] @ own
        return [row if row.any() else None for row in parts]

    def _fit_from(
        self,
        start: NDArray[np.float32],
        known: NDArray[np.bool_] | None,
        interactions: Interactions,
    ) -> Self:
        """Alternates from films' factors; those of `known` films, if any, place the viewers."""
        from matinee.kernels.alternate import gram  # noqa: PLC0415  brings numba
        from matinee.kernels.turn import turned  # noqa: PLC0415  likewise

        require_likes(interactions, self.config.min_rating)
        signed = self._signed(interactions.matrix)
        if not (signed.data > 0).any():
            raise InputError(
                f"every rating is below {self.config.like_from:g}, so there are only dislikes to "
                "learn from; lower like_from"
            )
        sides = self._side(signed), self._side(turned(signed))
        items, users = start, np.zeros((signed.shape[0], start.shape[1]), dtype=np.float32)
        if known is not None:
            settled = np.where(known[:, None], items, np.float32(0))
            self._improve(sides[0], settled, users, _SETTLING_STEPS)
        for _ in range(self.config.iterations):
            self._improve(sides[0], items, users, self.config.solver_steps)
            self._improve(sides[1], users, items, self.config.solver_steps)
        self.arrays["item_factors"] = items
        self.arrays["gram"] = gram(items, self.config.unobserved_weight).astype(np.float64)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def _improve(
        self,
        side: _Side,
        fixed: NDArray[np.float32],
        moving: NDArray[np.float32],
        steps: int,
    ) -> None:
        """Moves the factors of one side some steps towards its least squares, in place."""
        from matinee.kernels.alternate import gram, improve  # noqa: PLC0415  brings numba

        improve(
            side.indptr,
            side.columns,
            side.cuts,
            self._seen(side, fixed),
            gram(fixed, self.config.unobserved_weight),
            side.ridge.astype(np.float32),
            moving,
            steps,
            side.targets,
        )

    def _signs(self, ratings: NDArray[np.float32]) -> NDArray[np.int8]:
        """1 for a like, -1 for a dislike, 0 for what does not count, `int8[n]`."""
        signs = np.ones(len(ratings), dtype=np.int8)
        signs[ratings < self.config.like_from] = -1
        signs[~(ratings >= self.config.min_rating)] = 0
        return signs

    def _signed(self, ratings: sp.csr_array) -> sp.csr_array:
        return weighted_histories(ratings, self._signs(ratings.data))

    def _side(self, signed: sp.csr_array) -> _Side:
        from matinee.kernels.alternate import balanced  # noqa: PLC0415  brings numba

        n = signed.shape[1]
        disliked = signed.data < 0
        columns, targets = signed.indices, None
        counts = np.diff(signed.indptr).astype(np.float64)
        if disliked.any():
            columns = np.where(disliked, columns + n, columns).astype(np.int32)
            targets = np.where(disliked, np.float32(0), np.float32(1))
            weights = np.where(disliked, self.config.dislike_weight, 1.0)
            before = np.concatenate([[0.0], np.cumsum(weights)])
            counts = np.diff(before[signed.indptr])
        cuts = balanced(signed.indptr)
        return _Side(signed.indptr, columns, targets, self._ridge(counts, n), cuts)

    def _seen(self, side: _Side, factors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The factors that columns of a side lead to: those of dislikes times their weight's root.

        Least squares with weights are plain ones over rows and targets times the weights' roots.
        """
        if side.targets is None:
            return factors
        return np.concatenate([factors, factors * np.float32(self.config.dislike_weight**0.5)])

    def _least_squares(
        self, query: Query
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
        """Features, targets and penalty of one history, as `ridge_solve` takes them."""
        signs = self._signs(query.values)
        items, signs = query.items[signs != 0], signs[signs != 0]
        weights = np.where(signs < 0, self.config.dislike_weight, 1.0)
        features = self.arrays["item_factors"][items] * np.sqrt(weights)[:, None]
        gram = self.arrays["gram"]
        ridge = self._ridge(weights.sum(), len(self.arrays["prior"]))
        penalty: NDArray[np.float64] = gram + ridge * np.eye(len(gram))
        return features, np.maximum(signs, np.float32(0)), penalty

    def _ridge(self, counts: NDArray[np.floating], others: int) -> NDArray[np.float64]:
        penalty: NDArray[np.float64] = self.config.l2 * (
            counts + self.config.unobserved_weight * others
        )
        return penalty


class _Side(NamedTuple):
    """The least squares of viewers or of films.

    Attributes:
        indptr: `int32[n + 1]`, where the likes and dislikes of each begin.
        columns: `int32[nnz]`, what they are of, from `m` on for dislikes; see `Ials._seen`.
        targets: `float32[nnz]`, 1 for a like, 0 for a dislike; `None` where there are likes alone.
        ridge: `float64[n]`, penalty of each.
        cuts: runs of about equal work, see `kernels.alternate.balanced`.
    """

    indptr: NDArray[np.int32]
    columns: NDArray[np.int32]
    targets: NDArray[np.float32] | None
    ridge: NDArray[np.float64]
    cuts: NDArray[np.int64]
