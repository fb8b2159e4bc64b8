"""The index of titles, from the strictest spelling to the loosest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matinee.data.spelling import loose, title_keys
from matinee.data.titles.rows import TitleRows

TITLES = (
    "Hate (Haine, La)",
    "The Boys",
    "Les Boys",
    "Star Wars: Episode IV",
    "Hate",
    "Emma (1996)",
)
INDEX = TitleRows(TITLES, (1995, 1998, 1998, 1977, None, 1996))


def test_each_index_is_looser_than_the_one_before() -> None:
    assert INDEX.by_title["hate la haine"] == [0]
    assert INDEX.by_form["hate"] == [0, 4]
    assert INDEX.by_form["la haine"] == [0]
    assert INDEX.by_loose_form["boys"] == [1, 2]
    assert INDEX.by_loose_part["starwars"] == [3]
    assert "hate" not in INDEX.by_loose_part


def test_a_year_in_the_title_is_part_of_the_whole_title_only() -> None:
    assert INDEX.by_title["emma 1996"] == [5]
    assert INDEX.by_form["emma"] == [5]


def test_a_film_without_a_year_is_in_no_year() -> None:
    assert INDEX.of_any_year(INDEX.by_form, ["hate", "la haine"]) == {0, 4}
    assert INDEX.in_year(INDEX.by_form, ["hate"], 1995) == {0}
    assert INDEX.in_year(INDEX.by_form, ["hate"], None) == set()
    assert INDEX.in_year(INDEX.by_loose_form, ["boys"], 1998) == {1, 2}


@given(
    st.lists(
        st.lists(
            st.sampled_from(["The", "Rage", "(Fury)", "(1996)", "II", ":", "&", "Hate,", "La"]),
            max_size=5,
        ).map(" ".join)
    )
)
def test_every_title_is_found_by_each_of_its_keys(titles: list[str]) -> None:
    index = TitleRows(titles, [1990] * len(titles))
    for row, title in enumerate(titles):
        for key in title_keys(title):
            assert row in index.by_form[key]
            assert row in index.by_loose_form[loose(key)]
    for rows in (*index.by_form.values(), *index.by_loose_form.values()):
        assert list(rows) == sorted(set(rows))
