"""What is known of viewers, as words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp

from matinee.data import Attributes, Catalog, Dataset, Interactions, Vocabulary, attribute_words
from matinee.errors import DataError

VIEWERS = pl.DataFrame(
    {
        "user_id": ["a", "b", "b", "d"],
        "age": [17, None, 40, 56],
        "gender": ["F", "M", "F", None],
        "zip_code": ["1", "2", "3", "4"],
    }
)


def attributes_of(frame: pl.DataFrame) -> Attributes:
    return Attributes.of_frame(frame, Vocabulary.of("viewer", ["d", "c", "b", "a"]))


def test_a_table_of_viewers_becomes_words() -> None:
    known = attributes_of(VIEWERS.drop("zip_code"))
    assert [known.words(row) for row in range(4)] == [
        ("age=56 and over",),
        (),
        ("gender=M",),
        ("age=under 18", "gender=F"),
    ]


def test_a_column_of_many_values_is_left_out() -> None:
    wide = pl.DataFrame({"user_id": [str(n) for n in range(40)], "zip_code": list(range(40))})
    assert attributes_of(wide).names == ()


def test_a_table_without_columns_says_nothing() -> None:
    known = attributes_of(VIEWERS.select("user_id"))
    assert len(known) == 4
    assert known.words(0) == ()


def test_columns_are_those_a_model_has_learned() -> None:
    known = Attributes.of_words([("gender=F", "age=18-24"), ("job=chef",), ()])
    aligned = known.aligned(("age=18-24", "age=25-34", "gender=F"))
    np.testing.assert_array_equal(aligned.toarray(), [[1, 0, 1], [0, 0, 0], [0, 0, 0]])
    assert aligned.dtype == np.float32


def test_what_a_viewer_says_of_themselves() -> None:
    assert attribute_words({"age": 34, "gender": "F"}) == ("age=25-34", "gender=F")
    assert attribute_words({"age": "34"}) == ("age=25-34",)
    assert attribute_words({"age": "25-34"}) == ("age=25-34",)


def test_every_column_has_a_name() -> None:
    with pytest.raises(DataError, match="1 attributes are named and the matrix has 2 columns"):
        Attributes(("gender=F",), sp.csr_array((3, 2), dtype=np.float32))


def test_interactions_carry_the_attributes_of_their_viewers(planted: Interactions) -> None:
    described = replace(planted, attributes=Attributes.of_words([("gender=F",)] * planted.n_users))
    assert described.select(slice(3)).attributes is described.attributes
    assert described.content_hash != planted.content_hash
    with pytest.raises(DataError, match="attributes of 1 viewers"):
        replace(planted, attributes=Attributes.of_words([("gender=F",)]))


def test_a_query_of_a_viewer_says_who_they_are(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    ids = planted.user_ids.ids.tolist()
    frame = pl.DataFrame({"user_id": ids, "gender": ["F", *["M"] * (len(ids) - 1)]})
    data = Dataset("planted", planted, planted_catalog, "none", demographics=frame)
    assert data.viewer(ids[0]).attributes == ("gender=F",)
    assert data.viewer(ids[1]).attributes == ("gender=M",)
