"""Implicit alternating least squares: every film not seen is a weak no."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
)
from matinee.models._likeness import cosine_rows
from matinee.models._ridge import ridge_solve

__all__ = ["Ials", "IalsConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of a film's factors at the start, over the root of their number."""


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
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Ials(Model):
    """Implicit matrix factorisation (Hu, Koren & Volinsky 2008) as revisited by Rendle et al. 2021.

    "Collaborative filtering for implicit feedback datasets", ICDM 2008, and "Revisiting the
    performance of iALS on item recommendation benchmarks", RecSys 2022: likes should score 1,
    everything else 0 with a small weight, and the penalty grows with the number of likes. Only
    the films' factors are kept; a viewer's are the same least squares solved for their history.
    """

    Config: ClassVar[type[Config]] = IalsConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.alternate import gram  # noqa: PLC0415  brings numba

        by_user = likes(interactions, self.config.min_rating)
        factors = self._alternate(by_user, rng)
        self.arrays["item_factors"] = factors
        self.arrays["gram"] = gram(factors, self.config.unobserved_weight).astype(np.float64)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        factors = self.arrays["item_factors"]
        items = query.items[liked(query, self.config.min_rating)]
        own = ridge_solve(factors[items], np.ones(len(items)), self._penalty(len(items)))
        return or_prior(factors @ own.astype(np.float32), self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return or_prior(own @ factors.T, self.arrays["prior"])

    def factors(self, histories: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  brings numba

        factors = self.arrays["item_factors"]
        kept = liked_histories(histories, self.config.min_rating)
        ridge = self._ridge(np.diff(kept.indptr), len(factors))
        own = fold_in(kept.indptr, kept.indices, kept.data, factors, self.arrays["gram"], ridge)
        return own, factors

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        # factors of a viewer are linear in the films of the history (Hu et al., section 5)
        factors = self.arrays["item_factors"]
        kept = liked(query, self.config.min_rating)
        features = factors[query.items[kept]]
        own = ridge_solve(features, np.eye(len(features)), self._penalty(len(features)))
        parts = np.zeros(len(query), dtype=np.float32)
        parts[kept] = factors[item] @ own
        return parts if parts.any() else None

    def _alternate(self, by_user: sp.csr_array, rng: np.random.Generator) -> NDArray[np.float32]:
        from matinee.kernels.alternate import balanced, gram, improve  # noqa: PLC0415  brings numba

        config = self.config
        by_item = by_user.T.tocsr()
        spread = np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        users = np.zeros((by_user.shape[0], config.factors), dtype=np.float32)
        items = rng.standard_normal((by_user.shape[1], config.factors), dtype=np.float32) * spread
        sides = [
            (
                side,
                balanced(side.indptr),
                self._ridge(np.diff(side.indptr), side.shape[1]).astype(np.float32),
            )
            for side in (by_user, by_item)
        ]
        for _ in range(config.iterations):
            for (side, cuts, ridge), fixed, moving in zip(
                sides, (items, users), (users, items), strict=True
            ):
                common = gram(fixed, config.unobserved_weight)
                improve(
                    side.indptr,
                    side.indices,
                    cuts,
                    fixed,
                    common,
                    ridge,
                    moving,
                    config.solver_steps,
                )
        return items

    def _ridge(self, counts: NDArray[np.integer], others: int) -> NDArray[np.float64]:
        penalty: NDArray[np.float64] = self.config.l2 * (
            counts + self.config.unobserved_weight * others
        )
        return penalty

    def _penalty(self, count: int) -> NDArray[np.float64]:
        gram = self.arrays["gram"]
        ridge = self._ridge(np.array(count), len(self.arrays["prior"]))
        penalty: NDArray[np.float64] = gram + ridge * np.eye(len(gram))
        return penalty
