"""Finds the films of a viewer's export in a catalogue, without guessing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from matinee.data.catalog import Catalog
from matinee.data.exports.export import OwnRating
from matinee.data.spelling import loose, natural_title, normalise
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy, Matches, Pass
from matinee.data.titles.matcher import match as match_films

__all__ = ["OwnFilms"]

_MIN_SIMILARITY = 75.0
"""Spelling similarity, of 100, from which a title is suggested for a missing film."""
_SUGGESTIONS = 100
"""Missing films that get a suggestion: each is compared with every title of the catalogue."""
_BY_ID = frozenset(
    {MatchedBy.IMDB_ID, MatchedBy.TMDB_ID, MatchedBy.FILM_ID, MatchedBy.FILM_ID_ALONE}
)


class OwnFilms:
    """Films of one catalogue, for exports to be found in."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._matcher = FilmMatcher(FilmKey.of_catalog(catalog))

    def find(self, rows: Sequence[OwnRating]) -> Matches:
        """Films by external id, film id, or title and year; then part of a title; then near year.

        A film without a known year, in the export or in the catalogue, is found by title alone. A
        part of a title that leaves a doubt (see `surely_same`) is no match. Two films of the export
        with one match and no id to tell which it is are ambiguous. Several rows of one film (see
        `Catalog.first_rows`) are one candidate.
        """
        matcher, keys = self._matcher, [own.key for own in rows]

        def near_year(at: int) -> tuple[MatchedBy, list[int]]:
            near = matcher.near_year(keys[at])
            if near or keys[at].year is None:
                return MatchedBy.NEAR_YEAR, near
            undated = (row for row in matcher.titled(keys[at]) if not matcher.titles.years[row])
            return MatchedBy.TITLE_ALONE, list(undated)

        passes: tuple[Pass, ...] = (
            lambda at: self._same_film(rows[at], keys[at]),
            lambda at: (MatchedBy.PART, matcher.sure_part(keys[at])),
            near_year,
        )
        matches = match_films(keys, [self._once_each(rows, each) for each in passes])
        return matches.doubting(self._claimed_by_others(rows, matches))

    def label(self, row: int) -> str:
        """Label and id of a film: two films can share title and year."""
        film = self._catalog.film(row)
        return f"{film.label} #{film.id}"

    def missing(self, films: Iterable[OwnRating]) -> Iterator[str]:
        """Labels of films that were not found, the first ones with the nearest film.

        It has a part of the title in the same year, else the most similar title.
        """
        for at, own in enumerate(films):
            near = self._nearest(own) if at < _SUGGESTIONS and own.title else None
            yield own.label if near is None else f"{own.label} (nearest: {self.label(near)})"

    def _nearest(self, own: OwnRating) -> int | None:
        # Slow to import, and not needed if every film was found.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        if parts := self._matcher.part(own.key):
            return parts[0]
        near = process.extractOne(
            normalise(natural_title(own.title)),
            self._matcher.titles.normalised,
            scorer=fuzz.ratio,
            score_cutoff=_MIN_SIMILARITY,
        )
        return near[2] if near else None

    def _once_each(self, rows: Sequence[OwnRating], candidates_of: Pass) -> Pass:
        """The pass with one candidate for each film: the row with the viewer's film id, or the
        first.
        """
        ids, first_rows = self._catalog.item_ids.ids, self._catalog.first_rows

        def once_each(at: int) -> tuple[MatchedBy, Collection[int]]:
            kind, candidates = candidates_of(at)
            own_id = rows[at].movielens_id
            of_film: dict[int, int] = {}
            for row in sorted(candidates, key=lambda row: (ids[row] != own_id, row)):
                of_film.setdefault(int(first_rows[row]), row)
            return kind, of_film.values()

        return once_each

    def _same_film(self, own: OwnRating, key: FilmKey) -> tuple[MatchedBy, Collection[int]]:
        matcher, item_ids = self._matcher, self._catalog.item_ids
        if rows := matcher.by_imdb_id.get(key.imdb_id):
            return MatchedBy.IMDB_ID, rows
        # Sites number films and series apart, so one number can be of two things.
        numbered = matcher.by_tmdb_id.get(key.tmdb_id, ())
        if rows := [row for row in numbered if self._can_be(key, row)]:
            return MatchedBy.TMDB_ID, rows
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

    def _can_be(self, key: FilmKey, row: int) -> bool:
        """Whether a film of the same TMDB id can be the film: its IMDb id does not differ, and
        title and year do not both.
        """
        film = self._matcher.films[row]
        if key.contradicts(film):
            return False
        if not (key.year and film.year) or not key.titles:
            return True
        known = set(map(loose, film.forms))
        return abs(key.year - film.year) <= 1 or not known.isdisjoint(map(loose, key.forms))

    def _claimed_by_others(self, rows: Sequence[OwnRating], matches: Matches) -> set[int]:
        """Positions matched to a row that another film of the export is matched to as well."""
        claims: dict[int, list[int]] = defaultdict(list)
        for at, row in matches.rows.items():
            claims[row].append(at)
        return {
            at
            for together in claims.values()
            for at in together
            if matches.kinds[at] not in _BY_ID
            and any(rows[at].is_other_film(rows[other]) for other in together)
        }
