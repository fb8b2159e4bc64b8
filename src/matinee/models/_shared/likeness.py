"""How much alike films are by the factors that describe them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cosine_rows"]


def cosine_rows(factors: NDArray[np.float32], row: int) -> NDArray[np.float32]:
    """Cosine of every row with one of them, `float32[n]`; 0 where either is all zeros."""
    norms = np.sqrt(np.einsum("nk,nk->n", factors, factors))
    products = factors @ factors[row]
    cosine: NDArray[np.float32] = products / np.maximum(norms * norms[row], np.float32(1e-12))
    return cosine
