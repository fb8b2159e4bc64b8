"""Certificates in the order of their ages."""

from __future__ import annotations

import re

import pytest

from matinee.data import certificates
from matinee.data.certificates import AGE_CLASSES, AGES, age_classes, for_kids


@pytest.mark.parametrize(
    "system",
    [
        ["G", "PG", "PG-13", "R", "NC-17"],
        ["TV-Y", "TV-Y7", "TV-14", "TV-MA"],
        ["U", "PG", "12A", "15", "18"],
        ["FSK 0", "FSK 6", "FSK 12", "FSK 16", "FSK 18"],
    ],
)
def test_every_system_is_in_ascending_order(system: list[str]) -> None:
    assert age_classes(system).tolist() == list(range(len(system)))


def test_what_tells_no_age_stays_unknown() -> None:
    assert set(age_classes(["", "Not Rated", "Approved", "Passed", "Z", "FSK"]).tolist()) == {-1}


def test_spelling_is_forgiven() -> None:
    assert age_classes([" pg-13 ", "FSK12", "fsk-12", "Uc"]).tolist() == [2, 2, 2, 0]


def test_what_is_offered_to_children_asks_for_no_more_than_childhood() -> None:
    certificates_by_age = sorted(AGES, key=lambda each: AGES[each])
    offered = for_kids(age_classes(certificates_by_age)).tolist()
    assert offered == [AGES[each] < 12 for each in certificates_by_age]
    assert not for_kids(age_classes(["", "Approved", "Passed", "Not Rated"])).any()


def test_the_documented_table_is_the_one_used() -> None:
    rows = re.findall(r"^\| (\d+\+) +\|[^|]*\|(.*)\|$", str(certificates.__doc__), re.MULTILINE)
    told = {
        certificate.strip().upper(): AGE_CLASSES.index(age)
        for age, cells in rows
        for certificate in re.split(r"[,|]", cells)
        if certificate.strip()
    }
    known = {each: int(age_classes([each])[0]) for each in AGES if each not in {"0", "6", "16"}}
    assert told == known
