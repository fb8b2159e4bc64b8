"""The few directions in which most of what films have in common lies."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["leading_directions", "times"]

_SPARE = 8
"""Directions more than are asked for, so that the last of those are good, too."""
_ROUNDS = 4
_LEAST = 1e-3
"""Directions that explain less than this share of their penalty are none."""


def leading_directions(
    matrix: sp.csr_array,
    by_item: sp.csr_array,
    ridge: NDArray[np.float32],
    wanted: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
    """`V` that makes `V.T G V` largest under `V.T diag(ridge) V = I`, with `G = matrix.T @ matrix`.

    By subspace iteration from a random start (Halko, Martinsson & Tropp, "Finding structure with
    randomness", SIAM Review 2011). `G` itself is never formed. The same with any number of threads.

    Args:
        matrix: `float32[n_users, n_items]`.
        by_item: its transpose as a CSR.
        ridge: `float32[n_items]`, more than 0.
        wanted: directions, at most; fewer where the data has no more.
        rng: draws the start.

    Returns:
        `V` and `G V`, `float32[n_items, f]`, and the diagonal of `V.T G V`, `float64[f]`, largest
        first; it is diagonal.
    """
    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  not needed to score

    n_items = matrix.shape[1]
    scale = (1 / np.sqrt(ridge)).astype(np.float32)[:, None]
    width = min(wanted + _SPARE, n_items)
    basis = rng.standard_normal((n_items, width), dtype=np.float32)
    with one_blas_thread_each():  # as many threads as there may be would change the last bit
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(basis)[0].astype(np.float32)
            basis = scale * times(by_item, times(matrix, scale * basis))
        basis = np.linalg.qr(basis)[0].astype(np.float32)
        seen = times(by_item, times(matrix, scale * basis))
        inner = (scale * basis).T.astype(np.float64) @ seen
        strength, turn = np.linalg.eigh((inner + inner.T) / 2)
        best = np.argsort(-strength)[:wanted]
        best = best[strength[best] > _LEAST]
        turned = turn[:, best].astype(np.float32)
        return scale * (basis @ turned), seen @ turned, strength[best]


def times(matrix: sp.csr_array, dense: NDArray[np.float32]) -> NDArray[np.float32]:
    """`matrix @ dense`, `float32`."""
    from matinee.kernels.sparse_rows import sparse_times  # noqa: PLC0415  brings numba

    product = np.empty((matrix.shape[0], dense.shape[1]), dtype=np.float32)
    sparse_times(matrix.indptr, matrix.indices, matrix.data, np.ascontiguousarray(dense), product)
    return product
