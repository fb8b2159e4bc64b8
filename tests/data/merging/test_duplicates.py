"""Rows of a catalogue that could be one film."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Film
from matinee.data.fetching.cache import Cache
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.sources import load

LOOSELY = ("title loosely and year",)


def found(*films: Film) -> list[tuple[str, ...]]:
    """What each group of the films, numbered from 1, has in common."""
    numbered = (replace(film, id=str(at)) for at, film in enumerate(films, start=1))
    return [each.same for each in duplicates(Catalog.of(numbered))]


def film(title: str = "Rage", year: int | None = 1995, people: str = "") -> Film:
    return Film(id="", title=title, year=year, directors=tuple(people.split()))


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Chasing Amy", "Chasing Amy (1997)"),
        ("The Boys", "Les Boys"),
        ("Night Life", "Nightlife"),
        ("Rocky II", "Rocky 2"),
        ("Maybe, Maybe Not (Der Bewegte Mann)", "Der Bewegte Mann"),
        ("Theatre of Blood", "Theater of Blood"),
    ],
)
def test_loosely_equal_titles_of_one_year_are_suspects(title: str, other: str) -> None:
    assert found(film(title), film(other)) == [LOOSELY]
    assert found(film(title), film(other, 1997)) == []
    assert found(film(title, None), film(other, None)) == []


def test_and_equals_its_sign() -> None:
    assert found(film("Thelma & Louise"), film("Thelma and Louise")) == [("title and year",)]


def test_loosely_equal_titles_with_different_ids_are_no_suspects() -> None:
    nine = replace(film("9"), imdb_id="tt0472033")
    assert found(nine, replace(film("Nine"), imdb_id="tt0875034")) == []
    assert found(nine, replace(film("Nine"), imdb_id="tt0472033")) == [("IMDb id", *LOOSELY)]
    assert found(nine, film("Nine")) == [LOOSELY]


def test_loosely_equal_titles_with_different_people_are_no_suspects() -> None:
    assert found(film("9", people="Acker"), film("Nine", people="Marshall")) == []
    assert found(film("9", people="Acker Burton"), film("Nine", people="Burton")) == [LOOSELY]
    cast = replace(film("9"), cast=("Wood",))
    assert found(cast, replace(film("Nine"), cast=("Day-Lewis",))) == []


def test_equal_titles_one_year_apart_need_another_fact_in_common() -> None:
    first, next_year = film(people="Ito"), film(year=1996)
    assert found(first, next_year) == []
    assert found(first, replace(next_year, directors=("Ito",))) == [
        ("title, one year apart", "director")
    ]
    long = replace(film(), runtime=88, cast=("Oyelowo", "Lithgow"))
    assert found(replace(long, year=1996, cast=("Lithgow",)), long) == [
        ("title, one year apart", "cast member", "runtime")
    ]
    assert found(long, replace(long, year=1997)) == []
    assert found(long, replace(long, year=1996, title="The Rage")) == []
    ids = (replace(first, tmdb_id="1"), replace(first, tmdb_id="2", year=1996))
    assert found(*ids) == []


def test_pairs_of_a_larger_group_are_not_repeated() -> None:
    three = [replace(film(title), imdb_id="tt1") for title in ("9", "Nine", "The 9")]
    assert duplicates(Catalog.of(replace(each, id=str(at)) for at, each in enumerate(three))) == (
        Duplicate("9 (1995)", ("0", "1", "2"), ("IMDb id",)),
    )


def test_pairs_with_a_very_common_title_are_not_compared() -> None:
    years = [film("Untitled", 1990 + at % 2, people="Ito") for at in range(40)]
    assert found(*years) == [("title and year",)] * 2


@given(
    st.lists(
        st.builds(
            Film,
            id=st.just(""),
            title=st.sampled_from(["", "Rage", "The Rage", "Rage (Fury)", "Fury", "!!!"]),
            year=st.sampled_from([None, 1994, 1995]),
            runtime=st.sampled_from([None, 88]),
            directors=st.sampled_from([(), ("Ito",), ("Fry",)]),
            imdb_id=st.sampled_from(["", "tt1", "tt2"]),
            tmdb_id=st.sampled_from(["", "7"]),
        ),
        max_size=7,
    )
)
def test_groups_are_unique_and_ordered_and_weak_ones_never_contradict_ids(
    films: list[Film],
) -> None:
    catalog = Catalog.of(replace(each, id=str(at)) for at, each in enumerate(films))
    groups = duplicates(catalog)
    rows = [tuple(map(int, each.ids)) for each in groups]
    assert rows == sorted(set(rows))
    for group, of in zip(groups, rows, strict=True):
        assert len(of) > 1
        assert list(of) == sorted(of)
        strong = {"title and year", "IMDb id", "TMDB id"} & set(group.same)
        for one, other in combinations(of, 2):
            assert (
                strong
                or not (films[one].imdb_id and films[other].imdb_id)
                or films[one].imdb_id == films[other].imdb_id
            )


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ml-1m", {LOOSELY: 3}),
        ("ml-latest-small", {("title and year",): 4, ("title and year", "TMDB id"): 1}),
        (
            "wikipedia-movie-data",
            {
                ("title and year",): 31,
                ("title, one year apart", "cast member"): 97,
                LOOSELY: 1,  # "13 Hours by Air", once with the number in words
            },
        ),
    ],
)
def test_real_catalogues_have_few_suspects(
    mirror: Path, tmp_path: Path, name: str, counts: dict[tuple[str, ...], int]
) -> None:
    catalog = load(name, Cache(tmp_path, mirror=mirror)).catalog
    assert Counter(each.same for each in duplicates(catalog)) == counts
