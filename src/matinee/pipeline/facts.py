"""Facts about a film that a reason names: those that meet constraints, those it shares."""

from __future__ import annotations

from matinee.content.series import same_series
from matinee.data import Constraints, Film
from matinee.data.constraints.synonyms import synonyms
from matinee.data.spelling import normalise
from matinee.display import formats

__all__ = ["facts_that_meet", "shared_facts"]

_MOST_GROUNDS, _MOST_PEOPLE, _MOST_WORDS = 2, 2, 3
"""Of what two films have in common: things named, people of one kind, genres or keywords."""


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
    """What two films have in common, at most two things, those that say most first.

    "same series", "both directed by Ridley Scott", "Sigourney Weaver in both", "Horror, Sci-Fi",
    "space, android".
    """
    directors = _common(one.directors, other.directors, _MOST_PEOPLE)
    cast = _common(one.cast, other.cast, _MOST_PEOPLE)
    grounds = (
        "same series" if same_series(one, other) else "",
        f"both directed by {formats.listed(directors)}" if directors else "",
        f"{formats.listed(cast)} in both" if cast else "",
        ", ".join(_common(one.genres, other.genres, _MOST_WORDS)),
        ", ".join(_common(_keywords(one), other.keywords, _MOST_WORDS)),
    )
    return tuple(filter(None, grounds))[:_MOST_GROUNDS]


def _common(names: tuple[str, ...], others: tuple[str, ...], most: int) -> list[str]:
    return [each for each in dict.fromkeys(names) if each in others][:most]


def _keywords(film: Film) -> tuple[str, ...]:
    """Its keywords but those that name a genre of it once more: "sci-fi"."""
    genres = {name for each in film.genres for name in synonyms("genre", each)}
    return tuple(each for each in film.keywords if normalise(each) not in genres)


def _among(known: tuple[str, ...], names: tuple[str, ...], kind: str = "") -> list[str]:
    """The names that a film has, each once, spelled as in its source."""
    keys = {name for each in names for name in synonyms(kind, each)}
    return list({normalise(each): each for each in known if normalise(each) in keys}.values())
