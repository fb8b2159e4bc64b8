from __future__ import annotations

import pytest

from matinee.display.blurb import blurb

OPENING = "Stone is a 2010 American crime thriller film directed by John Curran."


@pytest.mark.parametrize(
    ("overview", "line"),
    [
        (
            f"{OPENING} It tells the story of a barbarian who seeks vengeance for his parents.",
            "A barbarian who seeks vengeance for his parents.",
        ),
        (
            f"{OPENING} The film stars Mr. Clean. In the film, Kersey becomes a vigilante again.",
            "Kersey becomes a vigilante again.",
        ),
        (
            f"{OPENING} It stars Matt Damon as Jason Bourne, a man who has forgotten who he is.",
            "Jason Bourne, a man who has forgotten who he is.",
        ),
        (
            f"{OPENING} Dr. Grant and two children cross an island full of dinosaurs.",
            "Dr. Grant and two children cross an island full of dinosaurs.",
        ),
        (
            f"{OPENING} The film follows the book closely. It follows a boy who hides in a barn.",
            "A boy who hides in a barn.",
        ),
        (
            f"{OPENING} It follows the book by Ann. Two sisters inherit an inn by a cold lake.",
            "Two sisters inherit an inn by a cold lake.",
        ),
        (
            f"{OPENING} It follows the novel's plot and tells the story of a thief in love.",
            "A thief in love.",
        ),
        ("It follows the film crew of a lost ship.", "The film crew of a lost ship."),
        ("It follows the play writer Ann home.", "The play writer Ann home."),
        ("A girl runs away.\nShe finds a lion.", "A girl runs away."),
        (f"{OPENING} Filming began in May 2004. It won two awards.", ""),
        (OPENING, ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_the_line_starts_where_the_story_does(overview: str, line: str) -> None:
    assert blurb(overview) == line


def test_a_long_line_is_cut_at_a_word() -> None:
    line = blurb("Friends " * 40)
    assert line == "Friends " * 10 + "Friends…"
    assert len(line) <= 90


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert blurb("七" * 200) == "七" * 89 + "…"
    assert blurb("七人の侍が村を守る") == "七人の侍が村を守る"
