"""Implicit alternating least squares: every film that was not seen is a weak no."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import (
    CountsConfig,
    Model,
    cosine_rows,
    search,
    span,
)
from matinee.models._shared.dislikes import targets_of
from matinee.models._shared.ridge import System, fold_in

if TYPE_CHECKING:  # brings numba
    from matinee.kernels.compiled import Csr

__all__ = ["Ials", "IalsConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of a film's initial factors, times the root of their number."""


class IalsConfig(CountsConfig):
    """Options of `Ials`."""

    factors: PositiveInt = Field(64, json_schema_extra=span(16, 256, log=True))
    """Number of factors of a film and of a viewer."""
    iterations: PositiveInt = Field(15, json_schema_extra=span(5, 30))
    """Rounds; each solves for all viewers and then for all films."""
    unobserved_weight: PositiveFloat = Field(
        0.1, json_schema_extra=search(0.2, 0.3) | span(0.01, 1, log=True)
    )
    """Weight of every film, seen or not, as a no, against 1 for a like."""
    l2: PositiveFloat = Field(
        0.02, json_schema_extra=search(0.005, 0.01, 0.02) | span(0.0005, 0.1, log=True)
    )
    """Penalty of the factors, times the number of likes plus `unobserved_weight` times the number
    of films, or of viewers."""
    solver_steps: PositiveInt = Field(3, json_schema_extra=span(1, 10))
    """Steps of conjugate gradients in each solve; more are slower and hardly better."""


class Ials(Model[IalsConfig]):
    """Implicit matrix factorisation (Hu, Koren & Volinsky 2008) as revised by Rendle et al. 2021.

    "Collaborative filtering for implicit feedback datasets", ICDM 2008, and "Revisiting the
    performance of iALS on item recommendation benchmarks", RecSys 2022. Likes should score 1 and
    everything else 0 with a small weight; the penalty grows with the number of likes. Only the
    films' factors are stored. A viewer's are folded in: the same least squares, solved for their
    history. Beyond the papers, a dislike should score below the films that were not seen.
    """

    continues = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.alternate import gram
        from matinee.kernels.sparse import transposed

        config = self.config
        by_user = self.weigh(interactions)
        of_users, of_items = self._side(by_user), self._side(transposed(by_user))
        users = np.zeros((by_user.shape[0], config.factors), dtype=np.float32)
        earlier = self.earlier.get("item_factors")
        if earlier is None:
            items = rng.standard_normal((by_user.shape[1], config.factors), dtype=np.float32)
            items *= np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        else:
            items = earlier.copy()
        for _ in range(config.iterations):
            self._improve(of_users, items, users)
            self._improve(of_items, users, items)
        self.arrays["item_factors"] = items
        self.arrays["gram"] = gram(items, config.unobserved_weight).astype(np.float64)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return own @ factors.T

    def factors(self, histories: Histories) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        factors, gram = self.arrays["item_factors"], self.arrays["gram"]
        if len(histories) == 1:
            features, targets, system = self._least_squares(histories)
            return system.solve(features.T @ targets).astype(np.float32)[None], factors
        side = self._side(self.weigh(histories))
        starts, columns, targets = side.feedback
        targets = targets if len(targets) else np.ones(len(columns), dtype=np.float32)
        return fold_in((starts, columns, targets), factors, gram, side.ridge, side.roots), factors

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        # a user's factors are linear in the targets of the history (Hu et al., section 5)
        features, targets, system = self._least_squares(histories)
        own = system.solve(self.arrays["item_factors"][items].T.astype(np.float64))
        parts: NDArray[np.float64] = own.T @ (features.T * targets)
        return parts.astype(np.float32)

    def _least_squares(self, histories: Histories) -> _LeastSquares:
        """Those of a single user, kept as long as the history: contributions take them again."""
        factors, config = self.arrays["item_factors"], self.config
        memory = _PROBLEMS.get(histories)
        if memory is not None and memory[0] is factors and memory[1] == config:
            return memory[2]
        weights = self.rating_weights(histories)
        sizes = np.abs(weights)
        roots = np.sqrt(sizes)
        features = (factors[histories.items] * roots[:, None]).astype(np.float64)
        system = features.T @ features
        system += self.arrays["gram"]
        system.flat[:: len(system) + 1] += self._ridge(sizes.sum(), self.n_items)
        problem = _LeastSquares(features, roots * targets_of(weights), System(system))
        _PROBLEMS[histories] = factors, config, problem
        return problem

    def _improve(
        self, side: _Side, fixed: NDArray[np.float32], moving: NDArray[np.float32]
    ) -> None:
        """Moves the factors of one side towards its least squares, in place."""
        from matinee.kernels.alternate import balanced, gram, improve

        improve(
            side.feedback,
            side.roots,
            balanced(side.feedback[0]),
            fixed,
            gram(fixed, self.config.unobserved_weight),
            side.ridge.astype(np.float32),
            moving,
            self.config.solver_steps,
        )

    def _side(self, weights: sp.csr_array) -> _Side:
        """The least squares of each row of signed weights."""
        n = weights.shape[1]
        if (weights.data == 1).all():
            ridge, no_targets = self._ridge(np.diff(weights.indptr), n), np.empty(0, np.float32)
            return _Side((weights.indptr, weights.indices, no_targets), None, ridge)
        roots = np.sqrt(np.abs(weights.data))
        ridge = self._ridge(abs(weights).sum(axis=1), n)
        return _Side(
            (weights.indptr, weights.indices, roots * targets_of(weights.data)), roots, ridge
        )

    def _ridge(self, counts: NDArray[np.number] | float, others: int) -> NDArray[np.float64]:
        weights = np.asarray(counts, dtype=np.float64) + self.config.unobserved_weight * others
        return self.config.l2 * weights


class _LeastSquares(NamedTuple):
    """Weighted least squares of a single user, all in double precision but the targets.

    Attributes:
        features: `float64[h, f]`, rows times the roots of the weights.
        targets: `float32[h]`, times the same roots.
        system: of the normal equations.
    """

    features: NDArray[np.float64]
    targets: NDArray[np.float32]
    system: System


_PROBLEMS: WeakKeyDictionary[Histories, tuple[NDArray[np.float32], IalsConfig, _LeastSquares]]
_PROBLEMS = WeakKeyDictionary()
"""Of single histories that still exist, with the factors and options they are solved for."""


class _Side(NamedTuple):
    """Weighted least squares of every user or of every item.

    They are plain least squares of rows and targets times the roots of the weights.

    Attributes:
        feedback: a CSR: rows on the other side, and targets times the root; no targets, which is
            faster, if all weigh 1.
        roots: `float32[nnz]`, root of the weight of each; `None` if all weigh 1.
        ridge: `float64[n]`, penalty of each.
    """

    feedback: Csr
    roots: NDArray[np.float32] | None
    ridge: NDArray[np.float64]
