"""The words of a reason."""

from __future__ import annotations

import pytest

from matinee.data import Reason, ReasonFilm
from matinee.data.reason import opinion_of


@pytest.mark.parametrize(
    ("reason", "you", "they"),
    [
        (
            Reason("history", (ReasonFilm("1", "Alien (1979)", 5, "loved", 0.6),)),
            "Because you loved Alien (1979)",
            "Because they loved Alien (1979)",
        ),
        (
            Reason(
                "history",
                (
                    ReasonFilm("1", "Alien (1979)", 5, "loved"),
                    ReasonFilm("2", "Big (1988)", 2.5, "rated"),
                    ReasonFilm("3", "Jaws (1975)", 5, "loved"),
                ),
            ),
            "Because you rated Alien (1979) 5, Big (1988) 2.5 and Jaws (1975) 5",
            "Because they rated Alien (1979) 5, Big (1988) 2.5 and Jaws (1975) 5",
        ),
        (
            Reason(
                "history",
                (ReasonFilm("1", "A", 5, "loved"), ReasonFilm("2", "B", 4, "liked")),
            ),
            "Because you liked A and B",
            "Because they liked A and B",
        ),
        (
            Reason("popular", facts=("80 minutes", "rated G")),
            "80 minutes, rated G. A favourite with most viewers.",
            "80 minutes, rated G. A favourite with most viewers.",
        ),
        (
            Reason("popular", attributes=("age 25-34",)),
            "Popular with viewers like you (age 25-34)",
            "Popular with viewers like them (age 25-34)",
        ),
        (
            Reason("untouched"),
            "Popular with everyone; we don't know your taste in these yet",
            "Popular with everyone; we don't know their taste in these yet",
        ),
        (
            Reason("model", history_size=12),
            "Chosen from your 12 ratings",
            "Chosen from their 12 ratings",
        ),
        (
            Reason("model", history_size=1, attributes=("age 25-34",)),
            "Chosen from your first rating (age 25-34)",
            "Chosen from their first rating (age 25-34)",
        ),
        (
            Reason("similar", facts=("9 minutes shorter",), shared=("Crime", "Al Pacino")),
            "9 minutes shorter. In common: Crime, Al Pacino.",
            "9 minutes shorter. In common: Crime, Al Pacino.",
        ),
        (Reason("similar"), "", ""),
    ],
)
def test_a_reason_speaks_to_a_viewer_or_about_them(reason: Reason, you: str, they: str) -> None:
    assert reason.text() == you
    assert reason.text("they") == they


@pytest.mark.parametrize(
    ("rating", "scale", "opinion"),
    [
        (5, (1, 5), "loved"),
        (4.5, (0.5, 5), "loved"),
        (4, (1, 5), "liked"),
        (3.5, (1, 5), "liked"),
        (3, (1, 5), "rated"),
        (95, (0, 100), "loved"),
        (5, None, "rated"),
    ],
)
def test_an_opinion_depends_on_the_scale(
    rating: float, scale: tuple[float, float] | None, opinion: str
) -> None:
    assert opinion_of(rating, scale) == opinion
