"""EASE that also knows what films are about, so that it ranks films nobody has rated."""

from __future__ import annotations

from contextlib import nullcontext
from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat

from matinee.content.description import described
from matinee.data import Catalog, Interactions
from matinee.errors import InputError
from matinee.models import Config, search
from matinee.models._shared.feedback import damped_popularity, likes
from matinee.models._shared.inverse import LARGEST_WHOLE
from matinee.models._shared.item_to_item import ItemToItem
from matinee.models.ease import Ease, EaseConfig

__all__ = ["EaseContent", "EaseContentConfig"]


class EaseContentConfig(Config):
    """Options of `EaseContent`."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(100, 300))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    feature_l2: PositiveFloat = Field(3.0, json_schema_extra=search(2, 4, 8))
    """Penalty of the regression on what films are about; higher trusts single facts less."""
    likes_for_half: NonNegativeFloat = 10.0
    """Likes after which what is expected of a film from its description counts half."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class EaseContent(ItemToItem):
    """EASE (Steck 2019) whose weights are regressed on the films' descriptions.

    In the manner of regression-based latent factor models (Agarwal & Chen, KDD 2009), applied to
    item-item weights: kernel ridge regression predicts, from what a film is about, which films of
    a history speak for it. A film without likes is scored by the prediction alone, one with some
    by both, and a history may hold films that nobody had rated.
    """

    Config: ClassVar[type[Config]] = EaseContentConfig
    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; both must be over the same rows"
            )
        config = self.config
        counts = likes(interactions, config.min_rating).sum(axis=0).astype(np.float32)
        ease = Ease(EaseConfig(l2=config.l2, min_rating=config.min_rating))
        weights = ease.fit(interactions, catalog, rng=rng).arrays["weights"]
        share = config.likes_for_half / np.maximum(config.likes_for_half + counts, 1e-9)
        share[counts == 0] = 1
        self.arrays["weights"] = _completed(
            weights, counts > 0, share, described(catalog), config.feature_l2
        )
        self.arrays["likes"] = counts
        self.arrays["prior"] = damped_popularity(interactions)
        return self


def _completed(
    weights: NDArray[np.float32],
    rated: NDArray[np.bool_],
    share: NDArray[np.floating],
    features: sp.csr_array,
    feature_l2: float,
) -> NDArray[np.float32]:
    """The weights of EASE with those that descriptions make one expect.

    Args:
        weights: `float32[n_items, n_items]`, zero where a film has no like.
        rated: `bool[n_items]`, the films that have.
        share: `float[n_items]`, how much of what is expected is added to a film's own.
        features: `float32[n_items, n_features]`.
        feature_l2: penalty of the regression.

    Returns:
        `float32[n_items, n_items]` with a zero diagonal.
    """
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415  not needed to score

    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  likewise

    known = features[rated]
    kernel = (known @ known.T).toarray().astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += feature_l2
    with one_blas_thread_each() if len(kernel) > LARGEST_WHOLE else nullcontext():
        factor = cho_factor(kernel, overwrite_a=True)
    own = weights[np.ix_(rated, rated)]
    slopes = cho_solve(factor, own.T.astype(np.float64), overwrite_b=True).T.astype(np.float32)
    common = (known @ features.T).toarray()
    completed = np.zeros_like(weights)
    completed[rated] = slopes @ common * share.astype(np.float32)
    completed[np.ix_(rated, rated)] += own
    if not rated.all():
        likeness = cho_solve(factor, common[:, ~rated].astype(np.float64)).astype(np.float32)
        completed[~rated] = likeness.T @ completed[rated]
    np.fill_diagonal(completed, 0)
    return completed
