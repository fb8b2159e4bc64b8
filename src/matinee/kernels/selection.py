"""The k-th largest of some numbers, for compiled loops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["kth_largest"]


@compiled()
def kth_largest(numbers: NDArray[np.float32], k: int) -> np.float32:
    """The `k`-th largest number, by quickselect (Hoare 1961); the numbers are moved about.

    Args:
        numbers: `float32[n]`, overwritten by the same in another order.
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
    kth: np.float32 = numbers[place]
    return kth
