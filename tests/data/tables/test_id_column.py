from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.tables.id_column import IdColumn


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
