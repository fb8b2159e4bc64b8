"""Certificates and their ages: four systems of age ratings in one order.

| class | ages   | MPA (US cinema) | US television      | BBFC (UK) | FSK (Germany) |
|-------|--------|-----------------|--------------------|-----------|---------------|
| 0+    | 0-5    | G               | TV-Y, TV-G         | U, Uc     | FSK 0         |
| 6+    | 6-11   | M, M/PG, GP, PG | TV-Y7, TV-Y7-FV, TV-PG | PG    | FSK 6         |
| 12+   | 12-14  | PG-13           | TV-14              | 12, 12A   | FSK 12        |
| 15+   | 15-17  | R               | TV-MA              | 15        | FSK 16        |
| 18+   | 18     | NC-17, X        |                    | 18, R18   | FSK 18        |

Certificates that leave the decision to parents (PG, TV-PG) count from 8, the age from which a PG
of the BBFC should not unsettle a child. "Approved" and "Passed" say that a film from before 1968
was not banned, and "Not Rated" and "Unrated" that it was not submitted. They name no age and are
unknown, as is everything that is not in the table. Features of films and `Constraints.kids` both
use this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["AGES", "AGE_CLASSES", "age_classes", "age_of", "for_kids"]

AGES = MappingProxyType(
    {"G": 0, "M": 8, "M/PG": 8, "GP": 8, "PG": 8, "PG-13": 13, "R": 17, "NC-17": 18, "X": 18}
    | {"TV-Y": 0, "TV-G": 0, "TV-Y7": 7, "TV-Y7-FV": 7, "TV-PG": 8, "TV-14": 14, "TV-MA": 17}
    | {"U": 0, "UC": 0, "12": 12, "12A": 12, "15": 15, "18": 18, "R18": 18}
    | {"FSK 0": 0, "FSK 6": 6, "FSK 12": 12, "FSK 16": 16, "FSK 18": 18}
    | {"0": 0, "6": 6, "16": 16}  # FSK as it is mostly printed; 12 and 18 are the BBFC's too
)
"""Certificate, in capitals -> age from which a child may see the film unaccompanied."""

AGE_CLASSES = ("0+", "6+", "12+", "15+", "18+")
_STARTS = np.array([0, 6, 12, 15, 18])
_KIDS = AGE_CLASSES.index("6+")
"""The last class for children."""


def age_classes(certificates: Iterable[str]) -> NDArray[np.int8]:
    """Position in `AGE_CLASSES` of every certificate, `int8[n]`; -1 where it is unknown.

    Case, surrounding spaces and the spellings "FSK12" and "FSK-12" do not matter.
    """
    listed = list(certificates)
    # A catalogue has few certificates and many films.
    known = {each: age_of(each) for each in set(listed)}
    ages = np.array([known[each] for each in listed], dtype=np.int64)
    return (np.searchsorted(_STARTS, ages, side="right") - 1).astype(np.int8)


def for_kids(classes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which classes are for children: those below 12 years. An unknown class is not."""
    return (classes >= 0) & (classes <= _KIDS)


def age_of(certificate: str) -> int:
    """Age from which a child may see a film with this certificate; -1 if it names none."""
    return AGES.get(_spelt(certificate), -1)


def _spelt(certificate: str) -> str:
    spelt = certificate.strip().upper()
    return f"FSK {spelt[3:].lstrip(' -')}" if spelt.startswith("FSK") else spelt
