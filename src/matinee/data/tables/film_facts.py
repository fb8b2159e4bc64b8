"""Titles, years and genres of films from any table that has them."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.spelling import natural_title, split_year
from matinee.data.tables.columns import Columns, film_columns, way_out
from matinee.data.tables.id_column import ids_of
from matinee.data.tables.layout import Table
from matinee.data.tables.missing import MISSING
from matinee.data.texts import TextLists, Texts
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

__all__ = ["FilmFacts", "film_ids", "imdb_id_of", "read_films"]

_NO_GENRE = frozenset({"(no genres listed)", "unknown", *(each.lower() for each in MISSING)})
_YEAR_BEHIND = r"\(\d{4}\)$"
_FACTS = ("title", "year", "genres", "imdb_id", "tmdb_id")
_TMDB_ID = re.compile(r"[1-9][0-9]{0,9}(?:\.0)?")
_YEARS = range(1870, 2100)


class FilmFacts:
    """Films by id; the first row of a film counts."""

    def __init__(self) -> None:
        self._films: dict[str, Film] = {}

    def __len__(self) -> int:
        return len(self._films)

    def __contains__(self, film_id: object) -> bool:
        return film_id in self._films

    def add(self, frame: pl.DataFrame, columns: Columns) -> None:
        """Add the films of a block of rows; one film may have many rows."""
        ids = film_ids(frame, columns).cast(pl.String)
        roles = {role: getattr(columns, role) for role in _FACTS}
        facts = {
            role: frame[name].cast(pl.String).str.strip_chars()
            if name
            else pl.Series([None] * len(ids), dtype=pl.String)
            for role, name in roles.items()
        }
        table = pl.DataFrame({"id": ids, **facts}).filter(pl.col("id").is_not_null())
        for film_id, *texts in table.unique("id", keep="first").iter_rows():
            if film_id not in self._films:
                self._films[film_id] = _film(film_id, *(text or "" for text in texts))

    def catalog(self, rated: Vocabulary, *, others: bool) -> Catalog:
        """The rated films in their order; with `others`, all other films behind them."""
        if not self._films:
            return _untitled(rated)
        ids = rated.ids.tolist()
        films = [self._films.get(each) or Film(each, f"Film {each}") for each in ids]
        if others:
            films += [film for each, film in self._films.items() if each not in rated]
        return Catalog.of(films)


def _untitled(ids: Vocabulary) -> Catalog:
    """A catalogue of ids alone, built by columns because there may be very many."""
    numbers = np.zeros(len(ids), dtype=np.int16)
    texts, lists = Texts.of([""] * len(ids)), TextLists.of([()] * len(ids))
    return Catalog(
        item_ids=ids,
        titles=Texts.of(f"Film {each}" for each in ids.ids.tolist()),
        years=numbers,
        runtimes=numbers,
        genres=lists,
        certificates=texts,
        languages=lists,
        countries=lists,
        directors=lists,
        cast=lists,
        keywords=lists,
        overviews=texts,
        imdb_ids=texts,
        tmdb_ids=texts,
        votes=np.zeros(len(ids), dtype=np.int32),
        means=np.zeros(len(ids), dtype=np.float32),
    )


def film_ids(frame: pl.DataFrame, columns: Columns) -> pl.Series:
    """Ids of the films of some rows, as from `ids_of`; a title goes with its year.

    Two films of one title are two: "Les Misérables (1998)" and "Les Misérables (2012)".
    """
    ids = ids_of(frame[columns.item or ""])
    if columns.item != columns.title or columns.year is None:
        return ids
    titles, years = ids.cast(pl.String), frame[columns.year].cast(pl.String)
    years = years.str.extract(r"^\s*([12][0-9]{3})(?:\D|$)")
    alone = years.is_null() | titles.str.contains(_YEAR_BEHIND)
    return titles.zip_with(alone, titles + " (" + years + ")")


def read_films(
    table: Table,
    cleaning: Cleaning,
    rated: Vocabulary,
    choice: Mapping[str, str] | None = None,
) -> tuple[FilmFacts, Columns]:
    """The films of a table with ids and, where it has them, titles, years and genres.

    Of several columns with ids, the one that has most of the `rated` films counts, unless `choice`
    (role to column) names it.

    Returns:
        The films, and the columns they were read from.

    Raises:
        DataError: the table cannot be read, or no column has the id of a rated film.
    """
    columns = film_columns(table.source, table.names, choice, has_names=table.has_names)
    if "item" not in (choice or {}):
        columns = _matching(table, columns, rated)
    facts = FilmFacts()
    rows = 0
    for block in table.blocks(columns, cleaning):
        missing = film_ids(block.frame, columns).is_null()
        for row in missing.arg_true().to_list():
            cleaning.bad_line(table.source, block.line(row), "no film id")
        rows += block.frame.height - int(missing.sum())
        facts.add(block.frame, columns)
    cleaning.count("rows that repeat a film's id, the first kept", rows - len(facts))
    return facts, columns


def _matching(table: Table, columns: Columns, rated: Vocabulary) -> Columns:
    """The columns with the id that has most of the rated films; the first of equal ones."""
    plain = [name for name in table.names if name.strip().lower() == "id"]
    named = [columns.item, *plain, columns.imdb_id, columns.tmdb_id, columns.title]
    candidates = [replace(columns, item=name) for name in dict.fromkeys(named) if name]
    if columns.title and columns.year:
        candidates.append(replace(columns, item=columns.title, year=None))
    counts = []
    for candidate in candidates:
        found: set[str] = set()
        for block in table.blocks(candidate, Cleaning(limit=sys.maxsize)):
            ids = film_ids(block.frame, candidate).cast(pl.String).drop_nulls()
            found.update(each for each in ids.unique().to_list() if each in rated)
        counts.append(len(found))
    if not any(counts):
        raise DataError(
            f"{table.source}: no column has the id of a rated film, as {rated.ids[0]!s}; it has "
            f"{', '.join(map(repr, table.names))}; {way_out(['item'])}"
        )
    return candidates[counts.index(max(counts))]


def _film(film_id: str, title: str, year: str, genres: str, imdb_id: str, tmdb_id: str) -> Film:
    """Genres are written "Comedy|War", "Comedy, War" or "['Comedy', 'War']"."""
    bare, in_title = split_year(title)
    digits = re.match(r"\d{4}", year)
    known = int(digits.group()) if digits else in_title
    listed = genres.strip("[]")
    separator = next((each for each in "|;,/" if each in listed), "|")
    parts = dict.fromkeys(part.strip(" '\"") for part in listed.split(separator))
    return Film(
        id=film_id,
        title=natural_title(bare) or f"Film {film_id}",
        year=known if known in _YEARS else None,
        genres=tuple(part for part in parts if part and part.lower() not in _NO_GENRE),
        imdb_id=imdb_id_of(imdb_id),
        tmdb_id=number[1]
        if (number := re.fullmatch(r"([1-9][0-9]{0,9})(?:\.0)?", tmdb_id))
        else "",
    )


def imdb_id_of(text: str) -> str:
    """The id of "tt0114709", "114709", "114709.0" or an address, as "tt0114709"; "" without one."""
    match = re.search(r"tt([0-9]{1,9})\b", text) or re.fullmatch(r"([0-9]{1,9})(?:\.0)?", text)
    return f"tt{match[1].lstrip('0').zfill(7)}" if match and int(match[1]) else ""
