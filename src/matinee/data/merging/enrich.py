"""Filling what one catalogue does not know about its films from another that does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from matinee.data.catalog import Catalog, Film
from matinee.data.titles.match import match_titles

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

    Films are matched by title and year (see `match_titles`), and none is where two could be meant.
    What the catalogue knows is never changed; genres, keywords and overviews stay its own. To
    match by ids too, or to keep what only the other knows, see `merge`.
    """
    films = catalog.films()
    matches = match_titles(films, facts)
    filled = (
        _filled(film, facts[matches.found[row]]) if row in matches.found else film
        for row, film in enumerate(films)
    )
    report = MatchReport(
        len(films), matches.exact, matches.by_part, matches.one_year_off, matches.ambiguous
    )
    return Catalog.of(filled), report


def _filled(film: Film, fact: Film) -> Film:
    changes: dict[str, Any] = {
        name: getattr(fact, name) for name in _FILLED if not getattr(film, name)
    }
    return replace(film, **changes)
