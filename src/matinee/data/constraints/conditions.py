"""Evaluates conditions for every film of a catalogue at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.certificates import age_classes, age_of, for_kids
from matinee.data.constraints.synonyms import synonyms
from matinee.data.constraints.terms import Term
from matinee.data.spelling import normalise
from matinee.data.texts import TextLists
from matinee.display import formats
from matinee.errors import InputError, UnknownNameError

__all__ = [
    "ADULT_GENRES",
    "CHILDRENS_GENRES",
    "Condition",
    "Lacking",
    "allowed",
    "conditions",
    "lacking",
    "made_for_children",
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
"""Field of `Constraints` -> the kind of its names, and the columns with such names."""
_PEOPLE = "director or actor"
CHILDRENS_GENRES = ("Children", "Children's", "Family")
ADULT_GENRES = ("Crime", "Film-Noir", "Horror", "Thriller", "War")
"""Not for kids with any certificate, unless the film also has a children's genre: Jaws was a "PG"
before there was a "PG-13", and Psycho an "M"."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition, evaluated for every film.

    Attributes:
        term: the condition.
        fact: name of the fact it depends on.
        meets: `bool[n_items]`; false where the fact is unknown.
        known: `bool[n_items]`, whether the fact is known.
        excess: `int64[n_items]`, the move of the threshold that the film needs; 0 where the film
            meets the condition, undefined where the fact is unknown. `None` if the condition is not
            a threshold.
    """

    term: Term
    fact: str
    meets: NDArray[np.bool_]
    known: NDArray[np.bool_]
    excess: NDArray[np.int64] | None = None
    with_fact: int = 0
    """Number of films with the fact; fewer than are `known` where another fact can decide too."""


@dataclass(frozen=True)
class Lacking:
    """Films left out only because a fact is unknown: they may meet every condition.

    Attributes:
        films: their number.
        known: number of films of the catalogue with the fact.
        total: number of films of the catalogue.
    """

    fact: str
    films: int
    known: int
    total: int

    @property
    def text(self) -> str:
        """How many films, and of how many the fact is known.

        "2 films have no known runtime and cannot be shown; it is known for 38 of 40 films".
        """
        verb = "has" if self.films == 1 else "have"
        return (
            f"{formats.count(self.films, 'film')} {verb} no known {self.fact} and cannot be shown; "
            f"it is known for {self.known:,} of {formats.count(self.total, 'film')}"
        )


def conditions(terms: Sequence[Term], catalog: Catalog) -> tuple[Condition, ...]:
    """Evaluates every term for every film.

    Raises:
        UnknownNameError: a name that no film has; suggests similar ones.
        InputError: a fact that is unknown for every film.
    """
    evaluated = tuple(_condition(term, catalog) for term in terms)
    for each in evaluated:
        if len(catalog) and not each.known.any():
            raise InputError(
                f"no film of this data set has a known {each.fact}, so no condition can use it"
            )
    return evaluated


def allowed(all_conditions: Sequence[Condition], n_items: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: the films that meet every condition."""
    meets = np.ones(n_items, dtype=np.bool_)
    for each in all_conditions:
        meets &= each.meets
    return meets


def lacking(
    all_conditions: Sequence[Condition], candidates: NDArray[np.bool_]
) -> tuple[Lacking, ...]:
    """For each fact, the `candidates: bool[n_items]` it leaves out by being unknown.

    Films that are known to miss some other condition do not count.
    """
    possible = candidates.copy()
    for each in all_conditions:
        possible &= each.meets | ~each.known
    unknown: dict[str, NDArray[np.bool_]] = {}
    for each in all_conditions:
        unknown[each.fact] = unknown.get(each.fact, False) | (possible & ~each.known)
    with_fact = {each.fact: each.with_fact for each in all_conditions}
    counts = ((fact, int(np.count_nonzero(films))) for fact, films in unknown.items())
    return tuple(
        Lacking(fact, films, with_fact[fact], len(candidates)) for fact, films in counts if films
    )


def made_for_children(catalog: Catalog) -> NDArray[np.bool_]:
    """`bool[n_items]`: films of a children's genre, and animated films for every age.

    A certificate says what does no harm; most dramas rated PG are no children's films.
    """
    codes, certificates = catalog.certificates.coded
    every_age = (age_classes(certificates) == 0)[codes]
    genres = catalog.genres
    return genres.having(*CHILDRENS_GENRES) | (genres.having("Animation") & every_age)


def _condition(term: Term, catalog: Catalog) -> Condition:
    if term.field in {"kids", "max_age"}:
        return _of_age(term, catalog)
    return _of_names(term, catalog) if term.field in _NAMED else _of_number(term, catalog)


def _of_age(term: Term, catalog: Catalog) -> Condition:
    fact = "age rating"
    codes, certificates = catalog.certificates.coded
    ages = np.array([age_of(each) for each in certificates], dtype=np.int64)[codes]
    known = ages >= 0
    if term.field == "kids":
        genres = catalog.genres
        adult = genres.having(*ADULT_GENRES) & ~genres.having(*CHILDRENS_GENRES)
        suits = for_kids(age_classes(certificates))[codes] & ~adult
        # A film that its genres rule out does not need a certificate to be decided.
        decided = known | adult if known.any() else known
        return Condition(term, fact, suits, decided, with_fact=_number_of(known))
    excess = np.maximum(ages - int(term.values[0]), 0)
    return Condition(term, fact, known & (excess == 0), known, excess, _number_of(known))


def _of_number(term: Term, catalog: Catalog) -> Condition:
    fact = "runtime" if "runtime" in term.field else "year"
    column = catalog.runtimes if fact == "runtime" else catalog.years
    numbers, bound = column.astype(np.int64), int(term.values[0])
    beyond = {
        "max_runtime": numbers - bound + 1,
        "min_runtime": bound - numbers + 1,
        "since": bound - numbers,
        "until": numbers - bound,
    }
    known, excess = numbers > 0, np.maximum(beyond[term.field], 0)
    return Condition(term, fact, known & (excess == 0), known, excess, _number_of(known))


def _of_names(term: Term, catalog: Catalog) -> Condition:
    kind, fields = _NAMED[term.field]
    columns: list[TextLists] = [getattr(catalog, each) for each in fields]
    known = np.zeros(len(catalog), dtype=np.bool_)
    for column in columns:
        known |= np.diff(column.bounds) > 0
    has = np.zeros(len(catalog), dtype=np.bool_)
    for name in map(str, term.values):
        names = synonyms(kind, name)
        if known.any() and not any(
            each in column.spellings for column in columns for each in names
        ):
            raise _unknown(kind, name, columns, catalog)
        for column in columns:
            has |= column.having(*names)
    excluding = term.field.startswith("not_")
    fact = _PEOPLE if kind == "person" else kind
    meets = known & ~has if excluding else has
    return Condition(term, fact, meets, known, with_fact=_number_of(known))


def _number_of(films: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(films))


def _unknown(
    kind: str, name: str, columns: Sequence[TextLists], catalog: Catalog
) -> UnknownNameError:
    # Slow to import, and rarely needed.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    spelt: dict[str, str] = {}
    for column in columns:
        known = column.texts.coded[1]
        for key, codes in column.spellings.items():
            spelt |= dict.fromkeys(synonyms(kind, key), known[codes[0]])
    near = process.extract(
        normalise(name), list(spelt), scorer=fuzz.WRatio, limit=3, score_cutoff=75
    )
    listed = sorted(set(spelt.values())) if kind == "genre" else []
    hint = _other_kind(name, catalog) if kind == "genre" else ""
    suggestions = list(dict.fromkeys(spelt[key] for key, *_ in near))
    return UnknownNameError(kind, name, listed, hint, suggestions)


def _other_kind(name: str, catalog: Catalog) -> str:
    """How to write a name that is no genre but a language, a country or a person."""
    columns = {"in": catalog.languages, "from": catalog.countries, "with": catalog.cast}
    words = [word for word, column in columns.items() if normalise(name) in column.spellings]
    return f"perhaps write '{words[0]} {name}'" if words else ""
