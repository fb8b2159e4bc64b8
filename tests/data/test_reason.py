"""The words of a reason."""

from __future__ import annotations

import pytest

from matinee.data import Reason, ReasonFilm
from matinee.data.reason import opinion_of

ALIEN = ReasonFilm("1", "Alien (1979)", 5, "loved", 0.6)
JAWS = ReasonFilm("2", "Jaws (1975)", 5, "loved")
FARGO = ReasonFilm("3", "Fargo (1996)", 4, "liked")
BIG = ReasonFilm("4", "Big (1988)", 2.5, "rated")
ODD = ReasonFilm("5", "Odd", 87.25, "rated")
PLAYED = ReasonFilm("2", "Jaws (1975)", 1250, "watched")
TWICE = ReasonFilm("4", "Big (1988)", 2, "watched")
ONCE = ReasonFilm("3", "Fargo (1996)", 1, "watched")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason("history", (ALIEN, JAWS)), "Because you loved Alien (1979) and Jaws (1975)"),
        (Reason("history", (ALIEN, FARGO)), "Because you liked Alien (1979) and Fargo (1996)"),
        (Reason("history", (ALIEN, BIG)), "Because you rated Alien (1979) 5 and Big (1988) 2.5"),
        (Reason("history", (ALIEN, ODD)), "Because you rated Alien (1979) 5 and Odd 87.25"),
        (
            Reason("history", (PLAYED, TWICE, ONCE)),
            "Because you watched Jaws (1975) 1,250 times, Big (1988) twice and Fargo (1996)",
        ),
        (Reason("untouched"), "Popular with everyone; we don't know your taste in these yet"),
        (Reason("model", history_size=12), "Chosen from your 12 ratings"),
        (Reason("model", history_size=2, watched=True), "Chosen from the 2 films you watched"),
        (Reason("model", history_size=1, watched=True), "Chosen from the first film you watched"),
        (
            Reason("model", history_size=1, attributes=("age 25-34",)),
            "Chosen from your first rating (age 25-34)",
        ),
        (
            Reason("popular", facts=("80 minutes", "rated G")),
            "80 minutes, rated G. A favourite with most viewers.",
        ),
        (Reason("popular", attributes=("age 7",)), "Popular with viewers like you (age 7)"),
        (
            Reason("similar", facts=("9 minutes shorter",), shared=("same series", "War")),
            "9 minutes shorter. Same series; War.",
        ),
        (Reason("similar"), ""),
    ],
)
def test_a_reason_speaks_to_a_viewer_or_about_them(reason: Reason, text: str) -> None:
    assert reason.text() == text
    about = text.replace("like you", "like them").replace("your", "their").replace("you", "they")
    assert reason.text("they") == about


@pytest.mark.parametrize(
    ("rating", "scale", "opinion"),
    [
        *((5, (1, 5), "loved"), (4.5, (0.5, 5), "loved"), (95, (0, 100), "loved")),
        *((4, (1, 5), "liked"), (3.5, (1, 5), "liked"), (3, (1, 5), "rated"), (5, None, "rated")),
    ],
)
def test_an_opinion_depends_on_the_scale(
    rating: float, scale: tuple[float, float] | None, opinion: str
) -> None:
    assert opinion_of(rating, scale) == opinion
