"""Half an iteration of alternating least squares with a prior mean for every row."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["improve_around"]


@compiled(parallel=True)
def improve_around(
    feedback: Csr,
    confidences: NDArray[np.floating],
    cuts: NDArray[np.int64],
    fixed: NDArray[np.floating],
    common: NDArray[np.floating],
    ridge: NDArray[np.floating],
    pull: NDArray[np.floating],
    share: NDArray[np.floating],
    expected: NDArray[np.floating],
    moving: NDArray[np.floating],
    steps: int,
) -> None:
    """Moves each row's factors towards their least-squares solution by conjugate gradients.

    With `m = expected[r]` and `h = share[r]`, row `r` minimises

        ridge[r] |w|^2 + pull[r] |w - m|^2 + w common w - 2 h m common w
          + sum over its entries of c (t - x w)^2

    where the terms in `common`, which is `z X'X` over all rows `x` of `fixed`, are the squares of
    `x w - h x m` weighted by `z`: the score of an unobserved entry should be the share `h` of its
    score under the prior mean. A row without entries ends near `m`. Rows are independent, so the
    result does not depend on the number of threads. All floats are of one type.

    Args:
        feedback: rows of `fixed`, and `c t`: confidences times targets.
        confidences: `[nnz]`, `c`, not negative.
        cuts: from `alternate.balanced`.
        fixed: `[m, factors]`, factors of the other side.
        common: `[factors, factors]`, `alternate.gram` of `fixed`.
        ridge: `[n]`, penalty of a row's length.
        pull: `[n]`, penalty of a row's distance from its prior mean.
        share: `[n]`, in 0..1.
        expected: `[n, factors]`, prior means.
        moving: `[n, factors]`, changed in place.
        steps: number of steps of conjugate gradients.
    """
    starts, columns, targets = feedback
    for part in numba.prange(len(cuts) - 1):
        residual = np.empty_like(common[0])
        direction = np.empty_like(residual)
        image = np.empty_like(residual)
        for row in range(cuts[part], cuts[part + 1]):
            own = slice(starts[row], starts[row + 1])
            here, entries = moving[row], columns[own]
            penalty = ridge[row] + pull[row]
            weights = confidences[own]
            _image(entries, weights, fixed, common, penalty, here, residual)
            _add_right_side(
                *(entries, targets[own], fixed, common),
                *(pull[row], share[row], expected[row], residual),
            )
            direction[:] = residual
            norm = _dot(residual, residual)
            for _ in range(steps):
                if norm < 1e-20:
                    break
                _image(entries, weights, fixed, common, penalty, direction, image)
                norm = _step(here, residual, direction, image, norm)


@compiled()
def _step(
    here: NDArray[np.floating],
    residual: NDArray[np.floating],
    direction: NDArray[np.floating],
    image: NDArray[np.floating],
    norm: np.floating,
) -> np.floating:
    """Takes one step of conjugate gradients in place; returns the new residual's squared length."""
    pace = norm / _dot(direction, image)
    for k in range(len(here)):
        here[k] += pace * direction[k]
        residual[k] -= pace * image[k]
    after = _dot(residual, residual)
    for k in range(len(here)):
        direction[k] = residual[k] + after / norm * direction[k]
    return after


@compiled()
def _add_right_side(
    entries: NDArray[np.int32],
    targets: NDArray[np.float32],
    fixed: NDArray[np.floating],
    common: NDArray[np.floating],
    pull: np.floating,
    share: np.floating,
    expected: NDArray[np.floating],
    residual: NDArray[np.floating],
) -> None:
    """`residual = X'Ct + pull expected + share common expected - residual`."""
    for k in range(len(residual)):
        residual[k] = pull * expected[k] - residual[k]
    for j in range(len(residual)):
        value = share * expected[j]
        for k in range(len(residual)):
            residual[k] += value * common[j, k]
    for n in range(len(entries)):
        for k in range(len(residual)):
            residual[k] += targets[n] * fixed[entries[n], k]


@compiled()
def _image(
    entries: NDArray[np.int32],
    weights: NDArray[np.floating],
    fixed: NDArray[np.floating],
    common: NDArray[np.floating],
    penalty: np.floating,
    vector: NDArray[np.floating],
    image: NDArray[np.floating],
) -> None:
    """`image = (common + penalty I + X'CX) vector`."""
    for k in range(len(vector)):
        image[k] = penalty * vector[k]
    for j in range(len(vector)):
        value = vector[j]
        for k in range(len(vector)):
            image[k] += value * common[j, k]
    for n in range(len(entries)):
        value = weights[n] * _dot(fixed[entries[n]], vector)
        for k in range(len(vector)):
            image[k] += value * fixed[entries[n], k]


@compiled()
def _dot(left: NDArray[np.floating], right: NDArray[np.floating]) -> np.floating:
    total: np.floating = left[0] * right[0]
    for k in range(1, len(left)):
        total += left[k] * right[k]
    return total
