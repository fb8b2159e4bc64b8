"""Certificates and their ages."""

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


def test_a_certificate_without_an_age_is_unknown() -> None:
    assert set(age_classes(["", "Not Rated", "Approved", "Passed", "Z", "FSK"]).tolist()) == {-1}


def test_case_and_spelling_do_not_matter() -> None:
    assert age_classes([" pg-13 ", "FSK12", "fsk-12", "Uc"]).tolist() == [2, 2, 2, 0]


def test_films_for_children_have_an_age_below_twelve() -> None:
    certificates_by_age = sorted(AGES, key=lambda each: AGES[each])
    allowed = for_kids(age_classes(certificates_by_age)).tolist()
    assert allowed == [AGES[each] < 12 for each in certificates_by_age]
    assert not for_kids(age_classes(["", "Approved", "Passed", "Not Rated"])).any()


def test_the_table_in_the_docstring_is_the_one_in_use() -> None:
    rows = re.findall(r"^\| (\d+\+) +\|[^|]*\|(.*)\|$", str(certificates.__doc__), re.MULTILINE)
    documented = {
        certificate.strip().upper(): AGE_CLASSES.index(age)
        for age, cells in rows
        for certificate in re.split(r"[,|]", cells)
        if certificate.strip()
    }
    known = {each: int(age_classes([each])[0]) for each in AGES if each not in {"0", "6", "16"}}
    assert documented == known
