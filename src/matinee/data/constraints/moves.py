"""The cheapest moves of up to three thresholds that let enough films through."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["DROP", "smallest_moves"]

DROP = 1 << 40
"""The move that drops a threshold: every film passes, even if its fact is unknown."""

_MAX_THRESHOLDS = 3


def smallest_moves(
    needs: Sequence[NDArray[np.int64]], weights: Sequence[int], minimum: int
) -> tuple[int, ...]:
    """One move for each threshold so that at least `minimum` films pass all of them.

    The moves drop as few thresholds as possible, and have the least weighted sum among those. Of
    equal sums, the one with smaller moves of the earlier thresholds.

    Only moves that some film needs are candidates. For each candidate of the first threshold, in
    ascending order, a table counts the films that pass it by their needs of the second and third;
    its cumulative sums are the films that pass every combination of moves.

    Args:
        needs: for each of at most three thresholds, `int64[n]`: the move every film needs, 0 or
            more, or `DROP`.
        weights: cost of a move by one, for each threshold.
        minimum: least number of films, at most `n`.
    """
    if not needs:
        return ()
    # Missing thresholds come first and need no move.
    missing = _MAX_THRESHOLDS - len(needs)
    needs = [*[np.zeros_like(needs[0])] * missing, *needs]
    candidates = [np.unique(each, return_inverse=True) for each in needs]
    moves, places = [each[0] for each in candidates], [each[1] for each in candidates]
    first, second, third = map(_costs, moves, [*[1] * missing, *weights])
    pair_costs = second[:, np.newaxis] + third
    table = np.zeros(pair_costs.shape, dtype=np.int64)
    # The films that need each candidate move of the first threshold.
    films = np.split(np.argsort(places[0], kind="stable"), np.bincount(places[0]).cumsum()[:-1])
    least, best = np.iinfo(np.int64).max, (0, 0, 0)
    for at, cost in enumerate(first.tolist()):
        if cost >= least:
            break
        np.add.at(table, (places[1][films[at]], places[2][films[at]]), 1)
        enough = table.cumsum(axis=0).cumsum(axis=1) >= minimum
        totals = np.where(enough, pair_costs + cost, least)
        cell = int(totals.argmin())
        if totals.flat[cell] < least:
            least, best = int(totals.flat[cell]), (at, *divmod(cell, len(third)))
    return tuple(int(each[place]) for each, place in zip(moves, best, strict=True))[missing:]


def _costs(moves: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    """Weighted moves; dropping a threshold costs more than all other moves together."""
    return np.where(moves == DROP, DROP, moves * weight)
