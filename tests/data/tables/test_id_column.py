from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.tables.id_column import GrowingArray, IdColumn


def coded(*blocks: pl.Series) -> tuple[list[str], list[str]]:
    """The ids by row of the table, and the vocabulary."""
    column = IdColumn("film")
    for block in blocks:
        column.append(block)
    rows, vocabulary = column.pop()
    assert vocabulary.kind == "film"
    assert rows.dtype.name == "int32"
    return vocabulary.ids[rows].tolist(), vocabulary.ids.tolist()


@pytest.mark.parametrize("spread", [1, 3, 10**7, 10**12])
@given(blocks=st.lists(st.lists(st.integers(-5, 300), min_size=1), min_size=1, max_size=4))
def test_numbers_are_in_numerical_order(spread: int, blocks: list[list[int]]) -> None:
    """Without gaps, with few and with many."""
    numbers = [[each * spread for each in block] for block in blocks]
    ids, known = coded(*(pl.Series(block, dtype=pl.Int64) for block in numbers))
    every = [each for block in numbers for each in block]
    assert ids == list(map(str, every))
    assert known == list(map(str, sorted(set(every))))


def test_a_block_of_text_turns_all_ids_into_text() -> None:
    empty = pl.Series([], dtype=pl.String)
    ids, known = coded(empty, pl.Series([10, 9]), pl.Series(["a", "9"]), empty, pl.Series([10]))
    assert ids == ["10", "9", "a", "9", "10"]
    assert known == ["10", "9", "a"]


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
