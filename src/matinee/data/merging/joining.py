"""Joins the films of several catalogues by their ids, or else by title and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from matinee.data.catalog import Film
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy, match

__all__ = ["Group", "Joined", "join"]

Group = dict[int, int]
"""One film: position of a catalogue to row of the film there."""


@dataclass(frozen=True)
class Joined:
    """How the films of one catalogue were joined to those of the catalogues before it.

    All but its name, `source`, are numbers of films. `by_id` is by film, IMDb or TMDB id;
    `ambiguous` are earlier films with several candidates in it, or with one that another film
    claims, which were not joined; `new` are those that no earlier catalogue has.
    """

    source: str
    films: int
    by_id: int
    by_title: int
    ambiguous: int
    new: int


def join(
    names: Sequence[str], catalogs: Sequence[Sequence[Film]], numbered: Collection[int]
) -> tuple[list[Group], tuple[Joined, ...]]:
    """The films of all catalogues, each with its row in every catalogue that has it.

    Two films of one catalogue are never joined by their titles. `numbered` are positions of
    catalogues that share one numbering. In others, an equal film id counts only with an equal title
    and year.
    """
    groups = _Groups(catalogs, numbered)
    joined = tuple(groups.add(at, name) for at, name in enumerate(names))
    return groups.all, joined


class _Groups:
    """The films of the catalogues added so far."""

    def __init__(self, catalogs: Sequence[Sequence[Film]], numbered: Collection[int]) -> None:
        self.all: list[Group] = []
        self._catalogs = catalogs
        self._keys = [list(map(FilmKey.of, films)) for films in catalogs]
        self._numbered = numbered

    def add(self, at: int, name: str) -> Joined:
        """Joins one more catalogue."""
        matcher = FilmMatcher(self._keys[at])
        by_id, undecided = self._match_ids(at, matcher)
        matches = matcher.match_titles(
            [self._key(group) for group in self.all],
            exclude=by_id.values(),
            skip=by_id.keys() | undecided,
        )
        claims = Counter(matches.rows.values())
        by_title = {at: row for at, row in matches.rows.items() if claims[row] == 1}
        for group, row in (by_id | by_title).items():
            self.all[group][at] = row
        known = {*by_id.values(), *by_title.values()}
        new = [row for row in range(len(self._catalogs[at])) if row not in known]
        self.all += [{at: row} for row in new]
        contested = len(matches.rows) - len(by_title)
        return Joined(
            source=name,
            films=len(self._catalogs[at]),
            by_id=len(set(by_id.values())),
            by_title=len(by_title),
            ambiguous=len(undecided) + len(matches.ambiguous) + contested,
            new=len(new),
        )

    def _match_ids(self, at: int, matcher: FilmMatcher) -> tuple[dict[int, int], set[int]]:
        """Rows of the groups found by id, and the groups with several candidates."""
        keys = [self._key(group) for group in self.all]
        film_ids = {film.id: row for row, film in enumerate(self._catalogs[at])}

        def candidates(group: int) -> tuple[MatchedBy, Collection[int]]:
            row = self._same_number(self.all[group], keys[group], at, film_ids)
            if row is not None:
                return MatchedBy.FILM_ID, [row]
            imdb = set(matcher.by_imdb_id.get(keys[group].imdb_id, ()))
            tmdb = set(matcher.by_tmdb_id.get(keys[group].tmdb_id, ()))
            return MatchedBy.IMDB_ID, imdb & tmdb or imdb | tmdb

        matches = match(keys, [candidates])
        remaining = self._fold(matches.rows, keys)
        by_id = {to: matches.rows[at] for to, at in enumerate(remaining) if at in matches.rows}
        return by_id, {to for to, at in enumerate(remaining) if at in matches.ambiguous}

    def _same_number(
        self, group: Group, key: FilmKey, at: int, film_ids: Mapping[str, int]
    ) -> int | None:
        """Row of the film with the same film id, if that id has a meaning there."""
        for source, row in group.items():
            same = film_ids.get(self._catalogs[source][row].id)
            if same is None or key.contradicts(self._keys[at][same]):
                continue
            one_numbering = at in self._numbered and source in self._numbered
            if one_numbering or self._keys[source][row].same_title(self._keys[at][same]):
                return same
        return None

    def _fold(self, matches: Mapping[int, int], keys: Sequence[FilmKey]) -> list[int]:
        """Joins groups that are one film of the new catalogue; returns positions of the others."""
        first: dict[int, int] = {}
        folded: set[int] = set()
        for group, row in matches.items():
            into = first.setdefault(row, group)
            if into == group or self.all[into].keys() & self.all[group].keys():
                continue
            if not self._key(self.all[into]).contradicts(keys[group]):
                self.all[into] = dict(sorted((self.all[into] | self.all[group]).items()))
                folded.add(group)
        remaining = [group for group in range(len(self.all)) if group not in folded]
        self.all = [self.all[group] for group in remaining]
        return remaining

    def _key(self, group: Group) -> FilmKey:
        """Title, year and ids, each from the first catalogue that has it."""
        keys = [self._keys[source][row] for source, row in group.items()]
        if len(keys) == 1:
            return keys[0]
        return FilmKey(
            titles=next((key.titles for key in keys if key.titles[0]), ("",)),
            year=next((key.year for key in keys if key.year), None),
            imdb_id=next((key.imdb_id for key in keys if key.imdb_id), ""),
            tmdb_id=next((key.tmdb_id for key in keys if key.tmdb_id), ""),
        )
