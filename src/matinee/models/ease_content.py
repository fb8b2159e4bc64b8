"""EASE with weights regressed on descriptions, so that films without ratings are ranked as well."""

from __future__ import annotations

from contextlib import nullcontext
from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat

from matinee.content.description import film_features
from matinee.data import Catalog, Interactions
from matinee.models import CountsConfig, search, span
from matinee.models._shared.inverse import LAPACK_LIMIT
from matinee.models._shared.item_to_item import ItemToItem
from matinee.models.ease import Ease, EaseConfig

__all__ = ["EaseContent", "EaseContentConfig"]


class EaseContentConfig(CountsConfig):
    """Options of `EaseContent`."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(100, 300) | span(10, 5000, log=True))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    feature_l2: PositiveFloat = Field(
        3.0, json_schema_extra=search(2, 4, 8) | span(0.5, 50, log=True)
    )
    """Penalty of the regression on descriptions; higher trusts single features less."""
    likes_for_half: NonNegativeFloat = Field(10.0, json_schema_extra=span(0, 100))
    """Number of likes and dislikes at which the weights predicted from a film's description count
    half."""


class EaseContent(ItemToItem[EaseContentConfig]):
    """EASE (Steck 2019) with weights regressed on the films' descriptions.

    Kernel ridge regression predicts from a film's description the weights that films of a history
    have for it, in the manner of regression-based latent factor models (Agarwal & Chen, KDD 2009).
    A film without likes is scored by the prediction alone, a film with likes by the sum of both.
    Films without likes also count in a history.
    """

    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        ease = Ease(EaseConfig(**config.model_dump(include=set(EaseConfig.model_fields))))
        learned = ease.fit(interactions, catalog, rng=rng).arrays
        rated = self.weigh(interactions)
        counts = np.bincount(rated.indices, minlength=rated.shape[1]).astype(np.float32)
        share = config.likes_for_half / np.maximum(config.likes_for_half + counts, 1e-9)
        share[counts == 0] = 1
        self.arrays["weights"] = _with_predicted(
            learned["weights"], counts > 0, share, film_features(catalog), config.feature_l2
        )
        self.arrays["likes"] = learned["likes"]
        return self


def _with_predicted(
    weights: NDArray[np.float32],
    rated: NDArray[np.bool_],
    share: NDArray[np.floating],
    features: sp.csr_array,
    feature_l2: float,
) -> NDArray[np.float32]:
    """Weights of EASE plus `share` times those predicted from descriptions, with a zero diagonal.

    The weights of EASE are 0 where a film is not `rated`.
    """
    from scipy.linalg import cho_factor, cho_solve

    from matinee.kernels.threads import one_blas_thread_each

    known = features[rated]
    kernel = (known @ known.T).toarray().astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += feature_l2
    with one_blas_thread_each() if len(kernel) > LAPACK_LIMIT else nullcontext():
        factor = cho_factor(kernel, overwrite_a=True)
    own = weights[np.ix_(rated, rated)]
    slopes = cho_solve(factor, own.T.astype(np.float64), overwrite_b=True).T.astype(np.float32)
    common = (known @ features.T).toarray()
    combined = np.zeros_like(weights)
    combined[rated] = slopes @ common * share.astype(np.float32)
    combined[np.ix_(rated, rated)] += own
    if not rated.all():
        similarity = cho_solve(factor, common[:, ~rated].astype(np.float64)).astype(np.float32)
        combined[~rated] = similarity.T @ combined[rated]
    np.fill_diagonal(combined, 0)
    return combined
