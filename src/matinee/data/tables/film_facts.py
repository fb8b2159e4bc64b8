"""Titles, years and genres of films from any table that has them."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.spelling import natural_title, split_year
from matinee.data.tables.columns import Columns, film_columns
from matinee.data.tables.id_column import id_texts
from matinee.data.tables.open_table import open_table
from matinee.data.texts import TextLists, Texts
from matinee.data.vocabulary import Vocabulary

__all__ = ["FilmFacts", "read_films"]

_NO_GENRE = frozenset({"(no genres listed)", "unknown", "none", "null", "nan", r"\n"})
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
        ids = id_texts(frame[columns.item or ""])
        roles = {"title": columns.title, "year": columns.year, "genres": columns.genres}
        facts = {
            role: frame[name].cast(pl.String).str.strip_chars()
            if name
            else pl.Series([None] * len(ids), dtype=pl.String)
            for role, name in roles.items()
        }
        table = pl.DataFrame({"id": ids, **facts}).filter(pl.col("id").is_not_null())
        for film_id, title, year, genres in table.unique("id", keep="first").iter_rows():
            if film_id not in self._films:
                self._films[film_id] = _film(film_id, title or "", year or "", genres or "")

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
    )


def read_films(path_or_frame: object, cleaning: Cleaning) -> FilmFacts:
    """The films of a table with ids and, where it has them, titles, years and genres."""
    table = open_table(path_or_frame)
    columns = film_columns(table.source, table.names)
    facts = FilmFacts()
    rows = 0
    for block in table.blocks(columns, cleaning):
        missing = id_texts(block.frame[columns.item or ""]).is_null()
        for row in missing.arg_true().to_list():
            cleaning.bad_line(table.source, block.line(row), "no film id")
        rows += block.frame.height - int(missing.sum())
        facts.add(block.frame, columns)
    cleaning.count("rows that repeat a film's id, the first kept", rows - len(facts))
    return facts


def _film(film_id: str, title: str, year: str, genres: str) -> Film:
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
    )
