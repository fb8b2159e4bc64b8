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


def test_negative_rows_count_from_the_end() -> None:
    assert Texts.of(["a", "b"])[-1] == "b"
    assert TextLists.of([["a"], ["b", "c"]])[-1] == ("b", "c")


@pytest.mark.parametrize("row", [2, -3])
def test_a_row_outside_is_an_index_error(row: int) -> None:
    with pytest.raises(IndexError, match="of a column of 2"):
        Texts.of(["a", "b"])[row]
    with pytest.raises(IndexError, match="of a column of 2"):
        TextLists.of([["a"], []])[row]


def test_characters_without_utf8_are_replaced() -> None:
    assert list(Texts.of(["a\ud800b"])) == ["a?b"]
