"""How a reason says that a film is what was asked for."""

from __future__ import annotations

import pytest

from matinee.data import Constraints, Film
from matinee.pipeline.asked import as_asked

BIG = Film(
    "1",
    "Big",
    1988,
    104,
    ("Comedy", "Fantasy"),
    "PG",
    ("English",),
    ("United States",),
    ("Penny Marshall",),
    ("Tom Hanks", "Élodie Yung"),
)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('genre:comedy under:120 with:"tom hanks"', "a comedy of 104 minutes with Tom Hanks"),
        ("genre:fantasy", "a fantasy film"),
        ("any-genre:fantasy any-genre:horror", "a fantasy film"),
        ("genre:fantasy genre:comedy", "a comedy and fantasy film"),
        ("under:120 since:1980", "a 1988 film of 104 minutes"),
        ("decade:1980s genre:comedy", "a 1988 comedy"),
        ("kids", "a film rated PG"),
        (
            'kids language:english country:"united states"',
            "a film rated PG in English from United States",
        ),
        ('with:"penny marshall" with:"elodie yung"', "a film with Penny Marshall and Élodie Yung"),
    ],
)
def test_what_was_asked_for_is_said_as_the_film_has_it(asked: str, said: str) -> None:
    assert as_asked(Constraints.parse(asked), BIG) == f"{said}, as you asked"


@pytest.mark.parametrize("asked", ["", "-genre:horror", "-with:Cher"])
def test_what_was_only_kept_out_is_no_reason(asked: str) -> None:
    assert as_asked(Constraints.parse(asked), BIG) == ""
