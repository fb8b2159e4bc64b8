"""Findings and strict reading."""

from __future__ import annotations

import pytest

from matinee.data.cleaning import Cleaning, Finding
from matinee.errors import DataError

REPEATED = "repeated ratings, the last kept"


def test_findings_are_counted_and_the_first_three_are_examples() -> None:
    cleaning = Cleaning()
    for line in range(2, 7):
        cleaning.bad_line("r.csv", line, "no rating")
    cleaning.count(REPEATED, 0)
    cleaning.count(REPEATED, 1_000)
    lines = tuple(f"r.csv, line {line}: no rating" for line in (2, 3, 4))
    assert cleaning.findings == (
        Finding("malformed lines left out", 5, lines),
        Finding(REPEATED, 1_000),
    )
    assert str(cleaning.findings[1]) == "1,000 repeated ratings, the last kept"


def test_reading_stops_after_too_many_malformed_lines() -> None:
    cleaning = Cleaning(limit=1)
    cleaning.bad_line("r.csv", 2, "no rating")
    with pytest.raises(DataError, match=r"^r.csv, line 9: no film id; more than 1 malformed"):
        cleaning.bad_line("r.csv", 9, "no film id")


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("r.csv", "r.csv; without strict reading: 4 repeated ratings, the last kept"),
        ("", "without strict reading: 4 repeated ratings, the last kept"),
    ],
)
def test_strict_reading_stops_and_names_the_repair(example: str, message: str) -> None:
    with pytest.raises(DataError) as raised:
        Cleaning(strict=True).count(REPEATED, 4, example)
    assert str(raised.value) == message


def test_the_limit_holds_for_every_kind_of_lost_rows() -> None:
    cleaning = Cleaning(limit=3)
    cleaning.lost("ratings of films that nobody knows left out", 3, "r.csv: film 7")
    cleaning.lost("ratings of viewers that nobody knows left out", 3)
    cleaning.lost("ratings of films that nobody knows left out", 0)
    with pytest.raises(DataError, match=r"more than 3 ratings of films .* \(--limit allows more\)"):
        cleaning.lost("ratings of films that nobody knows left out", 1, "r.csv: film 8")
