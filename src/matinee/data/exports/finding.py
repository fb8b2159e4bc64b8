"""Finds the films of an export in a catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from matinee.data.catalog import Catalog
from matinee.data.exports.export import OwnRating
from matinee.data.exports.match_report import Missing
from matinee.data.spelling import natural_title, normalise
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy, Matches, match

__all__ = ["OwnFilms"]

_MIN_SIMILARITY = 75.0
"""Spelling similarity, of 100, from which a title is suggested for a missing film."""
_SUGGESTIONS = 100
"""Missing films that get a suggestion: each is compared with every title of the catalogue."""


class OwnFilms:
    """Films of one catalogue, for exports to be found in."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._matcher = FilmMatcher(FilmKey.of_catalog(catalog))

    def find(self, rows: Sequence[OwnRating]) -> Matches:
        """Films by external id, film id, or title and year; then part of a title; then near year.

        A film without a known year, in the export or in the catalogue, is found by title alone.
        """
        matcher, keys = self._matcher, [own.key for own in rows]

        def near_year(at: int) -> tuple[MatchedBy, list[int]]:
            near = matcher.near_year(keys[at])
            if near or keys[at].year is None:
                return MatchedBy.NEAR_YEAR, near
            undated = (row for row in matcher.titled(keys[at]) if not matcher.titles.years[row])
            return MatchedBy.TITLE_ALONE, list(undated)

        return match(
            keys,
            (
                lambda at: self._same_film(rows[at], keys[at]),
                lambda at: (MatchedBy.PART, matcher.part(keys[at])),
                near_year,
            ),
        )

    def label(self, row: int) -> str:
        """Label and id of a film: two films can share title and year."""
        film = self._catalog.film(row)
        return f"{film.label} #{film.id}"

    def missing(self, films: Iterable[OwnRating]) -> Iterator[Missing]:
        """The films that were not found, each of the first with the title most similar to it."""
        # Slow to import, and not needed if every film was found.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        for at, own in enumerate(films):
            near = None
            if at < _SUGGESTIONS and own.title:
                near = process.extractOne(
                    normalise(natural_title(own.title)),
                    self._matcher.titles.whole,
                    scorer=fuzz.ratio,
                    score_cutoff=_MIN_SIMILARITY,
                )
            yield Missing(own.label, self.label(near[2]) if near else "")

    def _same_film(self, own: OwnRating, key: FilmKey) -> tuple[MatchedBy, Collection[int]]:
        matcher, item_ids = self._matcher, self._catalog.item_ids
        for by, rows in (
            (MatchedBy.IMDB_ID, matcher.by_imdb_id.get(key.imdb_id)),
            (MatchedBy.TMDB_ID, matcher.by_tmdb_id.get(key.tmdb_id)),
        ):
            if rows:
                return by, [row for row in rows if item_ids.ids[row] == own.movielens_id] or rows
        titled = matcher.titled(key)
        if own.movielens_id in item_ids:
            row = item_ids.row(own.movielens_id)
            if row in titled:
                return MatchedBy.FILM_ID, [row]
            if not own.title and not key.contradicts(matcher.films[row]):
                return MatchedBy.FILM_ID_ALONE, [row]
        if key.year is None:
            return MatchedBy.TITLE_ALONE, titled
        return MatchedBy.TITLE, matcher.in_year(key)
