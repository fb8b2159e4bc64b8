from __future__ import annotations

import pytest

from matinee.data import Constraints, Film
from matinee.pipeline.facts import facts_that_meet, shared_facts

BIG = Film(
    "1", "Big", 1988, 104, ("Comedy", "Fantasy"), "PG", ("English",), ("United States",),
    ("Penny Marshall",), ("Tom Hanks", "Élodie Yung"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ('genre:comedy under:120 with:"tom hanks"', ("comedy", "104 minutes", "with Tom Hanks")),
        ("any-genre:fantasy any-genre:horror", ("fantasy",)),
        ("genre:fantasy genre:comedy", ("comedy", "fantasy")),
        ("decade:1980s over:60", ("1988", "104 minutes")),
        ("kids", ("rated PG",)),
        (
            'age:12 language:english country:"united states"',
            ("rated PG", "in English", "from United States"),
        ),
        ('with:"penny marshall" with:"elodie yung"', ("with Penny Marshall and Élodie Yung",)),
        *((query, ()) for query in ("", "-genre:horror", "-with:Cher")),
    ],
)
def test_facts_are_those_that_meet_a_query_spelled_as_in_the_film(
    query: str, facts: tuple[str, ...]
) -> None:
    assert facts_that_meet(Constraints.parse(query), BIG) == facts


HEAT = Film(
    "1", "Heat", 1995, genres=("Crime", "Drama"), directors=("Mann",), cast=("Pacino", "De Niro"),
    keywords=("heist", "night", "bank", "duel"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Film("2", "Heat 2", directors=("Mann",)), ("same series", "both directed by Mann")),
        (
            Film("2", "Thief", directors=("Mann",), genres=("Drama", "Crime")),
            ("both directed by Mann", "Crime, Drama"),
        ),
        (
            Film("2", "B", cast=("De Niro", "Pacino"), keywords=("night",), genres=("War",)),
            ("Pacino and De Niro in both", "night"),
        ),
        (Film("2", "C", keywords=("duel", "bank", "night", "heist")), ("heist, night, bank",)),
        (
            Film("2", "E", genres=("Crime",), keywords=("crime", "duel", "night")),
            ("Crime", "night, duel"),
        ),
        (Film("2", "The Heat", 2013), ()),
        (Film("2", "D", directors=("Pacino",), cast=("Mann",)), ()),
    ],
)
def test_what_says_most_about_two_films_comes_first(other: Film, shared: tuple[str, ...]) -> None:
    assert shared_facts(HEAT, other) == shared
    assert len(shared_facts(other, HEAT)) == len(shared)


@pytest.mark.parametrize("keyword", ["sci-fi", "Science Fiction", "SCIFI", "action"])
def test_a_genre_is_not_named_again_as_a_keyword(keyword: str) -> None:
    one, other = (
        Film(id_, id_, genres=("Action", "Sci-Fi"), keywords=(keyword, "robot")) for id_ in "ab"
    )
    assert shared_facts(one, other) == ("Action, Sci-Fi", "robot")
