"""Hashes are equal for equal content only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.splits import Split
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.receipts.fingerprint import fingerprint

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside),
    max_leaves=8,
)


def same(one: Any, other: Any) -> bool:
    """Equal in value and in type, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


@given(plain, plain)
def test_only_equal_values_share_a_fingerprint(one: Any, other: Any) -> None:
    assert (fingerprint(one) == fingerprint(other)) == same(one, other)


@dataclass(frozen=True)
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        ([[1], 2], [[1, 2]]),
        ({"a": 1}, ["a", 1]),
        (np.zeros(4), np.zeros((2, 2))),
        (np.zeros(4, dtype=np.int32), np.zeros(4, dtype=np.float32)),
        (sp.csr_array((2, 3)), sp.csr_array((3, 2))),
        (Point(1, 2), {"x": 1, "y": 2}),
        (Point(1, 2), Point(2, 1)),
    ],
)
def test_similar_values_have_different_fingerprints(one: object, other: object) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_the_width_of_a_matrix_s_indices_does_not_count() -> None:
    narrow = sp.csr_array(np.eye(3, dtype=np.float32))
    wide = narrow.copy()
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    assert fingerprint(narrow) == fingerprint(wide)


def test_the_order_in_a_mapping_or_a_set_does_not_count() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint(frozenset("ab")) == fingerprint(frozenset("ba"))


def test_unknown_types_are_refused() -> None:
    with pytest.raises(TypeError, match="object has no fingerprint"):
        fingerprint([object()])
    with pytest.raises(TypeError, match="array of object"):
        fingerprint(np.array([None]))


def test_one_rating_changes_a_split(planted: Interactions, planted_catalog: Catalog) -> None:
    def split(interactions: Interactions) -> Split:
        return divide("random", Dataset("planted", interactions, planted_catalog, ""))[0].test

    first, again = split(planted), split(planted)
    assert fingerprint(first) == fingerprint(again)
    values = planted.values.copy()
    values[17] = 6 - values[17]
    assert fingerprint(split(replace(planted, values=values))) != fingerprint(first)
    assert fingerprint(replace(first, name="another")) != fingerprint(first)


def test_one_fact_changes_a_catalogue(planted_catalog: Catalog) -> None:
    films = planted_catalog.films()
    assert fingerprint(Catalog.of(films)) == fingerprint(planted_catalog)
    films[3] = replace(films[3], genres=("Drama",))
    assert fingerprint(Catalog.of(films)) != fingerprint(planted_catalog)
