"""Film ids and their numberings: which ids of several data sets mean the same film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, select

from matinee.data import Catalog, Vocabulary
from matinee.store.database import insert_into
from matinee.store.schema import films

__all__ = ["FilmIds", "new_films", "read_film_ids", "upsert_films"]

_EVERY_ID = select(films.c.numbering, films.c.item, films.c.imdb_id, films.c.tmdb_id)


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
    """Rows for the table `films` that are not in it: films with an IMDb or TMDB id."""
    mine = _EVERY_ID.where(films.c.numbering == numbering)
    known = {row.item: (row.imdb_id, row.tmdb_id) for row in connection.execute(mine)}
    columns = (catalog.item_ids.ids.tolist(), catalog.imdb_ids, catalog.tmdb_ids)
    return [
        {"numbering": numbering, "item": item, "imdb_id": imdb_id, "tmdb_id": tmdb_id}
        for item, imdb_id, tmdb_id in zip(*columns, strict=True)
        if (imdb_id or tmdb_id) and known.get(item) != (imdb_id, tmdb_id)
    ]


def upsert_films(connection: Connection, rows: Sequence[dict[str, str]]) -> None:
    """Adds rows to the table `films`; an unknown id does not replace a known one."""
    upsert = insert_into(connection.dialect.name, films)
    new = upsert.excluded
    changes = {
        name: case((new[name] != "", new[name]), else_=films.c[name])
        for name in ("imdb_id", "tmdb_id")
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
    for row in connection.execute(_EVERY_ID):
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
