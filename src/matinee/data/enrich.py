"""Filling what one catalogue does not know about its films from another that does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matinee.data.catalog import Catalog, Film
from matinee.data.spelling import loose, title_keys, title_parts

__all__ = ["MatchReport", "enrich"]

_FILLED = ("runtime", "certificate", "languages", "countries", "directors", "cast", "imdb_id")


@dataclass(frozen=True)
class MatchReport:
    """How many films of a catalogue were found in another.

    Attributes:
        films: all films of the catalogue.
        exact: matched by title in the same year.
        by_part: matched in the same year by what stands before or after a colon or dash.
        one_year_off: matched by title in the year before or after.
        ambiguous: several films could be it, so none was taken.
    """

    films: int
    exact: int
    by_part: int
    one_year_off: int
    ambiguous: int

    @property
    def matched(self) -> int:
        return self.exact + self.by_part + self.one_year_off

    def __str__(self) -> str:
        share = 100 * self.matched / self.films if self.films else 0.0
        return (
            f"{self.matched:,} of {self.films:,} films matched to the film table by title and year "
            f"({share:.1f} %: {self.exact:,} exactly, {self.by_part:,} by a part of the title, "
            f"{self.one_year_off:,} one year off; {self.ambiguous:,} ambiguous and left alone)"
        )


def enrich(catalog: Catalog, facts: Sequence[Film]) -> tuple[Catalog, MatchReport]:
    """The catalogue with unknown fields filled from `facts`, film by film.

    Films are matched by title and year (see `title_keys`), in three passes: by title in the same
    year; by a part of the title in the same year ("Star Wars" is "Star Wars: Episode IV"); by
    title one year off. A later pass takes no fact that an earlier one took, and nothing is taken
    where two could be meant. What the catalogue knows is never changed; genres, keywords and
    overviews stay its own.
    """
    index = _Index(facts)
    films = catalog.films()
    waiting = set(range(len(films)))
    fact_of: dict[int, int] = {}
    counts: list[int] = []
    ambiguous = 0
    for candidates_of in (index.in_year, index.by_part, index.one_year_off):
        taken = set(fact_of.values())
        found = {row: candidates_of(films[row]) - taken for row in waiting}
        found = {row: candidates for row, candidates in found.items() if candidates}
        contested = _contested(films, found)
        sure = {
            row: min(candidates)
            for row, candidates in found.items()
            if len(candidates) == 1 and not candidates & contested
        }
        fact_of |= sure
        counts.append(len(sure))
        ambiguous += len(found) - len(sure)
        waiting -= found.keys()
    filled = (
        _filled(film, facts[fact_of[row]]) if row in fact_of else film
        for row, film in enumerate(films)
    )
    exact, by_part, one_year_off = counts
    return Catalog.of(filled), MatchReport(len(films), exact, by_part, one_year_off, ambiguous)


class _Index:
    """Positions of films by title and year."""

    def __init__(self, films: Sequence[Film]) -> None:
        self._strict: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._loose: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._parts: dict[tuple[str, int], list[int]] = defaultdict(list)
        for row, film in enumerate(films):
            if film.year is not None:
                for key in title_keys(film.title):
                    self._strict[key, film.year].append(row)
                    self._loose[loose(key), film.year].append(row)
                for part in title_parts(film.title):
                    self._parts[loose(part), film.year].append(row)

    def in_year(self, film: Film) -> set[int]:
        """By equal titles, or else by loosely equal ones."""
        keys = title_keys(film.title)
        equal = _rows(self._strict, keys, film.year)
        return equal or _rows(self._loose, map(loose, keys), film.year)

    def by_part(self, film: Film) -> set[int]:
        """By a whole title that is a part of the other."""
        keys, parts = map(loose, title_keys(film.title)), map(loose, title_parts(film.title))
        return _rows(self._parts, keys, film.year) | _rows(self._loose, parts, film.year)

    def one_year_off(self, film: Film) -> set[int]:
        """By equal titles alone: with the year loose too, "The Fear" would be "Fear"."""
        if film.year is None:
            return set()
        keys = title_keys(film.title)
        return _rows(self._strict, keys, film.year - 1) | _rows(self._strict, keys, film.year + 1)


def _rows(
    index: Mapping[tuple[str, int], list[int]], keys: Iterable[str], year: int | None
) -> set[int]:
    return set() if year is None else {row for key in keys for row in index.get((key, year), ())}


def _contested(films: Sequence[Film], found: Mapping[int, set[int]]) -> set[int]:
    """Facts that films of different years claim: they cannot be about both."""
    years: dict[int, set[int | None]] = defaultdict(set)
    for row, candidates in found.items():
        for fact in candidates:
            years[fact].add(films[row].year)
    return {fact for fact, claimed in years.items() if len(claimed) > 1}


def _filled(film: Film, fact: Film) -> Film:
    changes: dict[str, Any] = {
        name: getattr(fact, name) for name in _FILLED if not getattr(film, name)
    }
    return replace(film, **changes)
