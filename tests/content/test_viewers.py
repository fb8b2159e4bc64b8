"""The profile of one viewer, by hand."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import polars as pl
import pytest

from matinee.content.viewers import Rated, Taste, viewer_profile
from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.errors import UnknownNameError

DAY = 86_400
FILMS = Catalog.of(
    [
        Film("a", "Alien", 1979, genres=("Horror", "Sci-Fi"), directors=("Scott",)),
        Film("b", "Blade Runner", 1982, genres=("Sci-Fi",), directors=("Scott",), cast=("Ford",)),
        Film("c", "Clueless", 1995, genres=("Comedy",)),
        Film("d", "Untold"),
    ]
)


@pytest.fixture
def dataset() -> Dataset:
    interactions = Interactions(
        users=np.array([0, 0, 0, 1, 1], dtype=np.int32),
        items=np.array([0, 1, 2, 0, 2], dtype=np.int32),
        values=np.array([5, 4, 1, 3, 3], dtype=np.float32),
        times=np.array([DAY, 2 * DAY, 2 * DAY + 9, 0, 0], dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["x", "y", "z"]),
        item_ids=FILMS.item_ids,
    )
    demographics = pl.DataFrame({"user_id": ["x"], "age": [30]})
    return Dataset("d", interactions, FILMS, "", demographics=demographics)


def test_every_number_by_hand(dataset: Dataset) -> None:
    profile = viewer_profile(dataset, "x")
    mean = 10 / 3
    assert profile.attributes == ("age=25-34",)
    assert (profile.ratings, profile.days, profile.first, profile.last) == (
        *(3, 2, DAY, 2 * DAY + 9),
    )
    assert profile.mean == pytest.approx(mean)
    assert profile.spread == pytest.approx(np.std([5, 4, 1]))
    # counts 2, 1, 2, 0: the two films with two ratings share places 3 and 4 of 4
    assert profile.popularity == pytest.approx((0.75 + 0.375 + 0.75) / 3)
    expected = (
        Taste("Sci-Fi", 2, 4.5, (9 - 2 * mean) / 7),
        Taste("Horror", 1, 5, (5 - mean) / 6),
        Taste("Comedy", 1, 1, (1 - mean) / 6),
    )
    for taste, by_hand in zip(profile.genres, expected, strict=True):
        assert astuple(taste) == pytest.approx(astuple(by_hand))
    assert [taste.name for taste in profile.decades] == ["1970s", "1980s", "1990s"]
    assert [(taste.name, taste.films) for taste in profile.people] == [("Scott", 2)]
    assert profile.likes == (Rated("a", "Alien (1979)", 5), Rated("b", "Blade Runner (1982)", 4))
    assert profile.dislikes == (Rated("c", "Clueless (1995)", 1),)


def test_equal_ratings_are_neither_likes_nor_dislikes(dataset: Dataset) -> None:
    profile = viewer_profile(dataset, "y")
    assert profile.likes == profile.dislikes == ()
    assert (profile.days, profile.first, profile.last) == (0, 0, 0)
    assert {taste.effect for taste in profile.genres} == {0}


def test_a_viewer_without_ratings_has_an_empty_profile(dataset: Dataset) -> None:
    interactions = replace(dataset.interactions, attributes=None)
    bare = replace(dataset, demographics=None, interactions=interactions)
    assert viewer_profile(bare, "x").attributes == ()
    profile = viewer_profile(dataset, "z")
    assert (profile.ratings, profile.mean, profile.popularity, profile.genres) == (0, 0, 0, ())
    with pytest.raises(UnknownNameError, match="'w'"):
        viewer_profile(dataset, "w")
