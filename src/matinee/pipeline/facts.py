"""Facts about a film that a reason names: those that meet constraints, those it shares."""

from __future__ import annotations

from matinee.data import Constraints, Film
from matinee.data.constraints.synonyms import synonyms
from matinee.data.spelling import normalise
from matinee.display import formats

__all__ = ["facts_that_meet", "shared_facts"]


def facts_that_meet(constraints: Constraints, film: Film) -> tuple[str, ...]:
    """How a film meets constraints: "comedy", "1988", "104 minutes", "with Tom Hanks".

    Constraints that only exclude films add nothing.
    """
    genres = _among(film.genres, (*constraints.genres, *constraints.any_genres), "genre")
    facts = [each.lower() for each in genres]
    if constraints.since is not None or constraints.until is not None:
        facts.append(str(film.year))
    if constraints.max_runtime is not None or constraints.min_runtime is not None:
        facts.append(f"{film.runtime} minutes")
    if constraints.kids or constraints.max_age is not None:
        facts.append(f"rated {film.certificate}")
    names = {
        "in": _among(film.languages, constraints.languages),
        "from": _among(film.countries, constraints.countries, "country"),
        "with": _among((*film.directors, *film.cast), constraints.people),
    }
    return (*facts, *(f"{word} {formats.listed(each)}" for word, each in names.items() if each))


def shared_facts(one: Film, other: Film) -> tuple[str, ...]:
    """Genres, up to two people and up to three keywords that two films have in common."""
    people, others = (*one.directors, *one.cast), (*other.directors, *other.cast)
    return (
        *(each for each in one.genres if each in other.genres),
        *[each for each in dict.fromkeys(people) if each in others][:2],
        *[each for each in one.keywords if each in other.keywords][:3],
    )


def _among(known: tuple[str, ...], names: tuple[str, ...], kind: str = "") -> list[str]:
    """The names that a film has, each once, spelled as in its source."""
    keys = {name for each in names for name in synonyms(kind, each)}
    return list({normalise(each): each for each in known if normalise(each) in keys}.values())
