"""Leading directions of a Gram matrix, by subspace iteration."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["leading_directions"]

_OVERSAMPLING = 8
"""Additional directions in the iteration; without them the last ones would be inaccurate."""
_ROUNDS = 4
_LEAST_STRENGTH = 1e-3
"""Directions that explain less than this share of their penalty are dropped."""
_WORST_CONDITION = 1e5
"""Largest ratio of pivots at which a basis is orthonormal to single precision after one Cholesky
factorisation of its Gram matrix."""


def leading_directions(
    matrix: sp.csr_array,
    by_item: sp.csr_array,
    ridge: NDArray[np.float32],
    most: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
    """`V` that maximises `V.T G V` under `V.T diag(ridge) V = I`, with `G = matrix.T @ matrix`.

    By subspace iteration from a random start (Halko, Martinsson & Tropp, "Finding structure with
    randomness", SIAM Review 2011). `G` is never formed. Any number of threads gives the same bits.

    Returns `V` and `G V`, `float32[n_items, f]` with `f` at most `most`, and the diagonal of
    `V.T G V`, `float64[f]`, largest first; `V.T G V` is diagonal. `by_item` is the transpose.
    """
    from matinee.kernels.sparse import sparse_times
    from matinee.kernels.threads import one_blas_thread_each

    n_items = matrix.shape[1]
    scale = (1 / np.sqrt(ridge)).astype(np.float32)[:, None]
    width = min(most + _OVERSAMPLING, n_items)
    basis = rng.standard_normal((n_items, width), dtype=np.float32)
    with one_blas_thread_each():  # the number of threads would change the last bit
        for _ in range(_ROUNDS):
            basis = _orthonormal(basis)
            basis = scale * sparse_times(by_item, sparse_times(matrix, scale * basis))
        basis = _orthonormal(basis)
        product = sparse_times(by_item, sparse_times(matrix, scale * basis))
        inner = (scale * basis).T.astype(np.float64) @ product
        strength, vectors = np.linalg.eigh((inner + inner.T) / 2)
        best = np.argsort(-strength)[:most]
        best = best[strength[best] > _LEAST_STRENGTH]
        rotation = vectors[:, best].astype(np.float32)
        return scale * (basis @ rotation), product @ rotation, strength[best]


def _orthonormal(basis: NDArray[np.float32]) -> NDArray[np.float32]:
    """An orthonormal basis of the same space, `float32[n, f]`.

    By the Cholesky factor of the Gram matrix, which takes a tenth of the time of a QR decomposition
    (Stathopoulos & Wu, "A block orthogonalization procedure with constant synchronization
    requirements", SIAM J. Sci. Comput. 2002). Nearly dependent columns, as those of data with few
    users, need the latter.
    """
    double = basis.astype(np.float64)
    try:
        factor = np.linalg.cholesky(double.T @ double)
    except np.linalg.LinAlgError:
        return np.linalg.qr(basis)[0].astype(np.float32)
    pivots = np.diagonal(factor)
    if pivots.max() > _WORST_CONDITION * pivots.min():
        return np.linalg.qr(basis)[0].astype(np.float32)
    return (double @ np.linalg.inv(factor).T).astype(np.float32)
