"""How little some thresholds have to move, together, so that enough films are within them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["GIVEN_UP", "smallest_moves"]

GIVEN_UP = 1 << 40
"""The move after which a threshold lets everything through, also what is unknown."""

_NEVER = np.iinfo(np.int64).max
_MOST_THRESHOLDS = 3


def smallest_moves(
    needs: Sequence[NDArray[np.int64]], weights: Sequence[int], wanted: int
) -> tuple[int, ...]:
    """One move a threshold: the fewest given up, then the least weighted sum of the others.

    Of equal sums the one that moves the earlier thresholds less. Films are counted in a table of
    two thresholds, which grows with every move of a third one.

    Args:
        needs: for every threshold, at most three, `int64[n]`: how far each film needs it to move; 0
            or more, or `GIVEN_UP`.
        weights: what one unit of each counts.
        wanted: how many of the films are enough, at most `n`.
    """
    if not needs:
        return ()
    unused = _MOST_THRESHOLDS - len(needs)
    columns = [np.zeros(len(needs[0]), dtype=np.int64)] * unused + list(needs)
    axes, places = zip(*(np.unique(each, return_inverse=True) for each in columns), strict=True)
    costs = [
        _costs(moves, weight) for moves, weight in zip(axes, [*[1] * unused, *weights], strict=True)
    ]
    shape = (len(axes[1]), len(axes[2]))
    cells = places[1] * shape[1] + places[2]
    order = np.argsort(places[0], kind="stable")
    ends = np.cumsum(np.bincount(places[0]))
    of_pair = costs[1][:, np.newaxis] + costs[2]
    table = np.zeros(shape, dtype=np.int64)
    least, chosen, start = _NEVER, (0, 0, 0), 0
    for first, end in enumerate(ends.tolist()):
        cost = int(costs[0][first])
        if cost >= least:
            break
        table += np.bincount(cells[order[start:end]], minlength=table.size).reshape(shape)
        start = end
        if end < wanted:
            continue
        within = table.cumsum(axis=0).cumsum(axis=1)
        total = np.where(within >= wanted, of_pair + cost, _NEVER)
        best = int(np.argmin(total))
        if total.flat[best] < least:
            least, chosen = int(total.flat[best]), (first, *divmod(best, shape[1]))
    moves = (int(axis[place]) for axis, place in zip(axes, chosen, strict=True))
    return tuple(moves)[unused:]


def _costs(moves: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    """To give one threshold up costs more than all moves of all of them."""
    return np.where(moves == GIVEN_UP, GIVEN_UP, moves * weight)
