"""Which films of several catalogues are one: by their ids, or else by title and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from matinee.data.catalog import Film
from matinee.data.spelling import title_keys
from matinee.data.titles.external_ids import contradict
from matinee.data.titles.match import match_titles

__all__ = ["Group", "Joined", "join"]

Group = dict[int, int]
"""One film: number of a catalogue to row of the film there."""


@dataclass(frozen=True)
class Joined:
    """How the films of one catalogue were joined to those of the catalogues before it.

    Attributes:
        source: name of the catalogue.
        films: how many it has.
        by_id: joined by film, IMDb or TMDB id.
        by_title: joined by title and year.
        ambiguous: films so far that could be several of it, or share one of it: none was taken.
        new: films that only it has.
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
    """The films of all catalogues, each with where it stands.

    Films of one catalogue are never joined to each other by their titles. Those in `numbered`
    share one numbering; elsewhere an equal film id counts with an equal title and year alone.
    """
    groups: list[Group] = []
    counts = []
    for at, films in enumerate(catalogs):
        by_id, undecided, groups = _by_ids(groups, catalogs, at, numbered)
        known = [_so_far(group, catalogs) for group in groups]
        matches = match_titles(known, films, by_id, undecided)
        claims = defaultdict(list)
        for row, other in matches.found.items():
            claims[other].append(row)
        by_title = {rows[0]: other for other, rows in claims.items() if len(rows) == 1}
        found = by_id | by_title
        for row, other in found.items():
            groups[row][at] = other
        new = sorted(set(range(len(films))) - set(found.values()))
        groups += [{at: row} for row in new]
        counts.append(
            Joined(
                source=names[at],
                films=len(films),
                by_id=len(set(by_id.values())),
                by_title=len(by_title),
                ambiguous=len(undecided) + matches.ambiguous + len(matches.found) - len(by_title),
                new=len(new),
            )
        )
    return groups, tuple(counts)


def _by_ids(
    groups: list[Group], catalogs: Sequence[Sequence[Film]], at: int, numbered: Collection[int]
) -> tuple[dict[int, int], set[int], list[Group]]:
    """Films found by id, those that several ids could mean, and the films so far.

    There are fewer of these than before where the catalogue says that two of them are one.
    """
    others = catalogs[at]
    own = {film.id: row for row, film in enumerate(others)}
    imdb = _rows_by(film.imdb_id for film in others)
    tmdb = _rows_by(film.tmdb_id for film in others)
    found: dict[int, int] = {}
    undecided: set[int] = set()
    for row, group in enumerate(groups):
        film = _so_far(group, catalogs)
        same = _by_number(film, group, catalogs, at, numbered, own)
        if same is None:
            a, b = imdb.get(film.imdb_id, set()), tmdb.get(film.tmdb_id, set())
            could_be = (a & b) or (a | b)
            if len(could_be) > 1:
                undecided.add(row)
            same = min(could_be) if len(could_be) == 1 else None
        if same is not None:
            found[row] = same
    return _folded(groups, catalogs, found, undecided)


def _by_number(
    film: Film,
    group: Group,
    catalogs: Sequence[Sequence[Film]],
    at: int,
    numbered: Collection[int],
    own: dict[str, int],
) -> int | None:
    """Row of the film with the same film id, where that says something."""
    for source, row in group.items():
        known = catalogs[source][row]
        same = own.get(known.id)
        if same is None or contradict(film, catalogs[at][same]):
            continue
        if (at in numbered and source in numbered) or _titled_alike(known, catalogs[at][same]):
            return same
    return None


def _titled_alike(film: Film, other: Film) -> bool:
    alike = film.title == other.title or title_keys(film.title) & title_keys(other.title)
    return film.year == other.year and bool(alike)


def _folded(
    groups: list[Group],
    catalogs: Sequence[Sequence[Film]],
    found: dict[int, int],
    undecided: set[int],
) -> tuple[dict[int, int], set[int], list[Group]]:
    """Films of different catalogues that are one film of another, made one."""
    first: dict[int, int] = {}
    folded: set[int] = set()
    for row, other in found.items():
        into = first.setdefault(other, row)
        if into == row or groups[into].keys() & groups[row].keys():
            continue
        if not contradict(_so_far(groups[into], catalogs), _so_far(groups[row], catalogs)):
            groups[into] = dict(sorted((groups[into] | groups[row]).items()))
            folded.add(row)
    kept = [row for row in range(len(groups)) if row not in folded]
    now = {row: position for position, row in enumerate(kept)}
    return (
        {now[row]: other for row, other in found.items() if row in now},
        {now[row] for row in undecided},
        [groups[row] for row in kept],
    )


def _so_far(group: Group, catalogs: Sequence[Sequence[Film]]) -> Film:
    """What a film is known by: its facts from the first catalogue that has each."""
    films = [catalogs[source][row] for source, row in group.items()]
    return replace(
        films[0],
        title=next((film.title for film in films if film.title), ""),
        year=next((film.year for film in films if film.year), None),
        imdb_id=next((film.imdb_id for film in films if film.imdb_id), ""),
        tmdb_id=next((film.tmdb_id for film in films if film.tmdb_id), ""),
    )


def _rows_by(ids: Iterable[str]) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = defaultdict(set)
    for row, each in enumerate(ids):
        if each:
            rows[each].add(row)
    return dict(rows)
