"""Finds films that a catalogue seems to list more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

from matinee.data.catalog import Catalog, Film
from matinee.data.titles.matcher import FilmKey
from matinee.data.titles.rows import TitleRows

__all__ = ["Duplicate", "duplicates"]

_MOST_ALIKE = 20
"""A title that more films share ("Untitled") is no evidence, and its pairs are not compared."""

Rows = tuple[int, ...]


@dataclass(frozen=True)
class Duplicate:
    """Several rows that could be one film.

    Attributes:
        label: title and year of the first row.
        ids: film ids, in the catalogue's order.
        same: what the rows have in common: "title and year", "IMDb id", "TMDB id", "title loosely
            and year", "title, one year apart" with "director", "cast member" or "runtime".
    """

    label: str
    ids: tuple[str, ...]
    same: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.ids)} (same {' and same '.join(self.same)})"


def duplicates(catalog: Catalog) -> tuple[Duplicate, ...]:
    """Groups of rows that could be one film, in the catalogue's order.

    Rows with one IMDb id or one TMDB id are one film. Rows with one normalised title and year are
    suspects: two films of one year can share a title. Two kinds of pairs are weaker suspects,
    unless their ids contradict each other. Pairs of the first kind have equal titles only in a
    looser form ("&" and "and", articles, numerals, a title in brackets), the same year, and no
    disjoint lists of directors or cast. Pairs of the second kind have an equal title one year apart
    and share a director, a cast member or the runtime. Unknown years and ids are never equal.
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
    in_larger_group = {pair for rows in common for pair in combinations(rows, 2) if len(rows) > 2}
    for pair, reasons in _suspects(catalog, titles):
        if pair not in in_larger_group:
            common[pair] += reasons
    return tuple(
        Duplicate(
            label=catalog.film(rows[0]).label,
            ids=tuple(str(catalog.item_ids.ids[row]) for row in rows),
            same=tuple(same),
        )
        for rows, same in sorted(common.items())
    )


def _by_title(titles: TitleRows) -> Iterator[Rows]:
    """Rows with one whole title and year."""
    for rows in titles.by_title.values():
        if len(rows) > 1:
            yield from _groups((row, titles.years[row]) for row in rows)


def _groups(keys: Iterable[tuple[int, object]]) -> Iterator[Rows]:
    """Two rows or more with one key; an empty or zero key is unknown."""
    rows_of: dict[object, list[int]] = defaultdict(list)
    for row, key in keys:
        if key:
            rows_of[key].append(row)
    return (tuple(rows) for rows in rows_of.values() if len(rows) > 1)


def _suspects(catalog: Catalog, titles: TitleRows) -> Iterator[tuple[Rows, list[str]]]:
    """Pairs of rows and what they have in common; each pair once."""
    for pair in sorted(_loosely_titled(titles)):
        film, other = catalog.films(pair)
        if not (_contradict(film, other) or _disjoint_people(film, other)):
            yield pair, ["title loosely and year"]
    for pair in sorted(_one_year_apart(titles)):
        film, other = catalog.films(pair)
        shared = _shared(film, other)
        if shared and not _contradict(film, other):
            yield pair, ["title, one year apart", *shared]


def _loosely_titled(titles: TitleRows) -> set[Rows]:
    """Pairs of one year with unequal whole titles and a loose form in common."""
    return {
        pair
        for rows in titles.by_loose_form.values()
        if len(rows) > 1
        for of_year in _groups((row, titles.years[row]) for row in rows)
        if len(of_year) <= _MOST_ALIKE
        for pair in combinations(of_year, 2)
        if titles.normalised[pair[0]] != titles.normalised[pair[1]]
    }


def _one_year_apart(titles: TitleRows) -> set[Rows]:
    """Pairs with equal whole titles and adjacent years, the lower row first."""
    pairs: set[Rows] = set()
    for rows in titles.by_title.values():
        if len(rows) == 1:
            continue
        by_year = defaultdict(list)
        for row in rows:
            by_year[titles.years[row]].append(row)
        for year, of_year in by_year.items():
            next_year = by_year.get(year + 1, []) if year else []
            if len(of_year) + len(next_year) <= _MOST_ALIKE:
                pairs |= {(min(pair), max(pair)) for pair in product(of_year, next_year)}
    return pairs


def _contradict(film: Film, other: Film) -> bool:
    return FilmKey.of(film).contradicts(FilmKey.of(other))


def _shared(film: Film, other: Film) -> list[str]:
    return [
        name
        for name, same in (
            ("director", set(film.directors) & set(other.directors)),
            ("cast member", set(film.cast) & set(other.cast)),
            ("runtime", film.runtime is not None and film.runtime == other.runtime),
        )
        if same
    ]


def _disjoint_people(film: Film, other: Film) -> bool:
    """Whether both name directors, or both a cast, with nobody in common."""
    return any(
        names and of_other and set(names).isdisjoint(of_other)
        for names, of_other in ((film.directors, other.directors), (film.cast, other.cast))
    )
