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


def test_shared_facts_are_genres_people_and_keywords() -> None:
    one = Film(
        "1", "A", genres=("Crime", "Drama"), directors=("Mann",), cast=("Pacino", "De Niro"),
        keywords=("heist", "night"),
    )  # fmt: skip
    two = Film(
        "2", "B", genres=("Drama",), directors=("Coppola",), cast=("De Niro",),
        keywords=("night", "family"),
    )  # fmt: skip
    assert shared_facts(one, two) == ("Drama", "De Niro", "night")
    assert shared_facts(one, Film("3", "C")) == ()
