"""The best films of many viewers at once, from factors or from scores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled
from matinee.kernels.threads import one_blas_thread_each

__all__ = ["top_of_factors", "top_of_scores"]

_ROWS, _COLUMNS = 128, 1024
"""Half a MiB of scores at a time, which are still in the cache when they are gone through."""
_STRIDE = 32
"""Scores that are looked at together: nearly always none of them is good enough."""


def top_of_factors(
    users: NDArray[np.float32],
    items: NDArray[np.float32],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    k: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The `k` films of highest `users @ items.T` for every viewer, without the seen ones.

    The product is taken in tiles by BLAS, one tile a thread, and every tile is gone through while
    it is in the cache: scores of all films are never held.

    Args:
        users: `float32[n, f]`.
        items: `float32[m, f]`.
        indptr: `int32[n + 1]`, seen films by viewer.
        indices: `int32[nnz]`, ascending within a viewer.
        k: length of the lists.

    Returns:
        `int32[n, k]`, rows of `items`, best first and equals by row, -1 beyond the end of a list;
        `float32[n, k]`, their scores, minus infinity there.
    """
    n, m = len(users), len(items)
    best = np.full((n, k), -1, dtype=np.int32)
    scores = np.full((n, k), -np.inf, dtype=np.float32)
    columns = [np.ascontiguousarray(items[at : at + _COLUMNS].T) for at in range(0, m, _COLUMNS)]

    def run(rows: slice) -> None:
        first = rows.start
        tile = np.empty((rows.stop - first, _COLUMNS), dtype=np.float32)
        for number, block in enumerate(columns):
            product = np.matmul(users[rows], block, out=tile[:, : block.shape[1]])
            _enter(
                product,
                number * _COLUMNS,
                indptr[first : rows.stop + 1],
                indices,
                best[rows],
                scores[rows],
            )

    _for_rows(run, n)
    return best, scores


def top_of_scores(
    scores: NDArray[np.float32],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    k: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The same where the scores of all films are at hand.

    Args:
        scores: `float32[n, m]`; seen films are overwritten with minus infinity.
        indptr: `int32[n + 1]`, seen films by viewer.
        indices: `int32[nnz]`, ascending within a viewer.
        k: length of the lists.
    """
    best = np.full((len(scores), k), -1, dtype=np.int32)
    values = np.full((len(scores), k), -np.inf, dtype=np.float32)

    def run(rows: slice) -> None:
        starts = indptr[rows.start : rows.stop + 1]
        _enter(scores[rows], 0, starts, indices, best[rows], values[rows])

    _for_rows(run, len(scores))
    return best, values


def _for_rows(run: Callable[[slice], None], n: int) -> None:
    """Calls `run` for some rows at a time, in as many threads as there may be."""
    with one_blas_thread_each() as workers, ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(run, [slice(at, min(at + _ROWS, n)) for at in range(0, n, _ROWS)]):
            pass


@compiled()
def _enter(
    tile: NDArray[np.float32],
    first: int,
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Brings the lists up to date with the scores of the films from `first` on."""
    rows, width = tile.shape
    for row in range(rows):
        line = tile[row]
        seen = indices[indptr[row] : indptr[row + 1]]
        for entry in range(np.searchsorted(seen, first), len(seen)):
            if seen[entry] >= first + width:
                break
            line[seen[entry] - first] = -np.inf
        _enter_line(line, first, best[row], scores[row])


@compiled()
def _enter_line(
    line: NDArray[np.float32], first: int, best: NDArray[np.int32], scores: NDArray[np.float32]
) -> None:
    last = len(scores) - 1
    worst = scores[last]
    for start in range(0, len(line), _STRIDE):
        stop = min(start + _STRIDE, len(line))
        better = 0
        for column in range(start, stop):
            better += line[column] > worst
        if not better:
            continue
        for column in range(start, stop):
            if line[column] > worst:
                _insert(line[column], first + column, best, scores)
                worst = scores[last]


@compiled()
def _insert(
    score: np.float32, item: int, best: NDArray[np.int32], scores: NDArray[np.float32]
) -> None:
    """Into its place, behind equals; the last of the list falls out."""
    place = len(scores) - 1
    while place > 0 and scores[place - 1] < score:
        scores[place], best[place] = scores[place - 1], best[place - 1]
        place -= 1
    scores[place], best[place] = score, item
