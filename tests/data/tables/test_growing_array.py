from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.tables.id_column import GrowingArray


@given(st.lists(st.lists(st.integers(-9, 9), max_size=7)), st.integers(0, 30))
def test_values_come_in_order_whatever_the_capacity(blocks: list[list[int]], capacity: int) -> None:
    array = GrowingArray(np.int32, capacity)
    for number, block in enumerate(blocks):
        values = pl.Series(block, dtype=pl.Int32)
        # One chunk, several chunks, an array.
        if number % 3 == 0:
            array.append(values)
        elif number % 3 == 1:
            array.append(values.head(2).append(values.slice(2)))
        else:
            array.append(values.to_numpy())
    assert len(array) == sum(map(len, blocks))
    result = array.pop()
    assert result.dtype == np.int32
    assert result.tolist() == [each for block in blocks for each in block]
    assert result.base is None
    assert len(array) == 0


@pytest.mark.parametrize("capacity", [0, 2, 100])
def test_a_wider_type_widens_the_array(capacity: int) -> None:
    array = GrowingArray(np.int32, capacity)
    array.append(np.array([1, 2], dtype=np.int32))
    array.append(np.array([2**40]))
    array.append(np.array([3], dtype=np.int32))
    values = array.pop()
    assert values.dtype == np.int64
    assert values.tolist() == [1, 2, 2**40, 3]
