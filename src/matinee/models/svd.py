"""Biased matrix factorisation of ratings."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.models import (
    Model,
    RatingsConfig,
    cosine_rows,
    damped_for_lists,
    rating_counts,
    require_ratings,
    search,
    span,
)
from matinee.models._shared.factors import pair_products
from matinee.models._shared.ridge import System, fold_in

__all__ = ["Svd", "SvdConfig"]

_INITIAL_SPREAD = 0.03
"""Standard deviation of the initial factors. Factors that no rating moves keep this size."""


class SvdConfig(RatingsConfig):
    """Options of `Svd`."""

    factors: PositiveInt = Field(100, json_schema_extra=span(10, 300, log=True))
    """Number of factors of a film and of a viewer."""
    epochs: PositiveInt = Field(20, json_schema_extra=span(5, 60, log=True))
    """Passes over all ratings."""
    learning_rate: PositiveFloat = Field(0.02, le=0.5, json_schema_extra=span(0.002, 0.1, log=True))
    """Step length along the gradient of one rating's squared error."""
    l2: PositiveFloat = Field(
        0.1, json_schema_extra=search(0.07, 0.1, 0.14) | span(0.01, 1, log=True)
    )
    """Penalty of biases and factors at every step."""
    fold_in_l2: PositiveFloat = Field(8.0, json_schema_extra=search(5, 8) | span(1, 50, log=True))
    """Penalty of a viewer's bias and factors in the fold-in."""
    ranks_by: Literal["rating", "taste"] = "rating"
    """What lists are ranked by: the predicted rating, or taste, which is the product of the factors
    alone, without biases and `list_damping`. Predicted ratings do not change."""


class Svd(Model[SvdConfig]):
    """Biased matrix factorisation by stochastic gradient descent (Koren, Bell & Volinsky 2009).

    "Matrix factorization techniques for recommender systems", IEEE Computer 42(8). A rating is
    predicted as mean + film bias + viewer bias + film factors times viewer factors. Only the films'
    side is stored; a viewer's bias and factors are folded in from their history.

    Scores are predicted ratings before they are clipped to the scale, damped by `list_damping`, or
    with `ranks_by` "taste" the products of factors, which are sums over the history. An empty
    history is scored by the prior and predicted by the films' biases.
    """

    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.factorise import cache_lines, descend, stratify

        require_ratings(interactions)
        shape, config = (interactions.n_users, interactions.n_items), self.config
        mean = interactions.values.mean(dtype=np.float64).astype(np.float32)
        strata = stratify(interactions.users, interactions.items, shape, rng)
        user_biases, item_biases = (np.zeros(n, dtype=np.float32) for n in shape)
        user_factors, item_factors = (cache_lines(_noise((n, config.factors), rng)) for n in shape)
        descend(
            strata.users,
            strata.items,
            interactions.values[strata.order] - mean,
            strata.starts,
            (user_biases, item_biases, user_factors, item_factors),
            config.epochs,
            np.float32(config.learning_rate),
            np.float32(config.l2),
        )
        counts = rating_counts(interactions)
        learned = item_factors[strata.item_rows, : config.factors]
        self.arrays["item_factors"] = learned * (counts > 0)[:, None]
        self.arrays["rating_counts"] = counts
        self.arrays["item_biases"] = item_biases[strata.item_rows]
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        own = self._fold_in(histories)
        scores: NDArray[np.float32] = own[:, 1:] @ self.arrays["item_factors"].T
        if self.config.ranks_by == "taste":
            return scores
        scores += self._base()
        scores += own[:, :1]
        return damped_for_lists(self, scores, histories)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        own = self._fold_in(histories)
        users, items = rows_of(wanted), wanted.indices
        predicted = self._base()[items] + own[users, 0]
        predicted += pair_products(own[:, 1:], users, self.arrays["item_factors"], items)
        return np.clip(predicted, *self.arrays["scale"])

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        """`None` for lists by rating: most of a rating is no matter of taste."""
        if self.config.ranks_by == "rating":
            return None
        factors = self.arrays["item_factors"].astype(np.float64)
        rows = np.column_stack([np.ones(len(histories.items)), factors[histories.items]])
        system = System(self._penalty() + rows.T @ rows)
        own = system.solve(np.vstack([np.zeros(len(items)), factors[items].T]))
        parts: NDArray[np.float64] = own.T @ rows.T * self._residuals(histories)
        return parts.astype(np.float32)

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def _fold_in(self, histories: Histories) -> NDArray[np.float32]:
        """Bias and factors of every user, `float32[n, 1 + factors]`; zeros without a history."""
        rated, places = np.unique(histories.items, return_inverse=True)
        factors = self.arrays["item_factors"][rated]
        return fold_in(
            (histories.starts, places.astype(np.int32), self._residuals(histories)),
            np.column_stack([np.ones(len(factors), dtype=np.float32), factors]),
            self._penalty(),
            np.zeros(len(histories)),
        )

    def _penalty(self) -> NDArray[np.float64]:
        """Of the fold-in, `float64[1 + factors, 1 + factors]`."""
        return np.diag(np.full(self.config.factors + 1, self.config.fold_in_l2))

    def _residuals(self, histories: Histories) -> NDArray[np.float32]:
        """Ratings less what all viewers share, `float32[nnz]`."""
        residuals: NDArray[np.float32] = histories.values - self._base()[histories.items]
        return residuals

    def _base(self) -> NDArray[np.float32]:
        """Mean plus film bias, `float32[n_items]`."""
        return self.arrays["item_biases"] + self.arrays["mean"]


def _noise(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(_INITIAL_SPREAD)
