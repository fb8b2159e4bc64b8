"""The typed question: which films may be recommended at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.constraints.conditions import allowed, conditions
from matinee.data.constraints.terms import KEYS, THRESHOLDS, Term
from matinee.data.constraints.written import parsed
from matinee.errors import OptionError

__all__ = ["Constraints"]

_APART = ("genres", "not_genres", "people", "not_people")
"""Fields each of whose names is a condition of its own."""
_TOGETHER = ("any_genres", "languages", "countries")
"""Fields of which any name will do."""
_MOST_TERMS = 32
_BOUNDS = {
    "max_age": (0, 99),
    "max_runtime": (1, 100_000),
    "min_runtime": (0, 100_000),
    "since": (1, 9999),
    "until": (1, 9999),
}


@dataclass(frozen=True)
class Constraints:
    """Conditions every recommended film must meet; a fact that is unknown does not meet one.

    Names are compared without regard to case, accents and punctuation.

    Attributes:
        max_runtime: minutes the film must stay under; `None` for any length.
        genres: genres the film must have, each of them.
        kids: only films whose certificate asks for less than 12 years (`data/certificates.py`) and
            whose genres are not for grown-ups (`GROWN_UP_GENRES`).
        max_age: only films whose certificate asks for at most so many years.
        min_runtime: minutes the film must last longer than.
        since: earliest year.
        until: latest year.
        any_genres: genres of which the film must have at least one.
        not_genres: genres the film must not have, any of them.
        languages: languages of which the film must have at least one.
        countries: countries of which the film must come from at least one.
        people: directors or actors, each of whom must be named.
        not_people: directors or actors none of whom may be named.

    Raises:
        OptionError: a number out of bounds, an empty name, or more than 32 conditions.
    """

    max_runtime: int | None = None
    genres: tuple[str, ...] = ()
    kids: bool = False
    max_age: int | None = None
    min_runtime: int | None = None
    since: int | None = None
    until: int | None = None
    any_genres: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    not_people: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field, (low, high) in _BOUNDS.items():
            number = getattr(self, field)
            if number is not None and not low <= number <= high:
                raise OptionError(f"{field} must be between {low} and {high}, not {number}")
        for field in (*_APART, *_TOGETHER):
            names = getattr(self, field)
            if isinstance(names, str):
                raise OptionError(f"{field} must be a tuple of names, not {names!r}")
            if not all(each.strip() for each in names):
                raise OptionError(f"{KEYS[field]} needs a name, and an empty one is given")
        if len(self.terms) > _MOST_TERMS:
            raise OptionError(f"at most {_MOST_TERMS} conditions at once, not {len(self.terms)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The question a text like `kids under:120 -genre:horror with:"Tom Hanks"` asks.

        Raises:
            OptionError: a key that is unknown or given twice, a value that is none, or a number
                out of bounds.
        """
        # Values have been checked by the parser, field by field.
        return cls(**parsed(text))  # type: ignore[arg-type]

    def __str__(self) -> str:
        """The text that `parse` reads back as this; empty for no conditions."""
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return bool(self.terms)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The conditions one by one."""
        numbers = [
            Term(field, (value,))
            for field in THRESHOLDS
            if (value := getattr(self, field)) is not None
        ]
        together = [Term(field, names) for field in _TOGETHER if (names := getattr(self, field))]
        apart = [
            Term(field, (name,)) for field in _APART for name in dict.fromkeys(getattr(self, field))
        ]
        return (*([Term("kids")] if self.kids else []), *numbers, *apart, *together)

    def without(self, term: Term) -> Self:
        """The same question with one condition given up."""
        if term.field == "kids":
            return replace(self, kids=False)
        if term.field in THRESHOLDS:
            return self._with(term.field, None)
        return self._with(
            term.field, tuple(each for each in getattr(self, term.field) if each not in term.values)
        )

    def moved(self, field: str, value: int) -> Self:
        """The same question with another number in one of its thresholds."""
        return self._with(field, value)

    def merged(self, other: Constraints) -> Self:
        """Both questions at once; where both name a number, `other` has the last word."""
        merged = replace(self, kids=self.kids or other.kids)
        for field in THRESHOLDS:
            value = getattr(other, field)
            merged = merged._with(field, getattr(self, field) if value is None else value)
        for field in (*_APART, *_TOGETHER):
            names = dict.fromkeys((*getattr(self, field), *getattr(other, field)))
            merged = merged._with(field, tuple(names))
        return merged

    def allowed(self, catalog: Catalog) -> NDArray[np.bool_]:
        """`bool[n_items]`: the films that meet every condition.

        Raises:
            UnknownNameError: a genre, language, country or person no film of the catalogue has.
            InputError: the catalogue knows nothing to decide a condition by.
        """
        return allowed(conditions(self.terms, catalog), len(catalog))

    def _with(self, field: str, value: object) -> Self:
        changed: dict[str, Any] = {field: value}
        return replace(self, **changed)
