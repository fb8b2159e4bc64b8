"""Implicit ALS with priors from film descriptions and viewer attributes."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.content.description import film_features
from matinee.data import Attributes, Catalog, Histories, Interactions
from matinee.models import DislikesConfig, Model, cosine_rows, search, span
from matinee.models._shared.dislikes import targets_of
from matinee.models._shared.priors import ItemPrior, UserPrior

__all__ = ["IalsContent", "IalsContentConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of a film's initial factors, times the root of their number."""
_EXACT_STEPS = 300
"""Limit on conjugate gradient steps in the fold-in, in double precision; a few dozen converge."""


class IalsContentConfig(DislikesConfig):
    """Options of `IalsContent`."""

    factors: PositiveInt = Field(64, json_schema_extra=span(16, 256, log=True))
    """Number of factors of a film and of a viewer."""
    iterations: PositiveInt = Field(15, json_schema_extra=span(5, 30))
    """Rounds; each solves for all viewers and then for all films."""
    unobserved_weight: PositiveFloat = Field(0.2, json_schema_extra=span(0.01, 1, log=True))
    """Weight of every film, seen or not, as a no, against 1 for a like."""
    l2: PositiveFloat = Field(
        0.01, json_schema_extra=search(0.003, 0.01) | span(0.0005, 0.1, log=True)
    )
    """Penalty of the factors, times the number of likes plus `unobserved_weight` times the number
    of films, or of viewers."""
    description_weight: NonNegativeFloat = Field(10.0, json_schema_extra=span(0, 50))
    """Penalty of the distance between a film's factors and those its description predicts; 0 uses
    descriptions for films without likes only."""
    feature_l2: PositiveFloat = Field(5.0, json_schema_extra=span(0.5, 50, log=True))
    """Penalty of the regression on descriptions; higher relies less on single features."""
    attribute_l2: PositiveFloat = Field(30.0, json_schema_extra=span(1, 300, log=True))
    """Average viewers added to every attribute; higher relies less on attributes."""
    likes_for_half: PositiveFloat = Field(
        5.0, json_schema_extra=search(1, 30) | span(0.5, 100, log=True)
    )
    """Length of a history at which a film outside it counts half as a no and half as the prior
    predicts; low if histories are complete, high for newcomers."""
    solver_steps: PositiveInt = Field(3, json_schema_extra=span(1, 10))
    """Steps of conjugate gradients in each solve; more are slower and hardly better."""


class IalsContent(Model[IalsContentConfig]):
    """Implicit ALS whose factors are drawn towards regressions on attributes and descriptions.

    The loss is that of `Ials` (Hu, Koren & Volinsky 2008; Rendle et al. 2021) with the priors of
    regression-based latent factor models (Agarwal & Chen, KDD 2009). The prior of a viewer is the
    mean of all viewers plus the effects of their attributes; the prior of a film is predicted by
    its description. With little feedback factors stay near the prior, without any they equal it.
    """

    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.alternate import gram

        config = self.config
        by_user = self.weigh(interactions)
        mean = by_user.data[by_user.data > 0].mean(dtype=np.float64)
        self.arrays["unobserved"] = np.array([config.unobserved_weight * mean])
        known = interactions.attributes or Attributes.of_words([()] * interactions.n_users)
        counts = np.diff(by_user.indptr).astype(np.float64)
        rated = np.bincount(by_user.indices, minlength=by_user.shape[1]) > 0
        users = UserPrior(known.matrix, counts, config.attribute_l2)
        items = ItemPrior(film_features(catalog), rated, config.feature_l2)
        factors = self._alternate(by_user, users, items, rng)
        self.arrays["gram"] = gram(factors, self._unobserved).astype(np.float64)
        factors[~rated] = items.expected()[~rated]
        self.arrays["item_factors"] = factors
        self.arrays["mean"] = users.mean
        self.arrays["attribute_factors"] = users.effects
        self.arrays["attributes"] = np.array(known.names, dtype=np.str_)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return own @ factors.T

    def factors(self, histories: Histories) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        likes, factors = self.weigh(histories), self.arrays["item_factors"]
        counts = np.diff(likes.indptr)
        expected = np.tile(self.arrays["mean"], (len(counts), 1))
        informed = counts > 0
        if histories.attributes is not None:
            known = histories.attributes.aligned(list(self.attributes))
            expected += known @ self.arrays["attribute_factors"]
            informed |= np.diff(known.indptr) > 0
        own = self._fold_in(likes, expected)
        own[~informed] = 0
        return own.astype(np.float32), factors

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def _fold_in(self, likes: sp.csr_array, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factors of users given their likes and their expected factors, `float64[n, f]`.

        A single user is solved in NumPy: a request of a server must not start a parallel kernel.
        """
        counts = np.diff(likes.indptr)
        gram, ridge = self.arrays["gram"], self._ridge(counts, self.n_items)
        confidences = np.abs(likes.data)
        targets = confidences * targets_of(likes.data)
        shares = 0.5 ** (counts / self.config.likes_for_half)
        liked, columns = np.unique(likes.indices, return_inverse=True)
        features = self.arrays["item_factors"][liked].astype(np.float64)
        if len(counts) == 1 and len(liked):
            system = gram + ridge * np.eye(len(gram)) + (features.T * confidences) @ features
            right = features.T @ targets + (ridge * expected + shares * expected @ gram)[0]
            return np.asarray(np.linalg.solve(system, right), dtype=np.float64)[None]
        own = expected.copy()
        if len(liked):
            from matinee.kernels.alternate import balanced
            from matinee.kernels.alternate_around import improve_around

            improve_around(
                (likes.indptr, columns.astype(np.int32), targets),
                confidences,
                balanced(likes.indptr),
                features,
                np.asarray(gram),
                np.zeros(len(counts)),
                ridge,
                shares,
                expected,
                own,
                _EXACT_STEPS,
            )
        own[counts == 0] = expected[counts == 0]
        return own

    def _alternate(
        self, by_user: sp.csr_array, users: UserPrior, items: ItemPrior, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Items' factors, zeros without likes; both priors learn in every round."""
        config, shape = self.config, (by_user.shape[0], self.config.factors)
        by_item = by_user.T.tocsr()
        spread = np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        of_users = np.zeros(shape, dtype=np.float32)
        of_items = rng.standard_normal((by_user.shape[1], config.factors), dtype=np.float32)
        of_items *= spread
        expected_users, expected_items = np.zeros_like(of_users), np.zeros_like(of_items)
        to_zero = self._ridge(np.diff(by_item.indptr), len(of_users))
        to_expected = self._ridge(np.diff(by_user.indptr), len(of_items))
        no_ridge = np.zeros_like(to_expected)
        pull = np.full_like(to_zero, config.description_weight)
        for _ in range(config.iterations):
            self._improve(by_user, of_items, no_ridge, to_expected, expected_users, of_users)
            users.learn(of_users)
            expected_users = users.expected()
            self._improve(by_item, of_users, to_zero, pull, expected_items, of_items)
            items.learn(of_items)
            expected_items = items.expected()
        return of_items

    def _improve(
        self,
        feedback: sp.csr_array,
        fixed: NDArray[np.float32],
        ridge: NDArray[np.float64],
        pull: NDArray[np.float64],
        expected: NDArray[np.float32],
        moving: NDArray[np.float32],
    ) -> None:
        """Moves the factors of one side towards its least squares; zeros without likes."""
        from matinee.kernels.alternate import balanced, gram
        from matinee.kernels.alternate_around import improve_around

        counts, confidences = np.diff(feedback.indptr), np.abs(feedback.data)
        improve_around(
            (feedback.indptr, feedback.indices, confidences * targets_of(feedback.data)),
            confidences,
            balanced(feedback.indptr),
            fixed,
            gram(fixed, self._unobserved),
            ridge.astype(np.float32),
            pull.astype(np.float32),
            np.zeros(len(counts), dtype=np.float32),
            expected,
            moving,
            self.config.solver_steps,
        )
        moving[counts == 0] = 0

    @property
    def _unobserved(self) -> float:
        """`unobserved_weight` in proportion to the mean weight of likes, which is 1 for it."""
        return float(self.arrays["unobserved"][0])

    def _ridge(self, counts: NDArray[np.integer], others: int) -> NDArray[np.float64]:
        weights = np.asarray(counts, dtype=np.float64) + self._unobserved * others
        return self.config.l2 * weights
