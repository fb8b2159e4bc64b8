"""Constraints: conditions that every recommended film must meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.constraints.conditions import allowed, conditions, made_for_children
from matinee.data.constraints.parsing import parsed
from matinee.data.constraints.terms import KEYS, THRESHOLDS, Term
from matinee.errors import OptionError

__all__ = ["Constraints"]

_EACH = ("genres", "not_genres", "people", "not_people")
"""Fields whose names are a condition each."""
_ANY = ("any_genres", "languages", "countries")
"""Fields whose names are one condition: one of them is enough."""
_MAX_TERMS = 32


@dataclass(frozen=True)
class Constraints:
    """Conditions that every recommended film must meet. A film with an unknown fact does not.

    Case, accents and punctuation of names do not matter.

    Attributes:
        max_runtime: the film is shorter than this many minutes; `None` for any length.
        genres: the film has every one of these genres.
        kids: the certificate admits children under 12 (`data/certificates.py`), and no genre is for
            adults (`ADULT_GENRES`). Films made for children are listed before the others.
        max_age: the certificate admits viewers of this age.
        min_runtime: the film is longer than this many minutes.
        since: earliest year.
        until: latest year.
        any_genres: the film has at least one of these genres.
        not_genres: the film has none of these genres.
        languages: the film has at least one of these languages.
        countries: the film comes from at least one of these countries.
        people: every one of these people is a director or actor of the film.
        not_people: none of these people is.

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
        for field, (low, high) in THRESHOLDS.items():
            number = getattr(self, field)
            if number is None:
                continue
            if not isinstance(number, int | np.integer) or isinstance(number, bool):
                raise OptionError(f"{field} must be a whole number, not {number!r}")
            if not low <= number <= high:
                raise OptionError(f"{field} must be between {low} and {high}, not {number}")
            object.__setattr__(self, field, int(number))
        for field in (*_EACH, *_ANY):
            object.__setattr__(self, field, _names(field, getattr(self, field)))
        if len(self.terms) > _MAX_TERMS:
            raise OptionError(f"at most {_MAX_TERMS} conditions at once, not {len(self.terms)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Constraints of a text: `comedy under 2 hours`, or `genre:comedy under:120`.

        Plain English and pairs of key and value can be mixed; docs/asking.md lists both.

        Raises:
            OptionError: a part that cannot be read or has two meanings, an unknown or repeated key,
                a missing value, or a number out of bounds.
        """
        return cls(**parsed(text))

    def __str__(self) -> str:
        """The text form by key and value, which `parse` reads; empty without conditions."""
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return bool(self.terms)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The single conditions."""
        return (
            *([Term("kids")] if self.kids else []),
            *(
                Term(field, (value,))
                for field in THRESHOLDS
                if (value := getattr(self, field)) is not None
            ),
            *(
                Term(field, (name,))
                for field in _EACH
                for name in dict.fromkeys(getattr(self, field))
            ),
            *(Term(field, names) for field in _ANY if (names := getattr(self, field))),
        )

    def without(self, term: Term) -> Self:
        """These constraints with one condition dropped."""
        if term.field == "kids":
            return replace(self, kids=False)
        if term.field in THRESHOLDS:
            return self.moved(term.field, None)
        names = (each for each in getattr(self, term.field) if each not in term.values)
        return self.moved(term.field, tuple(names))

    def moved(self, field: str, value: int | tuple[str, ...] | None) -> Self:
        """These constraints with another value of one field."""
        changed: dict[str, Any] = {field: value}
        return replace(self, **changed)

    def merged(self, other: Constraints) -> Self:
        """The conditions of both; where both have a number, that of `other`."""
        changes: dict[str, Any] = {"kids": self.kids or other.kids}
        for field in THRESHOLDS:
            value = getattr(other, field)
            changes[field] = getattr(self, field) if value is None else value
        for field in (*_EACH, *_ANY):
            changes[field] = tuple(dict.fromkeys((*getattr(self, field), *getattr(other, field))))
        return replace(self, **changes)

    def allowed(self, catalog: Catalog) -> NDArray[np.bool_]:
        """`bool[n_items]`: the films that meet every condition.

        Raises:
            UnknownNameError: a genre, language, country or person that no film has.
            InputError: a fact that is unknown for every film.
        """
        return allowed(conditions(self.terms, catalog), len(catalog))

    def preferred(self, catalog: Catalog) -> NDArray[np.bool_] | None:
        """`bool[n_items]`: films to list before the others that meet the conditions.

        With `kids`, films made for children. `None` without a preference.
        """
        return made_for_children(catalog) if self.kids else None


def _names(field: str, names: object) -> tuple[str, ...]:
    """The names of a field, from a tuple or a list of them.

    Raises:
        OptionError: something else, or an empty name.
    """
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise OptionError(f'{field} must be a list of names, as ["Comedy"], not {names!r}')
    if not all(each.strip() for each in names):
        raise OptionError(f"{KEYS[field]} needs a name, not an empty one")
    return tuple(names)
