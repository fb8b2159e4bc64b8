"""Fills unknown facts of a catalogue from the films of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matinee.data.catalog import Catalog, Film
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy

__all__ = ["EnrichReport", "enrich"]

_FILLED = ("runtime", "certificate", "languages", "countries", "directors", "cast", "imdb_id")


@dataclass(frozen=True)
class EnrichReport:
    """How many films of a catalogue were matched to another.

    Attributes:
        films: all films of the catalogue.
        exact: matched by title in the same year.
        by_part: matched in the same year by the part of a title before or after a colon or dash.
        one_year_off: matched by title in the year before or after.
        ambiguous: films with several candidates; none was taken.
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


def enrich(catalog: Catalog, facts: Sequence[Film]) -> tuple[Catalog, EnrichReport]:
    """The catalogue with unknown fields filled from `facts`.

    Films are matched by title and year (see `FilmMatcher.match_titles`). Known facts do not change,
    and genres, keywords and overviews are not filled. `merge` also matches by id and can keep films
    of both catalogues.
    """
    films = catalog.films()
    matcher = FilmMatcher([FilmKey.of(fact) for fact in facts])
    matches = matcher.match_titles(FilmKey.of_catalog(catalog))
    for at, row in matches.rows.items():
        films[at] = films[at].filled(facts[row], _FILLED)
    report = EnrichReport(
        films=len(films),
        exact=matches.by[MatchedBy.TITLE],
        by_part=matches.by[MatchedBy.PART],
        one_year_off=matches.by[MatchedBy.NEAR_YEAR],
        ambiguous=len(matches.ambiguous),
    )
    return Catalog.of(films), report
