"""Similarity of items by their factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cosine_rows"]


def cosine_rows(factors: NDArray[np.float32], rows: NDArray[np.integer]) -> NDArray[np.float32]:
    """Cosine of some rows with every row, `float32[len(rows), n]`; 0 where either is all zeros."""
    norms = np.sqrt(np.einsum("nk,nk->n", factors, factors))
    products = factors[rows] @ factors.T
    cosine: NDArray[np.float32] = products / np.maximum(
        norms[rows, None] * norms, np.float32(1e-12)
    )
    return cosine
