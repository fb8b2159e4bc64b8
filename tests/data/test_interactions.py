from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Attributes, Interactions, Vocabulary
from matinee.errors import DataError

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.sampled_from([1.0, 3.5, 5.0]), st.integers(0, 4)
    ),
    max_size=30,
)


def interactions(rows: list[tuple[int, int, float, int]]) -> Interactions:
    users, items, values, times = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.array(times, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["ann", "bob", "cid"]),
        item_ids=Vocabulary.of("film", [10, 20, 30, 40]),
    )


def rows_of(data: Interactions) -> list[tuple[int, int, float, int]]:
    columns = (data.users, data.items, data.values, data.times)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(ROWS)
def test_latest_keeps_the_last_rating_of_each_pair_in_order(
    rows: list[tuple[int, int, float, int]],
) -> None:
    last: dict[tuple[int, int], int] = {}
    for position, (user, item, _, time) in enumerate(rows):
        if (user, item) not in last or time >= rows[last[user, item]][3]:
            last[user, item] = position
    assert rows_of(interactions(rows).latest()) == [rows[each] for each in sorted(last.values())]


@given(ROWS)
def test_the_matrix_holds_every_latest_rating(rows: list[tuple[int, int, float, int]]) -> None:
    data = interactions(rows).latest()
    dense = np.zeros((3, 4), dtype=np.float32)
    for user, item, value, _ in rows_of(data):
        dense[user, item] = value
    assert data.matrix.dtype == np.float32
    assert data.matrix.has_sorted_indices
    np.testing.assert_array_equal(data.matrix.toarray(), dense)


@given(ROWS)
def test_a_history_is_one_viewers_rows_oldest_first(
    rows: list[tuple[int, int, float, int]],
) -> None:
    history = interactions(rows).history(1)
    assert rows_of(history) == sorted((row for row in rows if row[0] == 1), key=lambda row: row[3])


@pytest.mark.parametrize("built", [True, False])
def test_another_scale_converts_ratings_and_the_matrix_alike(*, built: bool) -> None:
    one = interactions([(0, 1, 3, 5), (1, 0, 1, 6), (0, 0, 5, 7)])
    before = one.matrix.toarray() if built else []
    other = one.with_scale((-10.0, 10.0), lambda ratings: 5 * ratings - 15)
    assert other.scale == (-10.0, 10.0)
    assert other.values.tolist() == [0, -10, 10]
    assert other.matrix.nnz == 3  # a rating of 0 is a rating
    assert other.matrix.toarray()[:2, :2].tolist() == [[10, 0], [-10, 0]]
    assert (one.scale, one.values.tolist()) == ((1.0, 5.0), [3, 1, 5])
    assert not built or np.array_equal(one.matrix.toarray(), before)


def test_a_pair_that_repeats_has_no_matrix() -> None:
    data = interactions([(0, 0, 1.0, 0), (0, 0, 5.0, 1)])
    with pytest.raises(DataError, match=r"1 ratings repeat a viewer and a film; .*latest\(\)"):
        _ = data.matrix


def test_the_hash_names_the_content() -> None:
    rows = [(0, 1, 5.0, 7), (2, 3, 1.0, 8)]
    data = interactions(rows)
    assert data.content_hash == interactions(rows).content_hash
    others = [
        interactions(rows[::-1]),
        interactions([(0, 1, 5.0, 9), rows[1]]),
        interactions([(0, 2, 5.0, 7), rows[1]]),
        interactions([(1, 1, 5.0, 7), rows[1]]),
        interactions([(0, 1, 3.5, 7), rows[1]]),
        replace(data, scale=(0.5, 5.0)),
        replace(data, user_ids=Vocabulary.of("viewer", ["ann", "bob", "dan"])),
        replace(data, item_ids=Vocabulary.of("film", [10, 20, 30, 50])),
    ]
    assert len({data.content_hash, *(other.content_hash for other in others)}) == len(others) + 1


def test_ids_and_columns_do_not_run_together_in_the_hash() -> None:
    def hashed(users: list[str], films: list[str], words: tuple[str, ...] | None = None) -> str:
        nothing = Interactions.empty(Vocabulary.of("film", films))
        attributes = None if words is None else Attributes.of_words([words] * len(users))
        viewers = Vocabulary.of("viewer", users)
        return replace(nothing, user_ids=viewers, attributes=attributes).content_hash

    neighbours = [
        hashed(["a"], ["bc"]),
        hashed(["ab"], ["c"]),
        hashed(["a", "bc"], []),
        hashed([], ["a", "bc"]),
        hashed(["a\nbc"], []),
        hashed(["a", "b"], ["c"]),
        hashed(["a"], ["b", "c"]),
        hashed(["a"], ["bc"], ()),
        hashed(["a"], ["bc"], ("x=1",)),
    ]
    assert len(set(neighbours)) == len(neighbours)


def test_columns_of_other_types_become_those_that_compiled_loops_read() -> None:
    data = interactions([(0, 1, 5.0, 7), (2, 3, 1.0, 8)])
    wide = replace(
        data,
        users=data.users.astype(np.int64),
        items=data.items.astype(np.uint8),
        values=data.values.astype(np.float64),
        times=data.times.astype(np.int32),
        scale=(1, 5),
    )
    assert [each.dtype for each in (wide.users, wide.items, wide.values, wide.times)] == [
        *(np.int32, np.int32),
        *(np.float32, np.int64),
    ]
    assert wide.content_hash == data.content_hash


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("users", [0.0, 2.0], "users must be of int32, not float64"),
        ("items", [1, 2**32 + 1], "items has a number beyond int32"),
        ("values", ["5", "1"], "values must be of float32"),
        ("values", [5, 1e300], "a rating is not a finite number"),
        ("times", [0.5, 1.0], "times must be of int64"),
    ],
)
def test_columns_that_would_lose_something_are_refused(
    column: str, values: list[Any], message: str
) -> None:
    data = interactions([(0, 1, 5.0, 7), (2, 3, 1.0, 8)])
    changes: dict[str, Any] = {column: np.array(values)}
    with pytest.raises(DataError, match=message):
        replace(data, **changes)


def test_rows_are_selected_by_mask_or_position() -> None:
    data = interactions([(0, 0, 1.0, 0), (1, 1, 3.5, 1), (2, 2, 5.0, 2)])
    assert rows_of(data.select(np.array([True, False, True]))) == [(0, 0, 1.0, 0), (2, 2, 5.0, 2)]
    assert rows_of(data.select(np.array([2, 0]))) == [(2, 2, 5.0, 2), (0, 0, 1.0, 0)]


def test_a_frame_has_ids_and_the_names_of_the_field() -> None:
    frame = interactions([(1, 3, 3.5, 9)]).to_frame()
    assert frame.rows(named=True) == [
        {"user_id": "bob", "item_id": "40", "rating": 3.5, "timestamp": 9}
    ]


def test_columns_that_do_not_fit_are_refused() -> None:
    data = interactions([(0, 0, 1.0, 0), (1, 1, 3.5, 1)])
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"times": data.times[:1]}, "differ in length"),
        ({"users": np.array([0, 3])}, "users has a row outside its 3 ids"),
        ({"items": np.array([-1, 0])}, "items has a row outside its 4 ids"),
        ({"values": np.array([1.0, np.nan])}, "not a finite number"),
        ({"scale": (0, float("inf"))}, "the scale 0 to inf must have two finite ends"),
    )
    for change, message in changes:
        with pytest.raises(DataError, match=message):
            replace(data, **change)


def test_a_catalogue_without_ratings_has_empty_interactions() -> None:
    films = Vocabulary.of("film", [1, 2])
    nothing = Interactions.empty(films)
    assert len(nothing) == nothing.n_users == 0
    assert nothing.matrix.shape == (0, 2)
    assert nothing.to_frame().is_empty()


@given(ROWS)
def test_counts_of_a_pair_add_up_at_the_time_of_the_last(
    rows: list[tuple[int, int, float, int]],
) -> None:
    data = replace(interactions(rows), counts=True)
    last = rows_of(interactions(rows).latest())
    added = [
        (user, item, sum(row[2] for row in rows if row[:2] == (user, item)), time)
        for user, item, _, time in last
    ]
    assert rows_of(data.latest()) == added
    assert data.latest().counts
    assert rows_of(data.latest().latest()) == added


def test_counts_are_other_content_than_ratings_and_go_along() -> None:
    data = interactions([(0, 0, 5.0, 1), (1, 1, 1.0, 2)])
    counted = replace(data, counts=True)
    assert counted.content_hash != data.content_hash
    assert counted.select(slice(1)).counts
    assert counted.history(1).counts
    assert counted.to_frame().columns == ["user_id", "item_id", "count", "timestamp"]
    assert counted.bounds == (0.0, float("inf"))
    assert data.bounds == (1.0, 5.0)


def test_a_count_below_zero_is_refused() -> None:
    data = interactions([(0, 0, -1.0, 1)])
    with pytest.raises(DataError, match="a count is -1; a count is more than 0"):
        replace(data, counts=True)
