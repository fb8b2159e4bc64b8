"""Questions as they arrive: the text of an address, or the fields of the form on the front page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import urlencode

import numpy as np
from fastapi import Query

from matinee.data import Catalog, Constraints
from matinee.data.certificates import age_of
from matinee.data.constraints import Term
from matinee.data.spelling import normalise
from matinee.errors import InputError, OptionError, UnknownNameError

__all__ = ["But", "Fields", "Form", "address", "names_are_values", "question"]

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
    Query(max_length=9, description="What they must be more than the film; may be repeated."),
]


def question(text: str) -> Constraints:
    """The question a text asks.

    Raises:
        OptionError: it cannot be read; says so of the parameter `query`.
    """
    try:
        return Constraints.parse(text)
    except OptionError as error:
        raise OptionError(f"query: {error}") from None


@contextmanager
def names_are_values() -> Iterator[None]:
    """A name no film has is a wrong value here (422), not a page that is missing (404)."""
    try:
        yield
    except UnknownNameError as error:
        raise InputError(f"query: {error}") from error


def address(constraints: Constraints) -> str:
    """Where the front page answers a question."""
    return f"/?{urlencode({'query': str(constraints)})}" if constraints else "/"


@dataclass(frozen=True)
class Fields:
    """What the form on the front page sends; a field left alone is empty."""

    kids: str = ""
    under: str = ""
    genre: str = ""
    decade: str = ""
    person: str = ""

    def added_to(self, text: str) -> Constraints:
        """The question of the fields and of a text that holds what the form has no field for.

        Raises:
            OptionError: a field or the text cannot be read.
        """
        terms = [
            "kids" if self.kids else "",
            _written("under", self.under),
            _written("genre", self.genre),
            _written("decade", self.decade),
            _written("with", self.person),
        ]
        return question(text).merged(Constraints.parse(" ".join(terms)))


@dataclass(frozen=True)
class Form:
    """The form on the front page for one catalogue and one question.

    Attributes:
        fields: what its fields say.
        rest: what of the question it has no field for, as text; sent along.
        genres: those there are.
        decades: first years of those there are.
        knows_ages: whether any certificate tells an age.
        knows_runtimes: whether any film's length is known.
        knows_people: whether anybody is known.
        chips: each condition, and where the front page asks without it.
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
    def of(cls, catalog: Catalog, asked: Constraints) -> Form:
        """The form that asks this question."""
        genres = tuple(sorted(filter(None, catalog.genres.texts.coded[1])))
        years = catalog.years[catalog.years > 0]
        decades = tuple((np.unique(years // 10) * 10).tolist())
        fields, rest = _split(asked, genres, decades)
        return cls(
            fields=fields,
            rest=str(rest),
            genres=genres,
            decades=decades[::-1],
            knows_ages=any(age_of(each) >= 0 for each in catalog.certificates.coded[1]),
            knows_runtimes=bool((catalog.runtimes > 0).any()),
            knows_people=bool(len(catalog.cast.texts) or len(catalog.directors.texts)),
            chips=tuple((term, address(asked.without(term))) for term in asked.terms),
        )


def _split(
    asked: Constraints, genres: tuple[str, ...], decades: tuple[int, ...]
) -> tuple[Fields, Constraints]:
    """What the fields can say of a question, and the question that is left."""
    rest = replace(asked, kids=False, max_runtime=None, people=asked.people[1:])
    listed = {normalise(each): each for each in genres}
    genre = listed.get(normalise(asked.genres[0]), "") if asked.genres else ""
    if genre:
        rest = replace(rest, genres=asked.genres[1:])
    decade = asked.since or 0
    is_decade = decade in decades and asked.until == decade + 9
    if is_decade:
        rest = replace(rest, since=None, until=None)
    fields = Fields(
        kids="1" if asked.kids else "",
        under=str(asked.max_runtime or ""),
        genre=genre,
        decade=str(decade) if is_decade else "",
        person=asked.people[0] if asked.people else "",
    )
    return fields, rest


def _written(key: str, value: str) -> str:
    escaped = value.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'{key}:"{escaped}"' if escaped else ""
