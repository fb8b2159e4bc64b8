"""Groups on splits that are small enough to work by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp

from matinee.data import Histories, Interactions
from matinee.data.splits import Split, random
from matinee.experiments.comparing.groups import Grouping, groupings


@pytest.fixture
def six(planted: Interactions) -> Split:
    return _split(planted, users=[0, 1, 2, 3, 4, 5], lengths=[1, 2, 3, 4, 5, 6])


def _split(planted: Interactions, users: list[int], lengths: list[int]) -> Split:
    histories = sp.csr_array(
        np.array([[float(item < length) for item in range(40)] for length in lengths], np.float32)
    )
    empty = sp.csr_array(histories.shape, dtype=np.float32)
    return Split(
        name="by hand",
        train=planted,
        users=np.array(users, dtype=np.int32),
        histories=Histories(histories),
        targets=empty,
        seen=empty,
    )


def by_name(found: tuple[Grouping, ...]) -> dict[str, Grouping]:
    return {grouping.name: grouping for grouping in found}


def members(grouping: Grouping, split: int = 0) -> list[str | None]:
    return [None if code < 0 else grouping.labels[code] for code in grouping.codes[split]]


def test_columns_with_few_values_group_and_unknown_viewers_are_in_no_group(six: Split) -> None:
    demographics = pl.DataFrame(
        {
            "user_id": ["3", "1", "2", "5", "6"],  # viewer 4 is missing
            "gender": ["F", "M", "F", None, "M"],
            "zip": ["12345", "12346", "12347", "12348", "12349"],
            "always": ["yes"] * 5,
            "children": [2, 0, 1, 0, 2],
        }
    )
    found = by_name(groupings([six], demographics))
    assert members(found["gender"]) == ["M", "F", "F", None, None, "M"]
    assert members(found["children"]) == ["0", "1", "2", None, "0", "2"]
    assert "always" not in found


def test_ages_are_grouped_in_the_bands_of_movielens(six: Split) -> None:
    ages = pl.DataFrame({"user_id": list("123456"), "age": [17, 18, 24, 25, None, 99]})
    found = by_name(groupings([six], ages))["age"]
    assert members(found) == ["under 18", "18-24", "18-24", "25-34", None, "56 and over"]


def test_a_column_of_many_values_is_not_used(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    many = pl.DataFrame({"user_id": planted.user_ids.ids, "postcode": range(60)})
    assert "postcode" not in by_name(groupings([test], many))


def test_activity_is_thirds_of_the_length_of_the_history(six: Split) -> None:
    found = by_name(groupings([six]))["activity"]
    assert found.labels == ("up to 2 ratings", "3 to 4", "over 4")
    assert found.codes[0].tolist() == [0, 0, 1, 1, 2, 2]


def test_taste_is_thirds_of_the_popularity_of_the_films(planted: Interactions) -> None:
    known = np.bincount(planted.items, minlength=40)
    order = np.argsort(known, kind="stable")
    rows = [order[:3], order[3:6], order[18:21], order[21:24], order[-6:-3], order[-3:]]
    histories = np.zeros((6, 40), dtype=np.float32)
    for viewer, items in enumerate(rows):
        histories[viewer, items] = 1
    split = replace(
        _split(planted, [0, 1, 2, 3, 4, 5], [1] * 6), histories=Histories(sp.csr_array(histories))
    )
    found = by_name(groupings([split]))["taste"]
    assert found.codes[0].tolist() == [0, 0, 1, 1, 2, 2]
    shares = [known[items].mean() / 60 for items in rows]
    assert found.labels[2] == f"mainstream: over {shares[3]:.0%}"


def test_thirds_are_those_of_all_splits_together(planted: Interactions) -> None:
    splits = [_split(planted, [0, 1, 2], [1, 1, 2]), _split(planted, [3, 4, 5], [9, 10, 3])]
    found = by_name(groupings(splits))["activity"]
    assert found.labels == ("up to 1 ratings", "2 to 3", "over 3")
    assert [codes.tolist() for codes in found.codes] == [[0, 0, 1], [2, 2, 1]]


def test_equal_viewers_make_no_groups(planted: Interactions) -> None:
    assert "activity" not in by_name(groupings([_split(planted, [0, 1, 2], [4, 4, 4])]))


def test_an_empty_history_has_no_taste(planted: Interactions) -> None:
    found = by_name(groupings([_split(planted, [0, 1, 2, 3], [0, 1, 20, 21])]))
    assert members(found["taste"])[0] is None
    assert members(found["activity"])[0] == "up to 1 ratings"


def test_groups_of_the_protocol_are_a_grouping(six: Split) -> None:
    new = np.array([True, False, False, True, False, False])
    split = replace(six, viewer_groups={"new viewers": new, "known viewers": ~new})
    found = by_name(groupings([split]))["part"]
    assert members(found) == ["new viewers" if each else "known viewers" for each in new]
    assert by_name(groupings([six])).keys() == {"activity", "taste"}
