"""Fills unknown facts of a catalogue from the films of another."""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data.catalog import Catalog, Film
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy, Matches

__all__ = ["enrich"]

_FILLED = ("runtime", "certificate", "languages", "countries", "directors", "cast", "imdb_id")


def enrich(catalog: Catalog, facts: Sequence[Film]) -> tuple[Catalog, str]:
    """The catalogue with unknown fields filled from `facts`, and how many films were matched.

    Films are matched by title and year (see `FilmMatcher.match_titles`). Known facts do not change,
    and genres, keywords and overviews are not filled. `merge` also matches by id and can keep films
    of both catalogues.
    """
    films = catalog.films()
    matcher = FilmMatcher([FilmKey.of(fact) for fact in facts])
    matches = matcher.match_titles(FilmKey.of_catalog(catalog))
    for at, row in matches.rows.items():
        films[at] = films[at].filled(facts[row], _FILLED)
    return Catalog.of(films), _sentence(matches, len(films))


def _sentence(matches: Matches, films: int) -> str:
    matched, by = len(matches.rows), matches.by
    return (
        f"{matched:,} of {films:,} films matched to the film table by title and year "
        f"({100 * matched / max(films, 1):.1f} %: {by[MatchedBy.TITLE]:,} exactly, "
        f"{by[MatchedBy.PART]:,} by a part of the title, {by[MatchedBy.NEAR_YEAR]:,} one year off; "
        f"{len(matches.ambiguous):,} ambiguous and left alone)"
    )
