"""Attributes of users."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp

from matinee.data import Attributes, Catalog, Dataset, Interactions, Vocabulary, attribute_words
from matinee.errors import DataError

USERS = pl.DataFrame(
    {
        "user_id": ["a", "b", "b", "d"],
        "age": [17, None, 40, 56],
        "gender": ["F", "M", "F", None],
        "zip_code": ["1", "2", "3", "4"],
    }
)


def attributes_of(frame: pl.DataFrame) -> Attributes:
    return Attributes.of_frame(frame, Vocabulary.of("viewer", ["d", "c", "b", "a"]))


def test_a_table_of_users_becomes_words() -> None:
    attributes = attributes_of(USERS.drop("zip_code"))
    assert [attributes.words(row) for row in range(4)] == [
        ("age=56 and over",),
        (),
        ("gender=M",),
        ("age=under 18", "gender=F"),
    ]


def test_a_column_with_many_values_is_left_out() -> None:
    wide = pl.DataFrame({"user_id": [str(n) for n in range(40)], "zip_code": list(range(40))})
    assert attributes_of(wide).names == ()


def test_a_table_without_columns_has_no_attributes() -> None:
    attributes = attributes_of(USERS.select("user_id"))
    assert len(attributes) == 4
    assert attributes.words(0) == ()


def test_a_matrix_is_aligned_with_the_columns_of_a_model() -> None:
    attributes = Attributes.of_words([("gender=F", "age=18-24"), ("job=chef",), ()])
    aligned = attributes.aligned(("age=18-24", "age=25-34", "gender=F"))
    np.testing.assert_array_equal(aligned.toarray(), [[1, 0, 1], [0, 0, 0], [0, 0, 0]])
    assert aligned.dtype == np.float32


def test_facts_of_a_user_become_words() -> None:
    assert attribute_words({"age": 34, "gender": "F"}) == ("age=25-34", "gender=F")
    assert attribute_words({"age": "34"}) == ("age=25-34",)
    assert attribute_words({"age": "25-34"}) == ("age=25-34",)


def test_a_column_without_a_name_is_refused() -> None:
    with pytest.raises(DataError, match="needs 1 columns, one for each name, not 2"):
        Attributes(("gender=F",), sp.csr_array((3, 2), dtype=np.float32))


def test_interactions_carry_the_attributes_of_their_users(planted: Interactions) -> None:
    described = replace(planted, attributes=Attributes.of_words([("gender=F",)] * planted.n_users))
    assert described.select(slice(3)).attributes is described.attributes
    assert described.content_hash != planted.content_hash
    with pytest.raises(DataError, match="attributes of 1 viewers"):
        replace(planted, attributes=Attributes.of_words([("gender=F",)]))


def test_the_query_of_a_viewer_has_their_attributes(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    ids = planted.user_ids.ids.tolist()
    frame = pl.DataFrame({"user_id": ids, "gender": ["F", *["M"] * (len(ids) - 1)]})
    data = Dataset("planted", planted, planted_catalog, "none", demographics=frame)
    assert data.viewer(ids[0]).attributes == ("gender=F",)
    assert data.viewer(ids[1]).attributes == ("gender=M",)
