"""The best films of many viewers at once, from factors or from scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled
from matinee.kernels.threads import one_blas_thread_each

__all__ = ["top_of_factors", "top_of_scores"]

_ROWS, _COLUMNS = 128, 4096
"""Two MiB of scores at a time, which are still in the cache when they are gone through."""
_BLOCK = 64
"""Scores that are looked at together: nearly always none of them is good enough. Their number is
known to the compiler, which is what makes few vector instructions of all comparisons."""
_LANES, _HALVINGS = 64, 7
"""Columns whose highest scores give a list its first bound, and how closely it is found."""


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
    """The same where the scores of all films are at hand.

    Args:
        scores: `float32[n, m]`; seen films are overwritten with minus infinity.
        indptr: `int32[n + 1]`, seen films by viewer.
        indices: `int32[nnz]`, ascending within a viewer.
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
    """Calls `run` in as many threads as there may be; each takes the next rows when it is ready."""
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
    """Brings the lists up to date with the scores of the films from `first` on."""
    rows, width = tile.shape
    highest = np.empty(_LANES, dtype=np.float32)
    found, places = np.empty(4 * _BLOCK, dtype=np.float32), np.empty(4 * _BLOCK, dtype=np.int32)
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
        _enter_line(line, first, worst, found, places, best[row], scores[row])


@compiled()
def _bound(line: NDArray[np.float32], k: int, highest: NDArray[np.float32]) -> np.float32:
    """A number that at least `k` of the scores exceed, and few more; minus infinity if unsure.

    The first columns are dealt out to lanes. Where the highest of `k` lanes exceed a number, so do
    `k` scores, and what does not exceed it is not among the best. Without it a new list takes
    nearly everything it meets at first, only to drop it again.
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
    found: NDArray[np.float32],
    places: NDArray[np.int32],
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Lists what exceeds `worst`, which rises to the last of the list once that is higher.

    What is good enough is collected without a branch, which nothing could foretell, and listed
    when `found` and `places` are full or the line is through.
    """
    count = 0
    whole = len(line) // _BLOCK * _BLOCK
    for start in range(0, whole, _BLOCK):
        block = line[start : start + _BLOCK]
        better = np.int32(0)
        for column in range(_BLOCK):
            better += np.int32(block[column] > worst)
        if better:
            if count + _BLOCK > len(found):
                worst = _enter_found(found[:count], places, worst, best, scores)
                count = 0
            for column in range(_BLOCK):
                found[count], places[count] = block[column], first + start + column
                count += block[column] > worst
    worst = _enter_found(found[:count], places, worst, best, scores)
    count = 0
    for column in range(whole, len(line)):
        found[count], places[count] = line[column], first + column
        count += line[column] > worst
    _enter_found(found[:count], places, worst, best, scores)


@compiled()
def _enter_found(
    found: NDArray[np.float32],
    places: NDArray[np.int32],
    worst: np.float32,
    best: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> np.float32:
    for n in range(len(found)):
        if found[n] > worst:
            _insert(found[n], places[n], best, scores)
            worst = max(worst, scores[len(scores) - 1])
    return worst


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
