"""Filters on the front page: their text in an address, and the fields of their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import urlencode

import numpy as np
from fastapi import Query

from matinee.data import Catalog, Constraints
from matinee.data.certificates import age_of
from matinee.data.constraints import Term
from matinee.data.spelling import normalise
from matinee.errors import OptionError

__all__ = ["But", "Fields", "Form", "address", "parse_query"]

Critique = Literal[
    "shorter",
    "longer",
    "newer",
    "older",
    "lighter",
    "darker",
    "better-known",
    "lesser-known",
    "kids",
]
But = Annotated[
    Sequence[Critique],
    Query(max_length=9, description="How they must differ from the film. Can be repeated."),
]


_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


def parse_query(text: str) -> Constraints:
    """The constraints of a `query` parameter.

    Raises:
        OptionError: it cannot be read; names the parameter.
    """
    try:
        return Constraints.parse(text)
    except OptionError as error:
        raise OptionError(f"query: {error}") from None


def address(constraints: Constraints) -> str:
    """The front page with these filters."""
    return f"/?{urlencode({'query': str(constraints)})}" if constraints else "/"


@dataclass(frozen=True)
class Fields:
    """Fields of the form; empty ones do not filter."""

    kids: str = ""
    under: str = ""
    genre: str = ""
    decade: str = ""
    person: str = ""

    def added_to(self, text: str) -> Constraints:
        """The constraints of the fields and of a text for which the form has no field.

        Raises:
            OptionError: a field or the text cannot be read.
        """
        if self.under.strip() and not re.fullmatch(r"\s*[0-9]{1,6}\s*", self.under):
            raise OptionError(f"“{self.under}” is not a number of minutes; try 90")
        if self.decade.strip() and not re.fullmatch(r"\s*[0-9]{3}0s?\s*", self.decade):
            raise OptionError(f"“{self.decade}” is not a decade; try 1990")
        if self.kids.strip().lower() not in {*_YES, *_NO}:
            raise OptionError(f"“{self.kids}” is neither yes nor no; for kids write kids=1")
        terms = [
            "kids" if self.kids.strip().lower() in _YES else "",
            _term("under", self.under),
            _term("genre", self.genre),
            _term("decade", self.decade),
            _term("with", self.person),
        ]
        return parse_query(text).merged(Constraints.parse(" ".join(terms)))


@dataclass(frozen=True)
class Form:
    """The form for one catalogue, filled in for some constraints.

    Attributes:
        fields: values of its fields.
        rest: constraints it has no field for, as text; sent along.
        genres, decades: to choose from; decades by their first year.
        knows_ages, knows_runtimes, knows_people: whether any film has the fact.
        chips: each constraint, and the address without it.
    """

    fields: Fields
    rest: str
    genres: tuple[str, ...]
    decades: tuple[int, ...]
    knows_ages: bool
    knows_runtimes: bool
    knows_people: bool
    chips: tuple[tuple[Term, str], ...]

    @classmethod
    def of(cls, catalog: Catalog, constraints: Constraints) -> Form:
        """The form that sends these constraints."""
        genres = tuple(sorted(filter(None, catalog.genres.texts.coded[1])))
        years = catalog.years[catalog.years > 0]
        decades = tuple((np.unique(years // 10) * 10).tolist())
        fields, rest = _split(constraints, genres, decades)
        return cls(
            fields=fields,
            rest=str(rest),
            genres=genres,
            decades=decades[::-1],
            knows_ages=any(age_of(each) >= 0 for each in catalog.certificates.coded[1]),
            knows_runtimes=bool((catalog.runtimes > 0).any()),
            knows_people=bool(len(catalog.cast.texts) or len(catalog.directors.texts)),
            chips=tuple((term, address(constraints.without(term))) for term in constraints.terms),
        )


def _split(
    constraints: Constraints, genres: tuple[str, ...], decades: tuple[int, ...]
) -> tuple[Fields, Constraints]:
    """The part of constraints that fields can hold, and the rest."""
    rest = replace(constraints, kids=False, max_runtime=None, people=constraints.people[1:])
    listed = {normalise(each): each for each in genres}
    genre = listed.get(normalise(constraints.genres[0]), "") if constraints.genres else ""
    if genre:
        rest = replace(rest, genres=constraints.genres[1:])
    decade = constraints.since or 0
    is_decade = decade in decades and constraints.until == decade + 9
    if is_decade:
        rest = replace(rest, since=None, until=None)
    fields = Fields(
        kids="1" if constraints.kids else "",
        under=str(constraints.max_runtime or ""),
        genre=genre,
        decade=str(decade) if is_decade else "",
        person=constraints.people[0] if constraints.people else "",
    )
    return fields, rest


def _term(key: str, value: str) -> str:
    escaped = value.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'{key}:"{escaped}"' if escaped else ""
