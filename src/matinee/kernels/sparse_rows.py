"""Product of a sparse matrix and a narrow dense one, in parallel."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["sparse_times"]


@compiled(parallel=True)
def sparse_times(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    dense: NDArray[np.float32],
    product: NDArray[np.float32],
) -> None:
    """Fills `product` with the CSR matrix times `dense`.

    Args:
        indptr: `int32[n + 1]`.
        indices: `int32[nnz]`.
        values: `float32[nnz]`.
        dense: `float32[m, f]`.
        product: `float32[n, f]`, overwritten.
    """
    shards = 64
    for shard in numba.prange(shards):
        for row in range(shard, len(product), shards):
            own = product[row]
            own[:] = 0
            for entry in range(indptr[row], indptr[row + 1]):
                value, other = values[entry], dense[indices[entry]]
                for n in range(len(own)):
                    own[n] += value * other[n]
