"""The k-th largest number beside a whole sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matinee.kernels.selection import kth_largest


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40), st.data())
def test_it_is_the_one_a_sort_puts_there(numbers: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(numbers)))
    found = kth_largest(np.array(numbers, dtype=np.float32), k)
    assert found == sorted(numbers, reverse=True)[k - 1]
