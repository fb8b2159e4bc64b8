from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Interactions, Vocabulary
from matinee.data.cleaning import Cleaning
from matinee.data.tables.repeats import last_ratings
from matinee.errors import DataError

ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=40
)


def interactions(
    users: list[int],
    items: list[int],
    times: list[int] | None = None,
    *,
    n_users: int = 6,
    n_items: int = 5,
) -> Interactions:
    return Interactions(
        np.array(users, dtype=np.int32),
        np.array(items, dtype=np.int32),
        np.linspace(1, 5, len(users), dtype=np.float32),
        np.array(times or [0] * len(users), dtype=np.int64),
        Vocabulary("viewer", np.arange(n_users).astype(np.str_)),
        Vocabulary("film", np.arange(n_items).astype(np.str_)),
    )


@given(ROWS)
def test_the_last_by_time_then_row_counts_as_in_polars(rows: list[tuple[int, int, int]]) -> None:
    users, items, times = map(list, zip(*rows, strict=True))
    data = interactions(users, items, times)
    cleaning = Cleaning()
    last = last_ratings(data, "r.csv", cleaning)
    expected = (
        data.to_frame()
        .with_row_index("row")
        .sort("timestamp", "row")
        .unique(["user_id", "item_id"], keep="last")
        .sort("row")
        .drop("row")
    )
    assert last.to_frame().equals(expected)
    assert sum(finding.count for finding in cleaning.findings) == len(rows) - len(expected)


@pytest.mark.parametrize("most_ranges", [1, 8])
@pytest.mark.parametrize("size", [50, 70_000])
def test_ranges_and_pieces_do_not_change_the_result(most_ranges: int, size: int) -> None:
    """Also where viewers times films exceed 32 bits."""
    rng = np.random.default_rng(3)
    # Ids at both ends, so that some pairs differ only in their highest bits.
    users, items = (
        (rng.integers(0, 20, 500) + rng.integers(0, 2, 500) * (size - 20)).tolist()
        for _ in range(2)
    )
    data = interactions(users, items, n_users=size, n_items=size)
    last = last_ratings(data, "r.csv", Cleaning(), piece=16, most_ranges=most_ranges)
    pairs = set(zip(users, items, strict=True))
    assert len(last) == len(pairs) < 500
    assert set(zip(last.users.tolist(), last.items.tolist(), strict=True)) == pairs


def test_the_first_repeated_pair_is_named_and_strict_reading_stops() -> None:
    data = interactions([4, 1, 4, 1], [2, 3, 2, 3])
    cleaning = Cleaning()
    assert len(last_ratings(data, "r.csv", cleaning)) == 2
    assert [str(finding) for finding in cleaning.findings] == [
        "2 repeated ratings, the last kept (r.csv: viewer 1 rated film 3 more than once)"
    ]
    with pytest.raises(DataError, match=r"r\.csv: viewer 1 rated film 3 more than once"):
        last_ratings(data, "r.csv", Cleaning(strict=True))


def test_rows_that_give_the_same_rating_again_are_counted_apart() -> None:
    data = interactions([0, 0, 0, 1, 1], [1, 1, 1, 2, 2], [5, 9, 7, 1, 2])
    data = replace(data, values=np.array([3, 4, 4, 2, 2], dtype=np.float32))
    cleaning = Cleaning()
    assert last_ratings(data, "r.csv", cleaning).values.tolist() == [4, 2]
    assert [(each.kind, each.count) for each in cleaning.findings] == [
        ("repeated ratings, the last kept", 1),
        ("rows that give the same rating again, the last kept", 2),
    ]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 0, 2, 1]])
def test_without_repeats_nothing_changes(order: list[int]) -> None:
    users, items = np.array([0, 0, 1, 5]), np.array([0, 4, 0, 4])
    data = interactions(users[order].tolist(), items[order].tolist())
    cleaning = Cleaning(strict=True)
    assert last_ratings(data, "r.csv", cleaning) is data
    nothing = Interactions.empty(data.item_ids)
    assert last_ratings(nothing, "r.csv", cleaning) is nothing
