"""Half an iteration of alternating least squares: factors of one side, the other side fixed."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["balanced", "gram", "improve"]


def balanced(indptr: NDArray[np.int32], parts: int = 64) -> NDArray[np.int64]:
    """Bounds of `parts` runs of CSR rows with about equal work, `int64[parts + 1]`.

    The work of a row is its number of entries and a constant for the solve.
    """
    work = np.asarray(indptr, dtype=np.int64) + 16 * np.arange(len(indptr), dtype=np.int64)
    cuts = np.searchsorted(work, np.linspace(0, work[-1], parts + 1))
    cuts[0], cuts[-1] = 0, len(indptr) - 1
    return cuts.astype(np.int64)


def gram(factors: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """`weight * factors.T @ factors`, `float32[f, f]`.

    BLAS is not used: its idle threads spin, as those of the kernels do, and the two pools take the
    cores from each other, which doubles the time of a fit.
    """
    sums = np.zeros((16, factors.shape[1], factors.shape[1]), dtype=np.float32)
    _grams_of_parts(factors, sums)
    return np.float32(weight) * sums.sum(axis=0)


@compiled(parallel=True)
def _grams_of_parts(factors: NDArray[np.float32], sums: NDArray[np.float32]) -> None:
    parts = len(sums)
    for part in numba.prange(parts):
        first, last = part * len(factors) // parts, (part + 1) * len(factors) // parts
        _add_gram(factors[first:last], sums[part])


@compiled()
def _add_gram(factors: NDArray[np.float32], total: NDArray[np.float32]) -> None:
    f = factors.shape[1]
    for n in range(len(factors)):
        for j in range(f):
            value = factors[n, j]
            for k in range(f):
                total[j, k] += value * factors[n, k]


@compiled(parallel=True)
def improve(
    feedback: Csr,
    roots: NDArray[np.float32] | None,
    cuts: NDArray[np.int64],
    fixed: NDArray[np.float32],
    common: NDArray[np.float32],
    ridge: NDArray[np.float32],
    moving: NDArray[np.float32],
    steps: int,
) -> None:
    """Moves each row's factors towards their least-squares solution by conjugate gradients.

    Row `r` minimises `w (common + ridge[r] I) w + sum over its entries of (t - q x w)^2`, starting
    from its present factors (Takács, Pilászy & Tikk 2011, "Applications of the conjugate gradient
    method for implicit feedback collaborative filtering"). Rows are independent, so the result
    does not depend on the number of threads.

    Args:
        feedback: rows of `fixed` with their targets `t`; no values, which is faster, if all are 1.
        roots: `float32[nnz]`, `q`, the root of the weight of each entry; `None` if all are 1.
        cuts: from `balanced`.
        fixed: `float32[m, factors]`, factors of the other side.
        common: `float32[factors, factors]`, `gram` of `fixed` with the unobserved weight.
        ridge: `float32[n]`, penalty of each row.
        moving: `float32[n, factors]`, changed in place.
        steps: number of steps of conjugate gradients.
    """
    for part in numba.prange(len(cuts) - 1):
        first, last = cuts[part], cuts[part + 1]
        _improve_rows(first, last, feedback, roots, fixed, common, ridge, moving, steps)


@compiled()
def _improve_rows(
    first: int,
    last: int,
    feedback: Csr,
    roots: NDArray[np.float32] | None,
    fixed: NDArray[np.float32],
    common: NDArray[np.float32],
    ridge: NDArray[np.float32],
    moving: NDArray[np.float32],
    steps: int,
) -> None:
    """`improve` for the rows from `first` up to `last`, in one thread."""
    starts, columns, targets = feedback
    longest = 0
    for row in range(first, last):
        longest = max(longest, starts[row + 1] - starts[row])
    factors = fixed.shape[1]
    entries = np.empty((longest + 3, factors), dtype=np.float32)
    residual = np.empty(factors, dtype=np.float32)
    direction = np.empty(factors, dtype=np.float32)
    image = np.empty(factors, dtype=np.float32)
    for row in range(first, last):
        here = moving[row]
        length = _gather(columns[starts[row] : starts[row + 1]], fixed, entries)
        _multiply_rows(entries, roots, starts[row], starts[row + 1])
        if length == 0:
            for k in range(factors):
                here[k] = 0
            continue
        own = targets[starts[row] : starts[row + 1]] if len(targets) > 0 else targets
        _residual(entries[:length], common, ridge[row], here, np.float32(len(own) == 0), residual)
        _add_targets(entries, own, residual)
        for k in range(factors):
            direction[k] = residual[k]
        norm = _dot(residual, residual)
        for _ in range(steps):
            if norm < 1e-20:
                break
            # without targets the residual is the image of the direction with the opposite sign
            _residual(entries[:length], common, ridge[row], direction, np.float32(0), image)
            pace = -norm / _dot(direction, image)
            for k in range(factors):
                here[k] += pace * direction[k]
                residual[k] += pace * image[k]
            before, norm = norm, _dot(residual, residual)
            for k in range(factors):
                direction[k] = residual[k] + norm / before * direction[k]


@compiled()
def _gather(
    columns: NDArray[np.int32], fixed: NDArray[np.float32], entries: NDArray[np.float32]
) -> int:
    """Copies the factors of some entries side by side and pads with zeros to a multiple of four.

    They are read several times and stay in the nearest cache together.
    """
    factors = fixed.shape[1]
    for n in range(len(columns)):
        column = columns[n]
        for k in range(factors):
            entries[n, k] = fixed[column, k]
    length = (len(columns) + 3) // 4 * 4
    for n in range(len(columns), length):
        for k in range(factors):
            entries[n, k] = 0
    return length


@compiled()
def _multiply_rows(
    entries: NDArray[np.float32], roots: NDArray[np.float32] | None, first: int, last: int
) -> None:
    """Multiplies entries by their roots, those from `first` up to `last`, if there are any."""
    if roots is None:  # decided when compiling, so that the code without roots is as fast as ever
        return
    for n in range(last - first):
        for k in range(entries.shape[1]):
            entries[n, k] *= roots[first + n]


@compiled()
def _add_targets(
    entries: NDArray[np.float32], targets: NDArray[np.float32], residual: NDArray[np.float32]
) -> None:
    """`residual += entries.T targets`, for the first `len(targets)` entries."""
    for n in range(len(targets)):
        for k in range(len(residual)):
            residual[k] += targets[n] * entries[n, k]


@compiled()
def _dot(left: NDArray[np.float32], right: NDArray[np.float32]) -> np.float32:
    total = np.float32(0)
    for k in range(len(left)):
        total += left[k] * right[k]
    return total


@compiled()
def _residual(
    entries: NDArray[np.float32],
    common: NDArray[np.float32],
    ridge: np.float32,
    vector: NDArray[np.float32],
    target: np.float32,
    residual: NDArray[np.float32],
) -> None:
    """`residual = entries.T (target - entries vector) - (common + ridge I) vector`."""
    factors = len(vector)
    for k in range(factors):
        residual[k] = -ridge * vector[k]
    for j in range(0, factors - 3, 4):
        a0, a1, a2, a3 = vector[j], vector[j + 1], vector[j + 2], vector[j + 3]
        for k in range(factors):
            residual[k] -= (
                a0 * common[j, k]
                + a1 * common[j + 1, k]
                + a2 * common[j + 2, k]
                + a3 * common[j + 3, k]
            )
    for j in range(factors // 4 * 4, factors):
        for k in range(factors):
            residual[k] -= vector[j] * common[j, k]
    # four rows at a time halve the traffic of the two vectors
    for n in range(0, len(entries), 4):
        a0 = a1 = a2 = a3 = target
        for k in range(factors):
            a0 -= entries[n, k] * vector[k]
            a1 -= entries[n + 1, k] * vector[k]
            a2 -= entries[n + 2, k] * vector[k]
            a3 -= entries[n + 3, k] * vector[k]
        for k in range(factors):
            residual[k] += (
                a0 * entries[n, k]
                + a1 * entries[n + 1, k]
                + a2 * entries[n + 2, k]
                + a3 * entries[n + 3, k]
            )
