"""Finding one film of an export in a catalogue: by its ids, its film id, its title and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from matinee.data.catalog import Catalog
from matinee.data.exports import OwnRating
from matinee.data.exports.match_report import Missing
from matinee.data.spelling import loose, natural_title, normalise, title_keys, title_parts
from matinee.data.titles.external_ids import ExternalIds, contradict
from matinee.data.titles.rows import TitleRows

__all__ = ["SURENESS", "FilmIndex"]

_LIKE = 75.0
"""Least likeness, of 100, of a title that is worth suggesting."""
_SUGGESTIONS = 100
"""Missing films that get one: each looks at every title of the catalogue."""

_BY_IMDB = "by IMDb id"
_BY_TMDB = "by TMDB id"
_BY_ID = "by film id and title"
_BY_BARE_ID = "by film id alone"
_BY_TITLE = "by title and year"
_BY_PART = "by a part of the title, same year"
_BY_NEIGHBOUR = "by title, one year off"
_BY_TITLE_ALONE = "by title, without a year"
SURENESS = (
    *(_BY_IMDB, _BY_TMDB, _BY_ID, _BY_BARE_ID),
    *(_BY_TITLE, _BY_PART, _BY_NEIGHBOUR, _BY_TITLE_ALONE),
)
"""What a film may be found by, from the surest on."""


class FilmIndex:
    """The films of one catalogue by id and by title, to find those that exports name."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._titles = TitleRows(catalog.titles, catalog.years.tolist())
        ids = zip(catalog.imdb_ids, catalog.tmdb_ids, strict=True)
        self._ids = [ExternalIds(*of_film) for of_film in ids]
        self._by_imdb = _rows_by(each.imdb_id for each in self._ids)
        self._by_tmdb = _rows_by(each.tmdb_id for each in self._ids)

    def same_film(self, own: OwnRating) -> tuple[str, list[int]]:
        """Rows of the films that this is by its ids, or else by title and year."""
        for by, rows in (
            (_BY_IMDB, self._by_imdb.get(own.imdb_id, [])),
            (_BY_TMDB, self._by_tmdb.get(own.tmdb_id, [])),
        ):
            if rows:
                same = [row for row in rows if self._catalog.item_ids.ids[row] == own.movielens_id]
                return by, same or rows
        titled = self._titled(own)
        if own.movielens_id in self._catalog.item_ids:
            row = self._catalog.item_ids.row(own.movielens_id)
            if row in titled:
                return _BY_ID, [row]
            if not own.title and not contradict(own, self._ids[row]):
                return _BY_BARE_ID, [row]
        if own.year is None:
            return _BY_TITLE_ALONE, titled
        in_year = [row for row in titled if self._titles.years[row] == own.year]
        wholes = {normalise(natural_title(title)) for title in (own.title, own.original_title)}
        equal = [row for row in in_year if self._titles.whole[row] in wholes]
        return _BY_TITLE, equal or in_year or self._loosely_titled(own)

    def part(self, own: OwnRating) -> tuple[str, list[int]]:
        """Rows of films of its year of whose title it is a part, or whose title is a part of it.

        "Star Wars" is "Star Wars: Episode IV - A New Hope", and the other way round.
        """
        titles, year = self._titles, own.year
        parts = {
            loose(part)
            for title in (own.title, own.original_title)
            if title
            for part in title_parts(title)
        }
        rows = titles.in_year(titles.by_loose_part, map(loose, _keys(own)), year)
        rows |= titles.in_year(titles.by_loose_form, parts, year)
        return _BY_PART, self._possible(own, rows)

    def neighbour(self, own: OwnRating) -> tuple[str, list[int]]:
        """Rows of films of the title in the years beside, or else of no known year.

        By equal titles alone: with the year loose too, "The Fear" would be "Fear".
        """
        if own.year is None:
            return _BY_TITLE_ALONE, []
        titled = self._titled(own)
        beside = [row for row in titled if abs(self._titles.years[row] - own.year) == 1]
        if beside:
            return _BY_NEIGHBOUR, beside
        return _BY_TITLE_ALONE, [row for row in titled if not self._titles.years[row]]

    def named(self, row: int) -> str:
        """A film with its id, since two may have the same title and year."""
        film = self._catalog.film(row)
        return f"{film.label} #{film.id}"

    def missing(self, films: Iterable[OwnRating]) -> Iterator[Missing]:
        """Films that were not found, the first of them with the nearest title there is."""
        # Slow to import, and an export may be found whole.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        for at, own in enumerate(films):
            near = None
            if at < _SUGGESTIONS and own.title:
                wanted = normalise(natural_title(own.title))
                near = process.extractOne(
                    wanted, self._titles.whole, scorer=fuzz.ratio, score_cutoff=_LIKE
                )
            yield Missing(own.label, self.named(near[2]) if near else "")

    def _titled(self, own: OwnRating) -> list[int]:
        """Rows of films with one of its titles, of any year."""
        return self._possible(own, self._titles.of_any_year(self._titles.by_form, _keys(own)))

    def _loosely_titled(self, own: OwnRating) -> list[int]:
        """Rows of films of its year with loosely one of its titles."""
        keys = map(loose, _keys(own))
        rows = self._titles.in_year(self._titles.by_loose_form, keys, own.year)
        return self._possible(own, rows)

    def _possible(self, own: OwnRating, rows: Iterable[int]) -> list[int]:
        """Those whose ids are not other ones."""
        return sorted(row for row in rows if not contradict(own, self._ids[row]))


def _keys(own: OwnRating) -> set[str]:
    """The forms of its titles."""
    titles = (title for title in (own.title, own.original_title) if title)
    return {key for title in titles for key in title_keys(title)}


def _rows_by(ids: Iterable[str]) -> dict[str, list[int]]:
    rows = defaultdict(list)
    for row, each in enumerate(ids):
        if each:
            rows[each].append(row)
    return dict(rows)
