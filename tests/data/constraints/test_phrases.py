"""Conditions in plain English: every wording of docs/asking.md, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Constraints, Film
from matinee.errors import OptionError, UnknownNameError

DOCS = (Path(__file__).parents[3] / "docs/asking.md").read_text(encoding="utf-8")
WORDINGS = [
    (words, row.group("text"))
    for row in re.finditer(r'^\| (?P<words>".+") \| `(?P<text>.+)` \|$', DOCS, re.MULTILINE)
    for words in re.findall(r'"([^"]+)"', row.group("words"))
]
PEOPLE = st.sampled_from(["Tom Hanks", "Meg Ryan", "Robert Downey Jr.", "Cher", "Penélope Cruz"])
GENRES = st.sampled_from(["comedy", "sci-fi", "film-noir", "children's", "war", "science fiction"])


@pytest.mark.parametrize(("words", "text"), WORDINGS)
def test_the_wordings_of_the_docs(words: str, text: str) -> None:
    assert str(Constraints.parse(words)) == text
    assert str(Constraints.parse(words.upper())).lower() == text.lower()


def test_the_docs_have_many_wordings() -> None:
    assert len(WORDINGS) > 60


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("a drama from the 90s, under 2h", "under:120 since:1990 until:1999 genre:drama"),
        ("with Tom Hanks under 2 hours", 'under:120 with:"Tom Hanks"'),
        ("with Tom Hanks and comedy", 'genre:comedy with:"Tom Hanks"'),
        ("with Tom Hanks, no horror", '-genre:horror with:"Tom Hanks"'),
        ("without Tom Cruise or horror", '-genre:horror -with:"Tom Cruise"'),
        ('with "No Name" in French', 'with:"No Name" language:French'),
        ("comedy under:120 -genre:horror", "under:120 genre:comedy -genre:horror"),
        ("-genre:horror comedy", "genre:comedy -genre:horror"),
        ("gritty film noir", 'genre:gritty genre:"film noir"'),
        ('"body horror", thriller', 'genre:"body horror" genre:thriller'),
        ("movies", ""),
        ("Comedy under 2 hours.", "under:120 genre:Comedy"),
        ("comedy! From the 90s. No horror.", "since:1990 until:1999 genre:comedy -genre:horror"),
        ("under 1.5 hours with J.J. Abrams", 'under:90 with:"J.J. Abrams"'),
    ],
)  # fmt: skip
def test_words_combine(words: str, text: str) -> None:
    assert str(Constraints.parse(words)) == text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("no horror, war", "'war' after 'no horror' has two meanings; put 'war' first"),
        ("comedy without Tom Cruise and drama", "'drama' after 'without Tom Cruise'"),
        ("comedy or drama, war", "has two meanings; write a choice as any-genre:comedy any-genre"),
        ("romantic comedy or drama", "'romantic comedy or drama' has two meanings"),
        ("comedy or drama with Cher war or western", "choose once between genres"),
        ("not in French", "cannot read the condition at 'not in French'"),
        ("not for kids", "cannot read the condition at 'not for kids'"),
        ("under 2 hours or over 3 hours", "cannot read the condition at 'or over 3 hours'"),
        ("with Tom Hanks or Meg Ryan", "cannot read the condition at 'or Meg Ryan'"),
        ("under soon", "under needs a value, for instance under:120"),
        ("under 5", "under needs a value"),
        ("with", "with needs a value"),
        ("of the 20s", "write 1920s or 2020s"),
        ("from the 80s since 1985", "since is repeated, with 1980 and with 1985"),
        ("undr 2 hours", "cannot read the condition at '2 hours'"),
        ("-horror", "cannot read the condition at '-horror'"),
        ("comedy!x", "cannot read the condition at '!x'"),
    ],
)
def test_words_that_cannot_be_read_are_refused(words: str, complaint: str) -> None:
    with pytest.raises(OptionError, match=re.escape(complaint)):
        Constraints.parse(words)


@given(
    st.builds(
        Constraints,
        kids=st.booleans(),
        max_age=st.none() | st.integers(1, 18),
        max_runtime=st.none() | st.integers(1, 9999),
        min_runtime=st.none() | st.integers(1, 9999),
        since=st.none() | st.integers(1900, 2050),
        until=st.none() | st.integers(1900, 2050),
        genres=st.lists(GENRES, max_size=2, unique=True).map(tuple),
        people=st.lists(PEOPLE, max_size=2, unique=True).map(tuple),
        languages=st.sampled_from([(), ("French",), ("French", "Standard Chinese")]),
        countries=st.sampled_from([(), ("Italy",), ("Italy", "United States")]),
        not_genres=st.lists(GENRES, max_size=2, unique=True).map(tuple),
        not_people=st.lists(PEOPLE, max_size=2, unique=True).map(tuple),
    ),
    st.sampled_from([", ", " ", " and ", ", and ", " but "]),
    st.randoms(),
)
def test_the_words_of_an_answer_are_parsed_back(
    limits: Constraints, joint: str, random: Random
) -> None:
    phrases = [term.phrase for term in limits.terms]
    random.shuffle(phrases)
    phrases.sort(key=lambda each: each.startswith(("not ", "without ")))
    again = Constraints.parse(joint.join(phrases))
    assert {term.phrase for term in again.terms} == set(phrases)


@given(st.text(st.sampled_from("anosrwthe 90'-\"\\:,&.éſı") | st.characters(), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        constraints = Constraints.parse(text)
    except OptionError:
        return
    assert Constraints.parse(str(constraints)) == constraints


def test_catalogues_name_genres_and_countries_differently() -> None:
    catalog = Catalog.of(
        [
            Film("1", "A", genres=("Sci-Fi",), countries=("United States",)),
            Film("2", "B", genres=("Science Fiction",), countries=("USA",)),
            Film("3", "C", genres=("Children's", "Romance"), languages=("French",)),
        ]
    )
    both = [True, True, False]
    for words in ("science fiction", "scifi", "sci-fi", "from the US", "from the United States"):
        assert Constraints.parse(words).allowed(catalog).tolist() == both
    assert Constraints.parse("romantic").allowed(catalog).tolist() == [False, False, True]
    assert Constraints.parse("children").allowed(catalog).tolist() == [False, False, True]
    with pytest.raises(UnknownNameError, match=r"unknown genre 'gritty'.*known: Children's"):
        Constraints.parse("gritty").allowed(catalog)
    with pytest.raises(UnknownNameError, match=r"'scince fiction'; did you mean 'Science Fiction'"):
        Constraints.parse("scince fiction").allowed(catalog)
    with pytest.raises(UnknownNameError, match="perhaps write 'in French'"):
        Constraints.parse("French romance").allowed(catalog)
