"""How a film meets what was asked for, in words: "a comedy of 95 minutes, as you asked"."""

from __future__ import annotations

from matinee.data import Constraints, Film
from matinee.data.spelling import normalise

__all__ = ["as_asked"]

_NOUNS = {"comedy", "documentary", "drama", "musical", "romance", "thriller", "western"}
"""Genres that are also the name of a film of that genre."""


def as_asked(constraints: Constraints, film: Film) -> str:
    """The facts of a film that its constraints asked for; "" where they only kept things out."""
    parts = [
        _kind(constraints, film),
        *_numbers_of(constraints, film),
        *_named("in", constraints.languages, film.languages),
        *_named("from", constraints.countries, film.countries),
        *_named("with", constraints.people, (*film.directors, *film.cast)),
    ]
    return f"{' '.join(filter(None, parts))}, as you asked" if any(parts) else ""


def _kind(constraints: Constraints, film: Film) -> str:
    """A noun for the film: "a comedy", "a 1995 film", "a fantasy film"; "" where none is needed."""
    asked = _among(film.genres, (*constraints.genres, *constraints.any_genres))
    if not asked and not _asks_for_facts(constraints):
        return ""
    words = [" and ".join(each.lower() for each in asked)] if asked else []
    if constraints.since is not None or constraints.until is not None:
        words.insert(0, str(film.year))
    if not asked or asked[-1].lower() not in _NOUNS:
        words.append("film")
    article = "an" if words[0].startswith((*"aeiou", "18")) else "a"
    return " ".join([article, *words])


def _asks_for_facts(asked: Constraints) -> bool:
    names = asked.languages or asked.countries or asked.people
    return bool(names or asked.kids or any(each is not None for each in _numbers(asked)))


def _numbers(asked: Constraints) -> tuple[int | None, ...]:
    return asked.max_age, asked.max_runtime, asked.min_runtime, asked.since, asked.until


def _numbers_of(asked: Constraints, film: Film) -> list[str]:
    facts = []
    if asked.max_runtime is not None or asked.min_runtime is not None:
        facts.append(f"of {film.runtime} minutes")
    if asked.kids or asked.max_age is not None:
        facts.append(f"rated {film.certificate}")
    return facts


def _named(lead: str, asked: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    names = _among(known, asked)
    return [f"{lead} {' and '.join(names)}"] if names else []


def _among(known: tuple[str, ...], asked: tuple[str, ...]) -> list[str]:
    """The names of a film that were asked for, as the film's source spells them, each once."""
    wanted = {normalise(each) for each in asked}
    return list({normalise(each): each for each in known if normalise(each) in wanted}.values())
