"""Ids and rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Vocabulary
from matinee.errors import DataError, UnknownNameError

# NumPy's fixed-width strings cannot end in a null character.
IDS = st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), unique=True)


@given(IDS)
def test_ids_have_rows_and_rows_have_ids(ids: list[str]) -> None:
    vocabulary = Vocabulary.of("film", ids)
    assert len(vocabulary) == len(ids)
    rows = vocabulary.rows(ids)
    assert rows.dtype == np.int32
    assert rows.tolist() == list(range(len(ids)))
    assert vocabulary.ids[rows].tolist() == ids
    assert all(each in vocabulary for each in ids)


def test_numeric_ids_become_text() -> None:
    vocabulary = Vocabulary.of("viewer", [30, 4])
    assert vocabulary.ids.tolist() == ["30", "4"]
    assert vocabulary.row("4") == 1
    assert 4 not in vocabulary


def test_an_unknown_id_is_an_error_that_names_the_range() -> None:
    vocabulary = Vocabulary.of("film", [1, 2, 3])
    with pytest.raises(UnknownNameError, match="unknown film id '9'; there are 3 film ids, 1 to 3"):
        vocabulary.row("9")
    with pytest.raises(UnknownNameError, match="'9'"):
        vocabulary.rows(["1", "9"])

    with pytest.raises(UnknownNameError, match="there are 0 film ids"):
        Vocabulary.of("film", []).row("1")


# Text in arrays loses a null character at its end.
@pytest.mark.parametrize("ids", [[4, 5, "4"], ["4", "4\0"]])
def test_a_repeated_id_is_refused(ids: list[object]) -> None:
    with pytest.raises(DataError, match=r"film id '4.*' occurs twice"):
        Vocabulary.of("film", ids)
