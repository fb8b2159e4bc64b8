"""Sparse matrices on all cores: the transpose, and the product with a narrow dense matrix."""

from __future__ import annotations

import numba
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled, csr

__all__ = ["sparse_times", "transposed"]

_PARTS = 8


def transposed(matrix: sp.csr_array) -> sp.csr_array:
    """The transpose as a CSR matrix with ascending columns: `matrix.T.tocsr()`.

    The rows are split into parts. Each part's entries per column are counted first, so each part
    knows where to write and the parts are independent.

    Args:
        matrix: `[n, m]`, with `int32` indices.
    """
    n_columns = matrix.shape[1]
    # bounds of runs of rows with about equally many entries
    bounds = np.searchsorted(matrix.indptr, np.linspace(0, matrix.nnz, _PARTS + 1))
    bounds[0], bounds[-1] = 0, matrix.shape[0]
    counts = np.zeros((_PARTS, n_columns), dtype=np.int32)
    _count(matrix.indptr, matrix.indices, bounds, counts)
    indptr = np.zeros(n_columns + 1, dtype=np.int32)
    np.cumsum(counts.sum(axis=0), out=indptr[1:])
    places = indptr[:-1] + np.cumsum(counts, axis=0, dtype=np.int32) - counts
    rows = np.empty(matrix.nnz, dtype=np.int32)
    values = np.empty(matrix.nnz, dtype=matrix.data.dtype)
    _place(csr(matrix), bounds, places, rows, values)
    by_column = sp.csr_array((values, rows, indptr), shape=(n_columns, matrix.shape[0]))
    by_column.has_sorted_indices = True
    return by_column


def sparse_times(matrix: sp.csr_array, dense: NDArray[np.float32]) -> NDArray[np.float32]:
    """`matrix @ dense`, `float32[n, f]`.

    Args:
        matrix: `float32[n, m]`.
        dense: `float32[m, f]`, few columns.
    """
    product = np.empty((matrix.shape[0], dense.shape[1]), dtype=np.float32)
    _multiply(csr(matrix), np.ascontiguousarray(dense), product)
    return product


@compiled(parallel=True)
def _count(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    bounds: NDArray[np.int64],
    counts: NDArray[np.int32],
) -> None:
    for part in numba.prange(len(counts)):
        own = counts[part]
        for entry in range(indptr[bounds[part]], indptr[bounds[part + 1]]):
            own[np.uint32(indices[entry])] += 1


@compiled(parallel=True)
def _place(
    matrix: Csr,
    bounds: NDArray[np.int64],
    places: NDArray[np.int32],
    rows: NDArray[np.int32],
    transposed_values: NDArray[np.generic],
) -> None:
    starts, columns, values = matrix
    for part in numba.prange(len(places)):
        own = places[part]
        for row in range(bounds[part], bounds[part + 1]):
            for entry in range(starts[row], starts[row + 1]):
                column = np.uint32(columns[entry])
                place = np.uint32(own[column])
                own[column] = place + 1
                rows[place] = row
                transposed_values[place] = values[entry]


@compiled(parallel=True)
def _multiply(matrix: Csr, dense: NDArray[np.float32], product: NDArray[np.float32]) -> None:
    starts, columns, values = matrix
    shards = 64
    for shard in numba.prange(shards):
        for row in range(shard, len(product), shards):
            own = product[row]
            own[:] = 0
            for entry in range(starts[row], starts[row + 1]):
                value, other = values[entry], dense[columns[entry]]
                for n in range(len(own)):
                    own[n] += value * other[n]
