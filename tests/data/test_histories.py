"""Histories against the queries and interactions they are made of."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Attributes, Histories, Interactions, Query


@pytest.fixture
def histories() -> Histories:
    """Three users with 2, 0 and 3 ratings; the fourth rating has no time."""
    ratings = sp.csr_array(np.array([[0, 5, 4, 0], [0, 0, 0, 0], [1, 2, 0, 3]], dtype=np.float32))
    times = np.array([10, 20, 30, 0, 50], dtype=np.int64)
    return Histories(ratings, times, Attributes.of_words([("a=1",), (), ("b=2",)]))


def test_a_query_is_one_row_in_the_order_of_the_items() -> None:
    query = Query(
        items=np.array([7, 2], dtype=np.int32),
        values=np.array([5, 1], dtype=np.float32),
        times=np.array([100, 200], dtype=np.int64),
        attributes=("gender=F",),
    )
    row = Histories.of(query, 9)
    assert (len(row), row.n_items) == (1, 9)
    assert row.items.tolist() == [2, 7]
    assert row.values.tolist() == [1, 5]
    assert row.known_times.tolist() == [200, 100]
    assert row.attributes is not None
    assert row.attributes.words(0) == ("gender=F",)


def test_an_empty_query_has_no_times() -> None:
    row = Histories.of(Query(), 9)
    assert row.times is None
    assert row.ratings.shape == (1, 9)
    assert row.lengths.tolist() == [0]


def test_rows_name_the_user_of_every_rating(histories: Histories) -> None:
    assert histories.rows.tolist() == [0, 0, 2, 2, 2]
    assert histories.lengths.tolist() == [2, 0, 3]


def test_the_latest_time_of_each_user_is_the_same_alone(planted: Interactions) -> None:
    several = Histories.of_users(planted, np.arange(5))
    times = several.known_times.copy()
    times[::3], times[several.rows == 2] = 0, 0
    several = Histories(several.ratings, times)
    expected = [times[several.rows == row].max() for row in range(5)]
    assert several.latest.tolist() == expected
    assert expected[2] == 0
    alone = [several.take(np.array([row])).latest.tolist() for row in range(5)]
    assert alone == [[each] for each in expected]
    assert several.untimed.latest.tolist() == [0] * 5
    assert Histories.of(Query(), planted.n_items).latest.tolist() == [0]


def test_other_ratings_leave_the_histories_they_are_made_of(histories: Histories) -> None:
    doubled = histories.with_values(2 * histories.values)
    assert doubled.ratings.toarray()[2].tolist() == [2, 4, 0, 6]
    assert (doubled.times, doubled.attributes) == (histories.times, histories.attributes)
    assert histories.values.tolist() == [5, 4, 1, 2, 3]


@pytest.mark.parametrize("rows", [slice(1, 3), np.array([2, 0]), slice(0)])
def test_users_are_taken_with_times_and_attributes(
    histories: Histories, rows: slice | np.ndarray
) -> None:
    taken = histories.take(rows)
    order = np.arange(3)[rows]
    assert len(taken) == len(order)
    for row, user in enumerate(order):
        at, of = (slice(*each.starts[i : i + 2]) for each, i in ((taken, row), (histories, user)))
        assert taken.items[at].tolist() == histories.items[of].tolist()
        assert taken.known_times[at].tolist() == histories.known_times[of].tolist()
        assert taken.attributes is not None
        assert histories.attributes is not None
        assert taken.attributes.words(row) == histories.attributes.words(user)


def test_ratings_are_selected_and_users_stay(histories: Histories) -> None:
    high = histories.select(histories.values >= 3)
    assert high.lengths.tolist() == [2, 0, 1]
    assert high.known_times.tolist() == [10, 20, 50]


def test_stacking_is_the_inverse_of_taking(histories: Histories) -> None:
    stacked = Histories.stacked([histories.take(slice(1)), histories.take(slice(1, 3))])
    np.testing.assert_array_equal(stacked.ratings.toarray(), histories.ratings.toarray())
    np.testing.assert_array_equal(stacked.known_times, histories.known_times)
    untimed = replace(histories, times=None)
    assert Histories.stacked([histories, untimed]).times is None


def test_users_of_interactions_keep_zero_times(planted: Interactions) -> None:
    times = planted.times.copy()
    times[::2] = 0
    users = np.array([5, 3])
    found = Histories.of_users(replace(planted, times=times), users)
    columns = zip(planted.users, planted.items, times, strict=True)
    expected = {(user, item): time for user, item, time in columns}
    assert len(found.items) == len(found.known_times) == 30
    for row, item, time in zip(found.rows, found.items, found.known_times, strict=True):
        assert time == expected[users[row], item]


def test_a_query_has_one_history_for_each_number_of_films() -> None:
    query = Query(items=np.array([3], dtype=np.int32), values=np.array([4], dtype=np.float32))
    row = Histories.of(query, 9)
    assert Histories.of(query, 9) is row
    assert Histories.of(query, 12).n_items == 12
    assert Histories.of(replace(query), 9) is not row
    assert Histories.of(query.__class__(), 9).items.size == 0


def test_a_user_can_be_asked_for_twice(planted: Interactions) -> None:
    found = Histories.of_users(planted, np.array([5, 3, 5]))
    one = Histories.of_users(planted, np.array([5]))
    for row in (0, 2):
        assert found.take(slice(row, row + 1)).known_times.tolist() == one.known_times.tolist()


def test_a_history_is_freed_with_the_last_use(histories: Histories) -> None:
    """What models keep of a history lives as long as it does."""
    times = np.arange(len(histories.items), dtype=np.int64)
    for own in (None, times):
        some = Histories(histories.ratings, own)
        assert some.untimed.untimed.times is None
        seen = [weakref.ref(some), weakref.ref(some.untimed)]
        del some
        assert [each() for each in seen] == [None, None]


def test_viewers_with_the_same_attributes_have_rows_of_their_own() -> None:
    first, second = (
        Query(items=np.array([item], dtype=np.int32), values=value, attributes=("gender=F",))
        for item, value in ((3, np.ones(1, np.float32)), (5, np.full(1, 4, np.float32)))
    )
    one, other = Histories.of(first, 9), Histories.of(second, 9)
    assert one.attributes is not None
    assert one.attributes.words(0) == ("gender=F",)
    assert one.ratings.toarray()[0].nonzero()[0].tolist() == [3]
    assert other.ratings.toarray()[0].tolist() == [0, 0, 0, 0, 0, 4, 0, 0, 0]
    assert Histories.of(Query(), 9).ratings.nnz == 0
