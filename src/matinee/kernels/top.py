"""The top `k` items of many users, from factors or from scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled
from matinee.kernels.threads import one_blas_thread_each

__all__ = ["top_of_factors", "top_of_scores"]

_ROWS, _COLUMNS = 128, 4096
"""Size of a tile: two MiB of scores, which stay in the cache."""
_BLOCK = 64
"""Scores compared together, almost always without a hit. A constant lets the compiler use vector
instructions."""
_LANES, _HALVINGS = 64, 7
"""Lanes and bisection steps of the first bound, see `_bound`."""


def top_of_factors(
    users: NDArray[np.float32],
    items: NDArray[np.float32],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    k: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The `k` unseen items of highest `users @ items.T` for every user.

    BLAS computes the product tile by tile, and each tile is searched while it is in the cache: the
    whole product is never in memory.

    Args:
        users: `float32[n, f]`.
        items: `float32[m, f]`.
        indptr: `int32[n + 1]`, seen items by user.
        indices: `int32[nnz]`, ascending for each user.
        k: length of the lists.

    Returns:
        `int32[n, k]`, rows of `items`, best first and ties by row, -1 after the end of a list;
        `float32[n, k]`, their scores, minus infinity there.
    """
    n, m = len(users), len(items)
    best = np.full((n, k), -1, dtype=np.int32)
    scores = np.full((n, k), -np.inf, dtype=np.float32)
    columns = [np.ascontiguousarray(items[at : at + _COLUMNS].T) for at in range(0, m, _COLUMNS)]

    def run(parts: Iterator[slice]) -> None:
        tile = np.empty(_ROWS * _COLUMNS, dtype=np.float32)
        for rows in parts:
            count = rows.stop - rows.start
            seen = indptr[rows.start : rows.stop + 1]
            for number, block in enumerate(columns):
                here = tile[: count * block.shape[1]].reshape(count, -1)
                product = np.matmul(users[rows], block, out=here)
                _enter(product, number * _COLUMNS, seen, indices, best[rows], scores[rows])

    _for_rows(run, n)
    return best, scores


def top_of_scores(
    scores: NDArray[np.float32],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    k: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The same where the scores of all films are given.

    Args:
        scores: `float32[n, m]`; those of seen items are overwritten with minus infinity.
        indptr: `int32[n + 1]`, seen items by user.
        indices: `int32[nnz]`, ascending for each user.
        k: length of the lists.
    """
    best = np.full((len(scores), k), -1, dtype=np.int32)
    values = np.full((len(scores), k), -np.inf, dtype=np.float32)

    def run(parts: Iterator[slice]) -> None:
        for rows in parts:
            starts = indptr[rows.start : rows.stop + 1]
            _enter(scores[rows], 0, starts, indices, best[rows], values[rows])

    _for_rows(run, len(scores))
    return best, values


def _for_rows(run: Callable[[Iterator[slice]], None], n: int) -> None:
    """Calls `run` in every available thread, with one shared iterator over blocks of rows."""
    parts = iter([slice(at, min(at + _ROWS, n)) for at in range(0, n, _ROWS)])
    with one_blas_thread_each() as workers, ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(run, parts) for _ in range(workers)]:
            done.result()


@compiled()
def _enter(
    tile: NDArray[np.float32],
    first: int,
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Updates the lists with the scores of the items from `first` on."""
    rows, width = tile.shape
    highest = np.empty(_LANES, dtype=np.float32)
    candidates, places = (
        np.empty(4 * _BLOCK, dtype=np.float32),
        np.empty(4 * _BLOCK, dtype=np.int32),
    )
    for row in range(rows):
        line = tile[row]
        seen = indices[indptr[row] : indptr[row + 1]]
        for entry in range(np.searchsorted(seen, first), len(seen)):
            if seen[entry] >= first + width:
                break
            line[seen[entry] - first] = -np.inf
        worst = scores[row, len(scores[row]) - 1]
        if worst == -np.inf:
            worst = _bound(line, len(scores[row]), highest)
        _enter_line(line, first, worst, candidates, places, best[row], scores[row])


@compiled()
def _bound(line: NDArray[np.float32], k: int, highest: NDArray[np.float32]) -> np.float32:
    """A lower bound of the `k`-th highest score, close to it; minus infinity if there is none.

    The first columns are split into lanes. If the maxima of `k` lanes exceed a number, so do `k`
    scores. Without a bound a new list inserts nearly every score it sees first, in vain.
    """
    if 2 * k > _LANES:
        return np.float32(-np.inf)
    for lane in range(_LANES):
        highest[lane] = -np.inf
    for start in range(0, min(len(line), _COLUMNS) - _LANES + 1, _LANES):
        part = line[start : start + _LANES]
        for lane in range(_LANES):
            highest[lane] = part[lane] if part[lane] > highest[lane] else highest[lane]
    low, high = np.float32(np.inf), np.float32(-np.inf)
    for lane in range(_LANES):
        if highest[lane] > -np.inf:
            low, high = min(low, highest[lane]), max(high, highest[lane])
    bound = np.float32(-np.inf)
    for _ in range(_HALVINGS):
        middle = np.float32(0.5) * low + np.float32(0.5) * high
        exceeding = np.int32(0)
        for lane in range(_LANES):
            exceeding += np.int32(highest[lane] > middle)
        if exceeding >= k:
            low = bound = middle
        else:
            high = middle
    return bound


@compiled()
def _enter_line(
    line: NDArray[np.float32],
    first: int,
    worst: np.float32,
    candidates: NDArray[np.float32],
    places: NDArray[np.int32],
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Inserts the scores above `worst`, which rises with the last score of the list.

    Candidates are first collected in `candidates` and `places` without a branch, which would be
    unpredictable, and inserted when these are full or the line ends.
    """
    count = 0
    whole = len(line) // _BLOCK * _BLOCK
    for start in range(0, whole, _BLOCK):
        block = line[start : start + _BLOCK]
        better = np.int32(0)
        for column in range(_BLOCK):
            better += np.int32(block[column] > worst)
        if better:
            if count + _BLOCK > len(candidates):
                worst = _enter_candidates(candidates[:count], places, worst, best, scores)
                count = 0
            for column in range(_BLOCK):
                candidates[count], places[count] = block[column], first + start + column
                count += block[column] > worst
    worst = _enter_candidates(candidates[:count], places, worst, best, scores)
    count = 0
    for column in range(whole, len(line)):
        candidates[count], places[count] = line[column], first + column
        count += line[column] > worst
    _enter_candidates(candidates[:count], places, worst, best, scores)


@compiled()
def _enter_candidates(
    candidates: NDArray[np.float32],
    places: NDArray[np.int32],
    worst: np.float32,
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> np.float32:
    for n in range(len(candidates)):
        if candidates[n] > worst:
            _insert(candidates[n], places[n], best, scores)
            worst = max(worst, scores[len(scores) - 1])
    return worst


@compiled()
def _insert(
    score: np.float32, item: int, best: NDArray[np.int32], scores: NDArray[np.float32]
) -> None:
    """Inserts a score after equal ones and drops the last of the list."""
    place = len(scores) - 1
    while place > 0 and scores[place - 1] < score:
        scores[place], best[place] = scores[place - 1], best[place - 1]
        place -= 1
    scores[place], best[place] = score, item
