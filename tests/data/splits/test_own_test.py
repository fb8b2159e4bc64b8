"""Two data sets as training and test over one vocabulary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.data.splits.examples import pairs, stored

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.splits import files, with_test
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import InputError

Table = dict[str, list[object]]
TRAIN: Table = {"user": ["a", "a", "b", "b"], "movie": [10, 20, 10, 30], "rating": [5, 3, 4, 1]}
TEST: Table = {"user": ["b", "a", "c"], "movie": [20, 40, 10], "rating": [1, 5, 4]}


def read(columns: Table) -> Dataset:
    return read_ratings(pl.DataFrame(columns, strict=False), cleaning=Cleaning())


def test_new_ids_of_the_test_stand_behind_those_of_the_training() -> None:
    train, test = read(TRAIN), read(TEST)
    joined, is_test = with_test(train, test)
    ratings = joined.interactions
    assert ratings.user_ids.ids.tolist() == ["a", "b", "c"]
    assert ratings.item_ids.ids.tolist() == ["10", "20", "30", "40"]
    assert joined.catalog.item_ids is ratings.item_ids
    assert ratings.to_frame().rows() == [
        *train.interactions.to_frame().rows(),
        *test.interactions.to_frame().rows(),
    ]
    assert is_test.tolist() == [False] * 4 + [True] * 3
    assert ratings.scale == train.interactions.scale == (1, 5)


def test_what_is_new_in_the_test_is_reported() -> None:
    learned: Table = {"user": ["a", "b"] * 6, "movie": [*range(100, 112)], "rating": [3] * 12}
    longer = {name: [*TRAIN[name], *learned[name]] for name in TRAIN}
    joined, is_test = with_test(read(longer), read(TEST))
    ((_, test),) = files(joined.interactions, is_test, 0, predicts=False)
    film = joined.interactions.item_ids.row
    assert stored(test, test.targets) == {(1, film("20")), (0, film("40")), (2, film("10"))}
    assert pairs(test.train) == pairs(joined.interactions.select(~is_test))
    assert test.skipped == 0
    (note,) = test.notes
    assert note.startswith("1 of 3 test ratings is of 1 film that nobody rated in the training da")
    assert "1 of 3 viewers has no rating there" in note


def test_facts_of_films_and_viewers_are_kept() -> None:
    titled: Table = {**TEST, "title": ["Emma", "Fargo", "Toy Story"]}
    people = pl.DataFrame({"user_id": ["a"], "gender": ["F"]})
    train = replace(read(TRAIN), demographics=people)
    train = Dataset(train.name, train.interactions, train.catalog, "ours", demographics=people)
    joined, _ = with_test(train, read(titled))
    assert joined.catalog.film(3).title == "Fargo"
    attributes = joined.interactions.attributes
    assert attributes is not None
    assert [attributes.words(row) for row in range(3)] == [("gender=F",), (), ()]


def test_a_rating_in_both_is_refused_with_its_viewer_and_film() -> None:
    twice: Table = {"user": ["b", "a"], "movie": [20, 20], "rating": [2, 5]}
    with pytest.raises(
        InputError, match=r"1 of 2 ratings of .* the first of viewer a and film 20;"
    ):
        with_test(read(TRAIN), read(twice))


def test_the_scale_of_the_training_is_kept() -> None:
    narrow: Table = {"user": ["c", "c"], "movie": [10, 20], "rating": [0, 1]}
    train = read(TRAIN)
    wide = replace(train, interactions=replace(train.interactions, scale=(0, 10)))
    assert with_test(wide, read(narrow))[0].interactions.scale == (0, 10)


@pytest.mark.parametrize("rating", [0.5, 9])
def test_ratings_off_the_scale_of_the_training_are_refused(rating: float) -> None:
    off: Table = {"user": ["a"], "movie": [30], "rating": [rating]}
    message = f"ratings from {rating:g} to {rating:g} and the frame a scale from 1 to 5; bring both"
    with pytest.raises(InputError, match=message):
        with_test(read(TRAIN), read(off))


PLAYS: Table = {"user": ["c", "c"], "movie": [10, 20], "plays": [7, 300]}


def test_counts_stay_counts_and_are_refused_beside_ratings() -> None:
    more: Table = {"user": ["a", "b"], "movie": [10, 20], "plays": [1, 12]}
    train, test = (
        read_ratings(pl.DataFrame(each), columns={"count": "plays"}, cleaning=Cleaning())
        for each in (more, PLAYS)
    )
    joined, _ = with_test(train, test)
    assert joined.interactions.counts
    assert joined.interactions.values.tolist() == [1, 12, 7, 300]
    for one, other in ((read(TRAIN), test), (train, read(TEST))):
        with pytest.raises(InputError, match="the frame has counts and the frame has none; bring"):
            with_test(one, other)


def test_other_film_ids_are_refused() -> None:
    other: Table = {"user": ["a"], "movie": ["tt0114709"], "rating": [2]}
    with pytest.raises(InputError, match="no rated film of the frame is a film of the frame; use"):
        with_test(read(TRAIN), read(other))


def test_the_test_can_be_a_data_set_with_many_more_films() -> None:
    train, test = read(TRAIN), read({"user": ["c"], "movie": [10], "rating": [3]})
    more = read_ratings(
        pl.DataFrame({"user": ["c"], "movie": [10], "rating": [3]}),
        films=pl.DataFrame({"movie": [10, 99], "title": ["Alien", "Unrated"]}),
        cleaning=Cleaning(),
    )
    for each in (test, more):
        joined, _ = with_test(train, each)
        assert joined.catalog is train.catalog
        assert np.array_equal(joined.interactions.items[-1:], [0])
