"""Films that a catalogue seems to list more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

from matinee.data.catalog import Catalog, Film
from matinee.data.titles.external_ids import contradict
from matinee.data.titles.rows import TitleRows

__all__ = ["Duplicate", "duplicates"]

_MOST_ALIKE = 20
"""Films of one title, at most, that are compared: one that more have tells nothing."""

Rows = tuple[int, ...]


@dataclass(frozen=True)
class Duplicate:
    """Several rows that could be one film.

    Attributes:
        label: title and year of the first of them.
        ids: their film ids, in the catalogue's order.
        same: what they have in common: "title and year", "IMDb id", "TMDB id", "title loosely and
            year", "title, one year apart" with "director", "cast member" or "runtime".
    """

    label: str
    ids: tuple[str, ...]
    same: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.ids)} (same {' and same '.join(self.same)})"


def duplicates(catalog: Catalog) -> tuple[Duplicate, ...]:
    """The groups of rows that could be one film, in the catalogue's order.

    Rows with one IMDb id or one TMDB id are one film. Those with one normalised title and year
    are a suspicion, since two films of one year can share a title. Weaker ones, of two rows each,
    are raised where the ids do not say otherwise: titles that are equal in a looser form ("&" and
    "and", articles, numerals, a title in brackets) in one year, unless both name directors, or
    both a cast, with nobody in common; and an equal title one year apart, if a director, a cast
    member or the runtime is the same. An unknown year or id is equal to nothing.
    """
    titles = TitleRows(catalog.titles, catalog.years.tolist())
    common: dict[Rows, list[str]] = defaultdict(list)
    for same, groups in (
        ("title and year", _by_title(titles)),
        ("IMDb id", _groups(enumerate(catalog.imdb_ids))),
        ("TMDB id", _groups(enumerate(catalog.tmdb_ids))),
    ):
        for rows in groups:
            common[rows].append(same)
    together = {pair for rows in common for pair in combinations(rows, 2) if len(rows) > 2}
    for pair, suspicion in _suspicions(catalog, titles):
        if pair not in together:
            common[pair] += suspicion
    return tuple(
        Duplicate(
            label=catalog.film(rows[0]).label,
            ids=tuple(str(catalog.item_ids.ids[row]) for row in rows),
            same=tuple(same),
        )
        for rows, same in sorted(common.items())
    )


def _by_title(titles: TitleRows) -> Iterator[Rows]:
    """Rows of one whole title and year."""
    for key, rows in titles.by_whole.items():
        if key and len(rows) > 1:
            yield from _groups((row, titles.years[row]) for row in rows)


def _groups(keys: Iterable[tuple[int, object]]) -> Iterator[Rows]:
    """Two rows or more with one key; what is empty or 0 is none."""
    rows_of: dict[object, list[int]] = defaultdict(list)
    for row, key in keys:
        if key:
            rows_of[key].append(row)
    return (tuple(rows) for rows in rows_of.values() if len(rows) > 1)


def _suspicions(catalog: Catalog, titles: TitleRows) -> Iterator[tuple[Rows, list[str]]]:
    """Pairs of rows that are worth a look, and what they have in common; each pair once."""
    for row, other in sorted(_loosely_titled(titles)):
        film, of_other = catalog.film(row), catalog.film(other)
        if not (contradict(film, of_other) or _of_others(film, of_other)):
            yield (row, other), ["title loosely and year"]
    for row, other in sorted(_one_year_apart(titles)):
        film, of_other = catalog.film(row), catalog.film(other)
        agreed = _agreed(film, of_other)
        if agreed and not contradict(film, of_other):
            yield (row, other), ["title, one year apart", *agreed]


def _loosely_titled(titles: TitleRows) -> set[Rows]:
    """Pairs of one year with a loose form in common, their whole titles unequal."""
    return {
        pair
        for rows in titles.by_loose_form.values()
        if len(rows) > 1
        for of_year in _groups((row, titles.years[row]) for row in rows)
        if len(of_year) <= _MOST_ALIKE
        for pair in combinations(of_year, 2)
        if titles.whole[pair[0]] != titles.whole[pair[1]]
    }


def _one_year_apart(titles: TitleRows) -> set[Rows]:
    """Pairs of equal whole titles and known years next to each other, the lower row first."""
    pairs: set[Rows] = set()
    for key, rows in titles.by_whole.items():
        if not key or len(rows) == 1:
            continue
        by_year = defaultdict(list)
        for row in rows:
            by_year[titles.years[row]].append(row)
        for year, of_year in by_year.items():
            next_year = by_year.get(year + 1, []) if year else []
            if len(of_year) + len(next_year) <= _MOST_ALIKE:
                pairs |= {(min(pair), max(pair)) for pair in product(of_year, next_year)}
    return pairs


def _agreed(film: Film, other: Film) -> list[str]:
    """What besides the title two films have in common."""
    return [
        named
        for named, same in (
            ("director", set(film.directors) & set(other.directors)),
            ("cast member", set(film.cast) & set(other.cast)),
            ("runtime", film.runtime is not None and film.runtime == other.runtime),
        )
        if same
    ]


def _of_others(film: Film, other: Film) -> bool:
    """Whether both name people of one kind, and none of them is in both."""
    return any(
        mine and theirs and not set(mine) & set(theirs)
        for mine, theirs in ((film.directors, other.directors), (film.cast, other.cast))
    )
