"""The text form of constraints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Constraints
from matinee.errors import OptionError

names = st.lists(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip),
    max_size=3,
    unique=True,
).map(tuple)
numbers = st.none() | st.integers(1, 99)


@given(
    st.builds(
        Constraints,
        max_runtime=numbers,
        genres=names,
        kids=st.booleans(),
        max_age=numbers,
        min_runtime=numbers,
        since=numbers,
        until=numbers,
        any_genres=names,
        not_genres=names,
        languages=names,
        countries=names,
        people=names,
        not_people=names,
    )
)
def test_the_text_form_is_parsed_back(limits: Constraints) -> None:
    assert Constraints.parse(str(limits)) == limits


def test_every_condition_has_a_text_form_and_a_phrase() -> None:
    text = (
        'kids age:8 under:120 over:60 since:1990 until:1999 genre:comedy -genre:horror with:"Tom '
        'Hanks" -with:Cher any-genre:drama any-genre:romance language:French country:Italy'
    )
    limits = Constraints(
        max_runtime=120,
        genres=("comedy",),
        kids=True,
        max_age=8,
        min_runtime=60,
        since=1990,
        until=1999,
        any_genres=("drama", "romance"),
        not_genres=("horror",),
        languages=("French",),
        countries=("Italy",),
        people=("Tom Hanks",),
        not_people=("Cher",),
    )
    assert Constraints.parse(text) == limits
    assert [term.phrase for term in limits.terms] == [
        *("for kids", "up to age 8", "under 120 minutes", "over 60 minutes", "since 1990"),
        *("until 1999", "comedy", "not horror", "with Tom Hanks", "without Cher"),
        *("drama or romance", "in French", "from Italy"),
    ]


def test_a_name_can_have_punctuation_quotes_and_backslashes() -> None:
    assert Constraints.parse("genre:comedy,drama;").genres == ("comedy,drama;",)
    assert Constraints.parse(r'with:"Nat \"King\" \\ Cole"').people == ('Nat "King" \\ Cole',)


def test_a_decade_is_short_for_ten_years() -> None:
    assert Constraints.parse("decade:1990s") == Constraints(since=1990, until=1999)


def test_space_is_no_condition() -> None:
    assert Constraints.parse("  \n ") == Constraints()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("gnre:comedy", "did you mean 'genre'"),
        ("under:soon", "under needs a whole number"),
        ("under:-5", "under must be between 1 and 100000, not -5"),
        ("since:99999999", "since must be between 1 and 9999, not 99999999"),
        ("under:0", "between 1 and"),
        ("under", "for instance under:120"),
        ("genre:", "cannot read the condition at 'genre:'"),
        ('genre:" "', "needs a value"),
        ("kids:yes", "kids takes no value"),
        ("under:90 under:80", "under is repeated, with 90 and with 80"),
        ("since:1980 decade:1990s", "since is repeated"),
        ("decade:1995", "decade needs its first year"),
        ('with:"Tom Hanks', "cannot read the condition at 'with:"),
    ],
)
def test_malformed_text_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        Constraints.parse(text)
