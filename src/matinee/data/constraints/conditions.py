"""The conditions of a question held against every film of a catalogue at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.certificates import age_classes, age_of, for_kids
from matinee.data.constraints.terms import Term
from matinee.data.spelling import normalise
from matinee.data.texts import TextLists
from matinee.errors import InputError, UnknownNameError

__all__ = [
    "CHILDRENS_GENRES",
    "GROWN_UP_GENRES",
    "Condition",
    "Lacking",
    "allowed",
    "conditions",
    "lacking",
]

_NAMED = {
    "genres": ("genre", ("genres",)),
    "any_genres": ("genre", ("genres",)),
    "not_genres": ("genre", ("genres",)),
    "languages": ("language", ("languages",)),
    "countries": ("country", ("countries",)),
    "people": ("person", ("directors", "cast")),
    "not_people": ("person", ("directors", "cast")),
}
"""Field of `Constraints` -> what its names are, and the columns that hold such names."""
_PEOPLE = "director or actor"
CHILDRENS_GENRES = ("Children", "Children's", "Family")
GROWN_UP_GENRES = ("Crime", "Film-Noir", "Horror", "Thriller", "War")
"""Not for kids whatever the certificate, unless it is a children's film as well: Jaws was a "PG"
before there was a "PG-13", and Psycho an "M"."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition and what every film says to it.

    Attributes:
        term: the condition.
        fact: what of a film it looks at, in words.
        meets: `bool[n_items]`; false where the fact is unknown.
        known: `bool[n_items]`, whether the film has the fact.
        excess: `int64[n_items]`, by how much a threshold would have to move for the film; 0 where
            it is met, meaningless where the fact is unknown. `None` for what is no threshold.
    """

    term: Term
    fact: str
    meets: NDArray[np.bool_]
    known: NDArray[np.bool_]
    excess: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Lacking:
    """Films that may meet everything, and were left out since a fact of them is not known."""

    fact: str
    films: int


def conditions(terms: Sequence[Term], catalog: Catalog) -> tuple[Condition, ...]:
    """Every term held against every film.

    Raises:
        UnknownNameError: a name no film of the catalogue has, with the nearest there are.
        InputError: no film of the catalogue has the fact a term looks at.
    """
    held = tuple(_condition(term, catalog) for term in terms)
    for each in held:
        if len(catalog) and not each.known.any():
            raise InputError(
                f"no {each.fact} is known for any film of this data set, so it cannot be asked for"
            )
    return held


def allowed(held: Sequence[Condition], n_items: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: the films that meet every condition."""
    meets = np.ones(n_items, dtype=np.bool_)
    for each in held:
        meets &= each.meets
    return meets


def lacking(held: Sequence[Condition], before: NDArray[np.bool_]) -> tuple[Lacking, ...]:
    """How many films each unknown fact leaves out that miss no condition they are known to miss.

    Args:
        held: the conditions.
        before: `bool[n_items]`, the films that could be recommended without any condition.
    """
    possible = before.copy()
    for each in held:
        possible &= each.meets | ~each.known
    unknown: dict[str, NDArray[np.bool_]] = {}
    for each in held:
        unknown[each.fact] = unknown.get(each.fact, False) | (possible & ~each.known)
    counts = ((fact, int(np.count_nonzero(films))) for fact, films in unknown.items())
    return tuple(Lacking(fact, films) for fact, films in counts if films)


def _condition(term: Term, catalog: Catalog) -> Condition:
    if term.field in {"kids", "max_age"}:
        return _of_age(term, catalog)
    if term.field in {"max_runtime", "min_runtime", "since", "until"}:
        return _of_number(term, catalog)
    return _of_names(term, catalog)


def _of_age(term: Term, catalog: Catalog) -> Condition:
    fact = "certificate that tells an age"
    codes, certificates = catalog.certificates.coded
    ages = np.array([age_of(each) for each in certificates], dtype=np.int64)[codes]
    known = ages >= 0
    if term.field == "kids":
        genres = catalog.genres
        grown_up = genres.having(*GROWN_UP_GENRES) & ~genres.having(*CHILDRENS_GENRES)
        suits = for_kids(age_classes(certificates))[codes] & ~grown_up
        # A film ruled out by its genres is not left out for want of a certificate.
        return Condition(term, fact, suits, known | grown_up if known.any() else known)
    excess = np.maximum(ages - _number(term), 0)
    return Condition(term, fact, known & (excess == 0), known, excess)


def _of_number(term: Term, catalog: Catalog) -> Condition:
    fact = "runtime" if "runtime" in term.field else "year"
    column = catalog.runtimes if fact == "runtime" else catalog.years
    numbers, bound = column.astype(np.int64), _number(term)
    beyond = {
        "max_runtime": numbers - bound + 1,
        "min_runtime": bound - numbers + 1,
        "since": bound - numbers,
        "until": numbers - bound,
    }
    known, excess = numbers > 0, np.maximum(beyond[term.field], 0)
    return Condition(term, fact, known & (excess == 0), known, excess)


def _of_names(term: Term, catalog: Catalog) -> Condition:
    kind, names = _NAMED[term.field]
    columns: list[TextLists] = [getattr(catalog, each) for each in names]
    known = np.zeros(len(catalog), dtype=np.bool_)
    for column in columns:
        known |= np.diff(column.bounds) > 0
    has = np.zeros(len(catalog), dtype=np.bool_)
    for name in map(str, term.values):
        if known.any() and not any(normalise(name) in column.spellings for column in columns):
            raise _unknown(kind, name, columns)
        for column in columns:
            has |= column.having(name)
    excluding = term.field.startswith("not_")
    fact = _PEOPLE if kind == "person" else kind
    return Condition(term, fact, known & ~has if excluding else has, known)


def _number(term: Term) -> int:
    return int(term.values[0])


def _unknown(kind: str, name: str, columns: Sequence[TextLists]) -> UnknownNameError:
    # Slow to import, and rarely needed.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    spelt: dict[str, str] = {}
    for column in columns:
        known = column.texts.coded[1]
        spelt |= {key: known[codes[0]] for key, codes in column.spellings.items()}
    near = process.extract(
        normalise(name), list(spelt), scorer=fuzz.WRatio, limit=3, score_cutoff=75
    )
    listed = sorted(spelt.values()) if kind == "genre" else []
    return UnknownNameError(kind, name, listed, suggestions=[spelt[key] for key, *_ in near])
