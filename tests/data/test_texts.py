"""Columns of text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import TextLists, Texts

TEXT = st.text(st.characters(codec="utf-8"))


@given(st.lists(TEXT))
def test_a_column_returns_its_strings(strings: list[str]) -> None:
    texts = Texts.of(strings)
    assert list(texts) == strings
    assert [texts[row] for row in range(len(texts))] == strings
    assert texts[:] == strings
    assert texts.utf8.dtype == np.uint8
    assert texts.bounds.dtype == np.int64


@given(st.lists(st.lists(TEXT).map(tuple)))
def test_a_column_returns_its_lists(lists: list[tuple[str, ...]]) -> None:
    columns = TextLists.of(lists)
    assert list(columns) == lists
    assert [columns[row] for row in range(len(columns))] == lists
    assert columns[1:] == lists[1:]


@pytest.mark.parametrize("column", [Texts.of("ab"), TextLists.of([["a"], ["b", "c"]])])
def test_negative_rows_count_from_the_end_and_others_are_errors(column: Texts | TextLists) -> None:
    assert column[-1] == column[1]
    for row in (2, -3):
        with pytest.raises(IndexError, match="of a column of 2"):
            column[row]


def test_characters_without_utf8_are_replaced() -> None:
    assert list(Texts.of(["a\ud800b"])) == ["a?b"]
