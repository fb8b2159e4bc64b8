"""The nearest neighbours: weighted means over them, and the most similar films of each film."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["kth_largest", "mean_of_nearest", "most_related", "strongest"]

_LANES, _HALVINGS = 512, 12
"""Lanes and bisection steps of the first bound, see `_lower_bound`."""
_BLOCK = 16
"""Columns compared together, most of the time without a hit."""
_ABOVE_ZERO = np.float32(np.finfo(np.float32).smallest_subnormal)


@compiled(parallel=True)
def mean_of_nearest(
    ratings: Csr,
    targets: Csr,
    similarity: NDArray[np.float32],
    by_item: bool,  # noqa: FBT001  numba has no keyword-only arguments
    neighbours: int,
    damping: np.float32,
) -> NDArray[np.float32]:
    """Weighted mean of the nearest neighbours' deviations, for each target pair of user and item.

    Neighbours have a positive similarity; the mean is 0 where there are none. Of equal neighbours
    the first in storage order win.

    Args:
        ratings: deviations of the candidates: the items of each user's history if `by_item`, else
            the users who rated each item.
        targets: items by user; their values are not read.
        similarity: by item `float32[n_items, n_items]`, symmetric, else `float32[n, n_users]`.
        by_item: whether neighbours are items or users.
        neighbours: how many enter a mean at most.
        damping: added to the sum of weights; pulls the mean towards 0.

    Returns:
        `float32[targets]`.
    """
    (starts, candidates, deviations), (target_starts, target_items, _) = ratings, targets
    means = np.zeros(len(target_items), dtype=np.float32)
    longest = 0
    for row in range(len(starts) - 1):
        longest = max(longest, starts[row + 1] - starts[row])
    shards = min(64, len(target_starts) - 1)
    for shard in numba.prange(shards):
        weights = np.empty(longest, dtype=np.float32)
        values = np.empty(longest, dtype=np.float32)
        buffer = np.empty(longest, dtype=np.float32)
        for user in range(shard, len(target_starts) - 1, shards):
            for n in range(target_starts[user], target_starts[user + 1]):
                item = target_items[n]
                row = user if by_item else item
                count = 0
                for entry in range(starts[row], starts[row + 1]):
                    other = candidates[entry]
                    weight = similarity[other, item] if by_item else similarity[user, other]
                    weights[count] = weight
                    values[count] = deviations[entry]
                    count += weight > 0
                means[n] = _weighted_mean(
                    weights[:count], values[:count], buffer, neighbours, damping
                )
    return means


@compiled()
def _weighted_mean(
    weights: NDArray[np.float32],
    values: NDArray[np.float32],
    buffer: NDArray[np.float32],
    neighbours: int,
    damping: np.float32,
) -> np.float32:
    least, ties = _threshold(weights, buffer, neighbours)
    total, weight_sum = np.float32(0), damping
    for n in range(len(weights)):
        weight = weights[n]
        if weight < least:
            continue
        if weight == least:
            ties -= 1
            if ties < 0:
                continue
        total += weight * values[n]
        weight_sum += weight
    return total / weight_sum if weight_sum > 0 else np.float32(0)


@compiled(parallel=True)
def most_related(
    by_user: Csr,
    by_item: Csr,
    rarity: NDArray[np.float32],
    related: NDArray[np.int32],
    sums: NDArray[np.float32],
) -> None:
    """Finds the largest off-diagonal entries of every row of `X.T X`, compared times a `rarity`.

    Each thread holds one row at a time, so memory grows with the result and not with all pairs.

    Args:
        by_user: items of each user, with values above 0.
        by_item: the transpose.
        rarity: `float32[n_items]`, factor of each column in comparisons.
        related: `int32[n_items, m]`, overwritten: columns, ascending, the rest -1. Of equal
            entries the first column wins.
        sums: `float32[n_items, m]`, overwritten: the entries themselves.
    """
    (starts, items, values), (item_starts, users, item_values) = by_user, by_item
    shards = 64
    n_items = len(rarity)
    width = (n_items + _LANES - 1) // _LANES * _LANES
    for shard in numba.prange(shards):
        row = np.zeros(n_items, dtype=np.float32)
        strength = np.zeros(width, dtype=np.float32)  # zeros at the end fill the last block
        columns = np.empty(width, dtype=np.int32)
        buffer = np.empty(width, dtype=np.float32)
        for item in range(shard, n_items, shards):
            if item_starts[item] == item_starts[item + 1]:
                related[item], sums[item] = -1, 0
                continue
            for n in range(item_starts[item], item_starts[item + 1]):
                user, value = users[n], item_values[n]
                for entry in range(starts[user], starts[user + 1]):
                    row[np.uint32(items[entry])] += value * values[entry]
            row[item] = 0
            for column in range(n_items):
                strength[column] = row[column] * rarity[column]
            least = _lower_bound(strength, buffer, related.shape[1])
            count = _at_least(strength, least, columns)
            _keep_best(columns[:count], strength, buffer, row, related[item], sums[item])
            row[:] = 0


@compiled()
def _lower_bound(strength: NDArray[np.float32], highest: NDArray[np.float32], k: int) -> np.float32:
    """A number that at least `k` strengths reach, and not many more; 0 if there is none above 0.

    Columns are split into lanes: if the highest strengths of `k` lanes reach it, so do `k` columns.
    One pass and a bisection in vector instructions replace quickselect over all columns.
    """
    if 2 * k > _LANES:
        return np.float32(0)
    for lane in range(_LANES):
        highest[lane] = 0
    for start in range(0, len(strength), _LANES):
        for lane in range(_LANES):
            highest[lane] = max(highest[lane], strength[start + lane])
    low, high = np.float32(0), np.float32(0)
    for lane in range(_LANES):
        high = max(high, highest[lane])
    for _ in range(_HALVINGS):
        middle = np.float32(0.5) * (low + high)
        reaching = np.int32(0)
        for lane in range(_LANES):
            reaching += np.int32(highest[lane] >= middle)
        if reaching >= k:
            low = middle
        else:
            high = middle
    return low


@compiled()
def _at_least(strength: NDArray[np.float32], least: np.float32, columns: NDArray[np.int32]) -> int:
    """Writes the columns with a strength above 0 of `least` or more; returns how many there are."""
    least = max(least, _ABOVE_ZERO)
    count = 0
    for start in range(0, len(strength), _BLOCK):
        block = strength[start : start + _BLOCK]
        found = np.int32(0)
        for n in range(_BLOCK):  # a constant length, in vector instructions
            found += np.int32(block[n] >= least)
        if found:
            for n in range(_BLOCK):
                columns[count] = start + n
                count += block[n] >= least
    return count


@compiled()
def _keep_best(
    columns: NDArray[np.int32],
    strength: NDArray[np.float32],
    buffer: NDArray[np.float32],
    row: NDArray[np.float32],
    related: NDArray[np.int32],
    sums: NDArray[np.float32],
) -> None:
    k = len(related)
    least, ties = np.float32(-1), 0
    if len(columns) > k:
        for n in range(len(columns)):
            buffer[n] = strength[columns[n]]
        least, ties = kth_largest(buffer[: len(columns)], k), k
        for column in columns:
            ties -= strength[column] > least
    place = 0
    for column in columns:
        if strength[column] < least:
            continue
        if strength[column] == least:
            ties -= 1
            if ties < 0:
                continue
        related[place], sums[place] = column, row[column]
        place += 1
    related[place:] = -1
    sums[place:] = 0


@compiled(parallel=True)
def strongest(
    related: NDArray[np.int32],
    sums: NDArray[np.float32],
    rarity: NDArray[np.float32],
    nearest: NDArray[np.int32],
) -> None:
    """Finds the items that `most_related` compares highest, highest first.

    Args:
        related: `int32[n_items, m]`, of `most_related`.
        sums: `float32[n_items, m]`, of `most_related`.
        rarity: `float32[n_items]`, as there.
        nearest: `int32[n_items, k]`, overwritten; -1 after the last. Of equal ones the first wins.
    """
    shards = 64
    n_items, k = nearest.shape
    for shard in numba.prange(shards):
        best = np.empty(k, dtype=np.float32)
        for item in range(shard, n_items, shards):
            own = nearest[item]
            own[:] = -1
            best[:] = -1
            for entry in range(related.shape[1]):
                column = related[item, entry]
                if column < 0:
                    break
                strength = sums[item, entry] * rarity[column]
                place = k - 1
                if strength <= best[place]:
                    continue
                while place > 0 and best[place - 1] < strength:
                    best[place], own[place] = best[place - 1], own[place - 1]
                    place -= 1
                best[place], own[place] = strength, column


@compiled()
def _threshold(
    numbers: NDArray[np.float32], buffer: NDArray[np.float32], k: int
) -> tuple[np.float32, int]:
    """The `k`-th largest of positive numbers, and how many equal to it are among the first `k`.

    -1 and 0 if there are no more than `k`.
    """
    if len(numbers) <= k:
        return np.float32(-1), 0
    buffer[: len(numbers)] = numbers
    least = kth_largest(buffer[: len(numbers)], k)
    ties = k
    for number in numbers:
        ties -= number > least
    return least, ties


@compiled()
def kth_largest(numbers: NDArray[np.float32], k: int) -> np.float32:
    """The `k`-th largest number, by quickselect (Hoare 1961).

    `np.partition` inside a kernel takes two to four times as long.

    Args:
        numbers: `float32[n]`, reordered in place.
        k: from 1 to `n`.
    """
    low, high, place = 0, len(numbers) - 1, k - 1
    while low < high:
        pivot = numbers[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while numbers[left] > pivot:
                left += 1
            while numbers[right] < pivot:
                right -= 1
            if left <= right:
                numbers[left], numbers[right] = numbers[right], numbers[left]
                left += 1
                right -= 1
        if place <= right:
            high = right
        elif place >= left:
            low = left
        else:
            break
    return numbers[place]
