"""Matches films to those of a catalogue by external id, title and year, without guessing."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from matinee.data.catalog import Catalog, Film
from matinee.data.spelling import (
    loose,
    natural_title,
    normalise,
    surely_same,
    title_keys,
    title_parts,
)
from matinee.data.titles.rows import RowsBy, TitleRows, rows_by

__all__ = ["FilmKey", "FilmMatcher", "MatchedBy", "Matches", "Pass", "match"]


class MatchedBy(enum.Enum):
    """What a film was matched by, from the surest to the loosest."""

    IMDB_ID = "by IMDb id"
    TMDB_ID = "by TMDB id"
    FILM_ID = "by film id and title"
    FILM_ID_ALONE = "by film id alone"
    TITLE = "by title and year"
    PART = "by a part of the title, same year"
    NEAR_YEAR = "by title, one year off"
    TITLE_ALONE = "by title, without a year"


@dataclass(frozen=True)
class FilmKey:
    """What identifies a film across catalogues; unknown is `None` or an empty string.

    `titles` are the title, and the original title where both are known.
    """

    titles: tuple[str, ...]
    year: int | None = None
    imdb_id: str = ""
    tmdb_id: str = ""

    @classmethod
    def of(cls, film: Film) -> FilmKey:
        return cls((film.title,), film.year, film.imdb_id, film.tmdb_id)

    @classmethod
    def of_catalog(cls, catalog: Catalog) -> list[FilmKey]:
        """The keys of all rows."""
        columns = (catalog.titles, catalog.years.tolist(), catalog.imdb_ids, catalog.tmdb_ids)
        return [
            cls((title,), year or None, *ids) for title, year, *ids in zip(*columns, strict=True)
        ]

    @cached_property
    def forms(self) -> frozenset[str]:
        """The normalised forms of every title (see `title_keys`)."""
        return frozenset[str]().union(*map(title_keys, self.titles))

    def contradicts(self, other: FilmKey) -> bool:
        """Whether an IMDb or TMDB id that both have differs: they are two films."""
        ids = ((self.imdb_id, other.imdb_id), (self.tmdb_id, other.tmdb_id))
        return any(own and their and own != their for own, their in ids)

    def same_title(self, other: FilmKey) -> bool:
        """Whether title and year are equal; two unknown years are."""
        alike = self.titles == other.titles or not self.forms.isdisjoint(other.forms)
        return self.year == other.year and alike


class FilmMatcher:
    """Candidates for a film among the films of one catalogue.

    Indexes are built at their first use. The methods leave out films whose ids contradict the key.
    """

    def __init__(self, films: Sequence[FilmKey]) -> None:
        self.films = films
        self.titles = TitleRows((each.titles[0] for each in films), (each.year for each in films))

    @cached_property
    def by_imdb_id(self) -> RowsBy:
        return rows_by([each.imdb_id] for each in self.films)

    @cached_property
    def by_tmdb_id(self) -> RowsBy:
        return rows_by([each.tmdb_id] for each in self.films)

    def titled(self, key: FilmKey) -> list[int]:
        """Rows of any year with one of the titles."""
        return self._possible(key, self.titles.of_any_year(self.titles.by_form, key.forms))

    def in_year(self, key: FilmKey) -> list[int]:
        """Rows of the year with one of the titles: whole, else in any form, else loosely."""
        titles = self.titles
        equal = self._possible(key, titles.in_year(titles.by_form, key.forms, key.year))
        if len(equal) > 1:
            wholes = {normalise(natural_title(title)) for title in key.titles}
            return [row for row in equal if titles.normalised[row] in wholes] or equal
        loosely = map(loose, key.forms)
        return equal or self._possible(key, titles.in_year(titles.by_loose_form, loosely, key.year))

    def part(self, key: FilmKey) -> list[int]:
        """Rows of the year where one title is a part of the other (see `title_parts`)."""
        titles, year = self.titles, key.year
        parts = {loose(part) for title in key.titles for part in title_parts(title)}
        longer = titles.in_year(titles.by_loose_part, map(loose, key.forms), year)
        return self._possible(key, longer | titles.in_year(titles.by_loose_form, parts, year))

    def sure_part(self, key: FilmKey) -> list[int]:
        """The rows of `part` whose common part leaves no doubt (see `surely_same`)."""
        return [
            row
            for row in self.part(key)
            if any(surely_same(title, self.films[row].titles[0]) for title in key.titles)
        ]

    def near_year(self, key: FilmKey) -> list[int]:
        """Rows with one of the titles, one year off.

        Loosely equal titles do not count here: "The Fear" would be "Fear" of the next year.
        """
        if key.year is None:
            return []
        return [row for row in self.titled(key) if abs(self.titles.years[row] - key.year) == 1]

    def match_titles(
        self, keys: Sequence[FilmKey], exclude: Collection[int] = (), skip: Collection[int] = ()
    ) -> Matches:
        """Films by title in their year, by a part of the title, by title one year off.

        "Star Wars" is "Star Wars: Episode IV" by a part of the title. Two films of one title and
        year can have the same match. For `exclude` and `skip` see `match`.
        """
        passes: tuple[Pass, ...] = (
            lambda at: (MatchedBy.TITLE, self.in_year(keys[at])),
            lambda at: (MatchedBy.PART, self.part(keys[at])),
            lambda at: (MatchedBy.NEAR_YEAR, self.near_year(keys[at])),
        )
        return match(keys, passes, exclude, skip)

    def _possible(self, key: FilmKey, rows: Iterable[int]) -> list[int]:
        return sorted(row for row in rows if not key.contradicts(self.films[row]))


@dataclass(frozen=True)
class Matches:
    """Films matched to rows of a catalogue.

    Attributes:
        rows: position of a film to its row.
        ambiguous: position of a film to the rows it could be.
        kinds: position of a film with a row to the kind of match.
    """

    rows: Mapping[int, int]
    ambiguous: Mapping[int, Sequence[int]]
    kinds: Mapping[int, MatchedBy]

    @property
    def by(self) -> Counter[MatchedBy]:
        """Number of films for each kind of match."""
        return Counter(self.kinds.values())

    def doubting(self, doubtful: Collection[int]) -> Matches:
        """The same with the matches of some positions as ambiguous ones."""
        ambiguous = {at: [row] for at, row in self.rows.items() if at in doubtful}
        return Matches(
            {at: row for at, row in self.rows.items() if at not in doubtful},
            dict(sorted((dict(self.ambiguous) | ambiguous).items())),
            {at: kind for at, kind in self.kinds.items() if at not in doubtful},
        )


Pass = Callable[[int], tuple[MatchedBy, Collection[int]]]
"""Position of a film to its candidate rows, and the kind of match they are."""


def match(
    keys: Sequence[FilmKey],
    passes: Sequence[Pass],
    exclude: Collection[int] = (),
    skip: Collection[int] = (),
) -> Matches:
    """Matches films in several passes, each for the films without candidates so far.

    A single candidate is the match. Several make the film ambiguous. A row with a match is no
    candidate in later passes. These are not exact, so a row is contested if films of different
    years claim it, and none of them gets it: "Rage" of 1996 is not both that of 1995 and of 1997.

    The surest of `passes` is first. `exclude` are rows that are no candidates, `skip` positions of
    films to leave out.
    """
    matched: dict[int, int] = {}
    ambiguous: dict[int, Sequence[int]] = {}
    kinds: dict[int, MatchedBy] = {}
    unavailable = set(exclude)
    waiting = [at for at in range(len(keys)) if at not in skip]
    for number, candidates_of in enumerate(passes):
        kind: dict[int, MatchedBy] = {}
        candidates: dict[int, list[int]] = {}
        for at in waiting:
            kind[at], rows = candidates_of(at)
            if free := sorted(set(rows) - unavailable):
                candidates[at] = free
        contested = _contested(keys, candidates) if number else set()
        for at, free in candidates.items():
            if len(free) == 1 and free[0] not in contested:
                matched[at] = free[0]
                kinds[at] = kind[at]
            else:
                ambiguous[at] = free
        unavailable.update(matched.values())
        waiting = [at for at in waiting if at not in candidates]
    return Matches(matched, ambiguous, kinds)


def _contested(keys: Sequence[FilmKey], candidates: Mapping[int, Iterable[int]]) -> set[int]:
    """Rows that are candidates of films of different years."""
    years: dict[int, set[int | None]] = defaultdict(set)
    for at, rows in candidates.items():
        for row in rows:
            years[row].add(keys[at].year)
    return {row for row, claims in years.items() if len(claims) > 1}
