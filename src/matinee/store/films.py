"""Film ids and their numberings: which ids of several data sets mean the same film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, or_, select

from matinee.data import Catalog, Vocabulary
from matinee.errors import InputError
from matinee.store.database import insert_into
from matinee.store.events import check_id
from matinee.store.schema import films

__all__ = ["FilmIds", "new_films", "read_film_ids", "upsert_films"]

_ENOUGH = 10
"""Film ids in common from which two catalogues of one numbering are compared."""
_LEAST_SAME = 0.1
"""Editions rename films and mend ids, but of unrelated films hardly any has the same title."""

_EVERY_FILM = select(
    films.c.numbering, films.c.item, films.c.title, films.c.imdb_id, films.c.tmdb_id
)


@dataclass(frozen=True, eq=False)
class FilmIds:
    """The film ids of one catalogue, and ids of other numberings that mean the same films.

    Attributes:
        numbering: of the catalogue's own ids.
        own: ids of the catalogue.
        others: numbering and id -> id of the same film in the catalogue.
    """

    numbering: str
    own: Vocabulary
    others: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def translate(self, numbering: str, item: str) -> tuple[str, str]:
        """A film by the catalogue's own numbering and id; unchanged if it has no such film."""
        own = self.others.get((numbering, item))
        return (numbering, item) if own is None else (self.numbering, own)

    def __contains__(self, film: tuple[str, str]) -> bool:
        return film[0] == self.numbering and film[1] in self.own


def new_films(connection: Connection, numbering: str, catalog: Catalog) -> list[dict[str, str]]:
    """Rows for the table `films` that are not in it.

    Raises:
        InputError: the films of this numbering in the table are other films than those here, or
            an id is too long or not printable.
    """
    mine = _EVERY_FILM.where(films.c.numbering == numbering)
    known = {row.item: tuple(row[2:]) for row in connection.execute(mine)}
    columns = (catalog.titles, catalog.imdb_ids, catalog.tmdb_ids)
    here = dict(zip(catalog.item_ids.ids.tolist(), zip(*columns, strict=True), strict=True))
    for item in here:
        check_id("item", item)
    common = known.keys() & here.keys()
    same = sum(_is_same(known[item], here[item]) for item in common)
    if len(common) >= _ENOUGH and same < len(common) * _LEAST_SAME:
        example = min(each for each in common if not _is_same(known[each], here[each]))
        raise InputError(
            f"{len(common) - same:,} of {len(common):,} film ids mean other films than before "
            f"under {numbering!r}: {example!r} was {known[example][0]!r} and is "
            f"{here[example][0]!r}; give other data a name of their own with "
            "matinee import PATH --name NAME"
        )
    names = ("title", "imdb_id", "tmdb_id")
    return [
        {"numbering": numbering, "item": item, **dict(zip(names, facts, strict=True))}
        for item, facts in here.items()
        if known.get(item) != facts
    ]


def _is_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether title, IMDb id and TMDB id can be those of one film."""
    if one[1] and other[1]:
        return one[1] == other[1]
    return one[0].casefold() == other[0].casefold()


def upsert_films(connection: Connection, rows: Sequence[dict[str, str]]) -> None:
    """Adds rows to the table `films`; an unknown fact does not replace a known one."""
    upsert = insert_into(connection.dialect.name, films)
    new = upsert.excluded
    changes = {
        name: case((new[name] != "", new[name]), else_=films.c[name])
        for name in ("title", "imdb_id", "tmdb_id")
    }
    keys = [films.c.numbering, films.c.item]
    connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def read_film_ids(connection: Connection, numbering: str, own: Vocabulary) -> FilmIds:
    """The ids of a catalogue with those of all other numberings in the table `films`.

    An IMDb id decides; a TMDB id counts only where one of two films has no IMDb id.
    """
    by_imdb: dict[str, str] = {}
    by_tmdb: dict[str, tuple[str, str]] = {}
    foreign = []
    with_ids = or_(films.c.imdb_id != "", films.c.tmdb_id != "")
    for row in connection.execute(_EVERY_FILM.where(with_ids)):
        if row.numbering != numbering:
            foreign.append(row)
        elif row.item in own:
            if row.imdb_id:
                by_imdb.setdefault(row.imdb_id, row.item)
            if row.tmdb_id:
                by_tmdb.setdefault(row.tmdb_id, (row.item, row.imdb_id))
    others: dict[tuple[str, str], str] = {}
    for row in foreign:
        item = by_imdb.get(row.imdb_id)
        if item is None and row.tmdb_id in by_tmdb:
            candidate, imdb_id = by_tmdb[row.tmdb_id]
            item = None if imdb_id and row.imdb_id else candidate
        if item is not None:
            others[row.numbering, row.item] = item
    return FilmIds(numbering, own, others)
