"""Linear autoencoders trained with dropout: their options, likes and closed form."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat

from matinee.content.features import encode
from matinee.data import Catalog
from matinee.models import Weighting, search, span
from matinee.models._shared.config import LowestPositiveWeight
from matinee.models._shared.item_to_item import regularised_inverse, symmetric

__all__ = [
    "DenoisingConfig",
    "denoising_weights",
    "discount_activity",
    "dropout_penalty",
    "facts_as_users",
]

_FACTS = ("genres", "people", "keywords", "decade")


class DenoisingConfig(Weighting):
    """Options of linear autoencoders trained with dropout."""

    lowest_weight: LowestPositiveWeight = Field(0.6, json_schema_extra=search(0.6, 1))
    l2: PositiveFloat = Field(
        200.0, json_schema_extra=search(100, 200, 400) | span(20, 2000, log=True)
    )
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    dropout: NonNegativeFloat = Field(0.45, lt=1, json_schema_extra=span(0, 0.9))
    """Share of every history that is dropped and must be predicted from the rest."""
    activity_discount: NonNegativeFloat = Field(0.3, le=1, json_schema_extra=span(0, 1))
    """Exponent: a viewer with n likes weighs n to the minus this; 0 weighs all viewers the same."""


def discount_activity(likes: sp.csr_array, discount: float) -> sp.csr_array:
    """The likes of each user times the root of the user's weight.

    Weights of users fall with their number of likes and have a mean of 1, so that `l2` means the
    same with any discount.
    """
    counts = np.diff(likes.indptr)
    weights = np.maximum(counts, 1).astype(np.float64) ** -discount
    weights /= weights[counts > 0].mean()
    data = likes.data * np.repeat(np.sqrt(weights), counts).astype(np.float32)
    return sp.csr_array((data, likes.indices, likes.indptr), shape=likes.shape)


def facts_as_users(catalog: Catalog) -> sp.csr_array:
    """Features of films as users who like the films that have them, `float32[n_features, n_items]`.

    They are ones and zeros of genres, people, keywords and decades.
    """
    return sp.csr_array(encode(catalog, _FACTS).T.tocsr())


def dropout_penalty(totals: NDArray[np.float64], dropout: float, l2: float) -> NDArray[np.float64]:
    """Diagonal of the penalty, `float64[n_items]`, from that of the Gram matrix."""
    return dropout / (1 - dropout) * totals + l2


def denoising_weights(matrix: sp.csr_array, config: DenoisingConfig) -> NDArray[np.float32]:
    """`(G + L)^-1 G` for the penalty `L` of dropout, `float32[n_items, n_items]`.

    `G` is the Gram matrix `matrix.T @ matrix` of a `float32[m, n_items]`.
    """
    squares = matrix.data.astype(np.float64) ** 2
    totals = np.bincount(matrix.indices, squares, matrix.shape[1]).astype(np.float64)
    ridge = dropout_penalty(totals, config.dropout, config.l2)
    inverse = regularised_inverse(matrix, ridge)
    return symmetric(inverse, -ridge, 1 - np.diagonal(inverse) * ridge)
