"""Products of factors, and similarity of items by their factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cosine_rows", "pair_products"]

_BLOCK = 2**16
"""Products computed at a time: some 50 MB at 100 factors."""


def cosine_rows(factors: NDArray[np.float32], rows: NDArray[np.integer]) -> NDArray[np.float32]:
    """Cosine of some rows with every row, `float32[len(rows), n]`; 0 where either is all zeros."""
    norms = np.sqrt(np.einsum("nk,nk->n", factors, factors))
    products = factors[rows] @ factors.T
    return products / np.maximum(norms[rows, None] * norms, np.float32(1e-12))


def pair_products(
    left: NDArray[np.float32],
    rows: NDArray[np.integer],
    right: NDArray[np.float32],
    columns: NDArray[np.integer],
) -> NDArray[np.float32]:
    """Inner products of single pairs of rows, `float32[len(rows)]`, in blocks of pairs."""
    products = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        np.einsum("nf,nf->n", left[rows[block]], right[columns[block]], out=products[block])
    return products
