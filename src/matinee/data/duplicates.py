"""Films that a catalogue seems to list more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from matinee.data.catalog import Catalog
from matinee.data.spelling import natural_title, normalise

__all__ = ["Duplicate", "duplicates"]


@dataclass(frozen=True)
class Duplicate:
    """Several rows that could be one film.

    Attributes:
        label: title and year of the first of them.
        ids: their film ids, in the catalogue's order.
        same: what they have in common: "title and year", "IMDb id" or "TMDB id".
    """

    label: str
    ids: tuple[str, ...]
    same: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.ids)} (same {' and same '.join(self.same)})"


def duplicates(catalog: Catalog) -> tuple[Duplicate, ...]:
    """The groups of rows with one normalised title and year, one IMDb id or one TMDB id.

    An unknown year or id is equal to nothing. Two films of one year can share a title, so a group
    by title alone is a suspicion; one by id is a fact. Groups come in the catalogue's order.
    """
    common: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for same, keys in (
        ("title and year", _titles(catalog)),
        ("IMDb id", iter(catalog.imdb_ids)),
        ("TMDB id", iter(catalog.tmdb_ids)),
    ):
        rows_of: dict[Hashable, list[int]] = defaultdict(list)
        for row, key in enumerate(keys):
            if key:
                rows_of[key].append(row)
        for rows in rows_of.values():
            if len(rows) > 1:
                common[tuple(rows)].append(same)
    return tuple(
        Duplicate(
            label=catalog.film(rows[0]).label,
            ids=tuple(str(catalog.item_ids.ids[row]) for row in rows),
            same=tuple(same),
        )
        for rows, same in sorted(common.items())
    )


def _titles(catalog: Catalog) -> Iterator[tuple[str, int] | None]:
    for title, year in zip(catalog.titles, catalog.years.tolist(), strict=True):
        yield (normalise(natural_title(title)), year) if year and title else None
