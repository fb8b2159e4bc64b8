"""The Netflix Prize: 100,480,507 ratings of 17,770 films by 480,189 customers, 1999-2005."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source
from matinee.data.spelling import natural_title
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Block, Layout
from matinee.data.tables.lines import BLOCK, Lines, lines_of
from matinee.data.tables.rating_rows import RatingRows
from matinee.errors import DataError, UnreachableError

__all__ = ["NetflixPrize"]

_FILES = tuple(f"combined_data_{number}.txt" for number in range(1, 5))
_TITLES = ("movie_titles.txt", "movie_titles.csv")
_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_LAST_DAY = (date(2100, 1, 1) - _EPOCH).days
_THREE_FIELDS = b"0,0,1970-01-01\n"
"""Put before a block, because polars expects all columns in the first line."""
_FILMS = {"id": pl.Int32, "year": pl.String, "title": pl.String}
_COLUMNS = Columns("customer", "film", "stars", "day")
_SHORTEST_LINE = 15
"""Bytes of a rating, for an upper bound of their number."""
_HEADER = re.compile("([0-9]{1,8}):")
_RATING = re.compile("([0-9]{1,8}),([0-9]{1,4}),([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class NetflixPrize(Source):
    """The layout of the copy on Kaggle: four files of ratings by film, and the titles."""

    about = "100,480,507 ratings of 17,770 films by 480,189 Netflix customers (1999-2005)"
    licence = (
        "The Netflix Prize data was lent for research: no commercial use and no redistribution "
        "without Netflix's permission, and nobody may try to identify its customers."
    )
    homepage = "https://www.kaggle.com/datasets/netflix-inc/netflix-prize-data"
    citation = (
        "J. Bennett and S. Lanning (2007). The Netflix Prize. Proceedings of KDD Cup and Workshop "
        "2007, 35."
    )
    numbering = "Netflix Prize"
    first_film = "Dinosaur Planet"
    size = 700_000_000
    """About: Netflix no longer offers it, and copies are packed differently."""
    layouts = tuple(frozenset({_FILES[0], titles}) for titles in _TITLES)

    block: int = BLOCK
    """Bytes that are parsed at a time."""

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError(
            "Netflix has withdrawn it and it can only be downloaded by hand, from Kaggle "
            f"(netflix-inc/netflix-prize-data: {_FILES[0]} to 4, {_TITLES[1]})"
        )

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        titles = next((folder / name for name in _TITLES if (folder / name).is_file()), None)
        if titles is None:
            raise DataError(f"there is neither {_TITLES[0]} nor {_TITLES[1]} in {folder}")
        films = _films(titles, cleaning)
        files = [folder / name for name in _FILES if (folder / name).is_file()]
        capacity = sum(file.stat().st_size for file in files) // _SHORTEST_LINE
        with RatingRows(str(folder), _COLUMNS, cleaning, capacity) as rows:
            for file in files:
                for block in _blocks(file, self.block, cleaning):
                    rows.add(block)
        if not len(rows.values):
            raise DataError(f"{folder} holds no rating that can be used")
        ratings = rows.pop((1.0, 5.0))
        rated = list(map(int, ratings.item_ids.ids))
        unknown = [each for each in rated if each not in films]
        cleaning.count("rated films without a title, called by their ids", len(unknown))
        films |= {each: Film(id=str(each), title=str(each)) for each in unknown}
        catalog = Catalog.of(films[each] for each in sorted(films))
        row_of = np.searchsorted(sorted(films), rated).astype(np.int32)
        return Dataset(
            name=self.name,
            interactions=replace(ratings, items=row_of[ratings.items], item_ids=catalog.item_ids),
            catalog=catalog,
            licence=self.licence,
            notes=_notes(folder, files),
        )


def _notes(folder: Path, files: list[Path]) -> tuple[str, ...]:
    notes = []
    if len(files) < len(_FILES):
        missing = [name for name in _FILES if folder / name not in files]
        notes.append(f"the copy is incomplete: there is no {', '.join(missing)}")
    if (folder / "probe.txt").is_file():
        # Folds of a data set take turns as the test; the probe set is a test that never trains.
        notes.append("probe.txt is not used: its ratings are among the others")
    return tuple(notes)


def _films(file: Path, cleaning: Cleaning) -> dict[int, Film]:
    """By id, from lines `id,year,title` in Latin-1; a title may contain commas."""
    films: dict[int, Film] = {}
    layout = Layout(_FILMS, ",", otherwise="latin-1", open_column="title")
    rows = read_table(file, layout, cleaning)
    for row, (film_id, year, title) in enumerate(rows.frame.iter_rows()):
        if film_id < 0 or not title.strip():
            cleaning.bad_line(file, rows.line(row), "not an id, a year and a title")
        elif film_id in films:
            cleaning.bad_line(file, rows.line(row), f"film {film_id} occurs twice")
        elif year != "NULL" and not (year.isdecimal() and 1870 < int(year) < 2100):
            cleaning.bad_line(file, rows.line(row), f"{year!r} is neither a year nor NULL")
        else:
            films[film_id] = Film(
                id=str(film_id),
                title=natural_title(title.strip()),
                year=None if year == "NULL" else int(year),
            )
    return films


def _blocks(file: Path, size: int, cleaning: Cleaning) -> Iterator[Block]:
    """The ratings of one file, block by block, without those outside 1 to 5.

    A block with a malformed line is parsed line by line.
    """
    film = None
    for lines in lines_of(file, cleaning, size=size):
        frame = _fast(lines, film)
        if frame is None:
            frame, film = _slow(file, lines, film, cleaning)
        elif frame.height:
            film = frame["film"][-1]
        ratings = frame.drop_nulls("stars")
        inside = ratings.filter(pl.col("stars").is_between(1, 5))
        cleaning.count("ratings outside 1 to 5, left out", ratings.height - inside.height)
        yield Block(inside.with_columns(pl.col("day").cast(pl.Int64) * _DAY), lines.first)


_TYPES = {"customer": pl.Int32, "film": pl.Int32, "stars": pl.Int16, "day": pl.Int32}


def _fast(lines: Lines, film: int | None) -> pl.DataFrame | None:
    """Columns of `_TYPES`; the line of a film has no stars. `None` if a line is malformed."""
    schema = dict.fromkeys(("customer", "stars", "date"), pl.String)
    try:
        parsed = pl.read_csv(
            _THREE_FIELDS + lines.text, has_header=False, schema=schema, quote_char=None
        )
    except pl.exceptions.PolarsError:
        return None
    is_film = pl.col("customer").str.contains("^[0-9]{1,8}:$")
    header = pl.when(is_film).then(pl.col("customer").str.strip_suffix(":"))
    frame = parsed.slice(1).with_columns(
        customer=_where("customer", "^[0-9]{1,8}$").cast(pl.Int32),
        film=header.cast(pl.Int32).forward_fill().fill_null(pl.lit(film, dtype=pl.Int32)),
        stars=_where("stars", "^[0-9]{1,4}$").cast(pl.Int16),
        day=_where("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        .str.to_date("%Y-%m-%d", strict=False)
        .cast(pl.Int32),
        is_film=is_film,
    )
    n_films = int(frame["is_film"].sum())
    whole = pl.all_horizontal(pl.col(list(_TYPES)).is_not_null())
    whole &= pl.col("day").is_between(0, _LAST_DAY)
    film_alone = pl.col("is_film") & pl.all_horizontal(pl.col("stars", "day").is_null())
    good = frame.select((film_alone | whole).all()).item()
    n_ratings = lines.height - n_films
    if not good or frame.height != lines.height or lines.text.count(b",") != 2 * n_ratings:
        return None
    return frame.select(*_TYPES)


def _where(column: str, pattern: str) -> pl.Expr:
    """The text of a column where it matches a pattern, else null."""
    return pl.when(pl.col(column).str.contains(pattern)).then(pl.col(column))


def _slow(
    file: Path, lines: Lines, film: int | None, cleaning: Cleaning
) -> tuple[pl.DataFrame, int | None]:
    """As `_fast`, without the malformed lines; and the film of the last line.

    Ratings below an unreadable line of a film do not count for the film before it.
    """
    rows = []
    for line, text in enumerate(lines.text.decode("latin-1").split("\n")[:-1], lines.first):
        rating = _RATING.fullmatch(text)
        if not text:
            continue
        if rating is None:
            header = _HEADER.fullmatch(text)
            film = int(header[1]) if header else None if text.endswith(":") else film
            if header is None:
                cleaning.bad_line(file, line, f"{text[:40]!r} is neither a film nor a rating")
        elif film is None:
            cleaning.bad_line(file, line, "a rating of no film")
        elif (day := _day(rating[3])) is None:
            cleaning.bad_line(file, line, f"{rating[3]} is no date from 1970 to 2100")
        else:
            rows.append((int(rating[1]), film, int(rating[2]), day))
    return pl.DataFrame(rows, schema=_TYPES, orient="row"), film


def _day(text: str) -> int | None:
    """Days from 1970 to a date like 2005-09-06, at most to 2100."""
    try:
        day = (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return None
    return day if 0 <= day <= _LAST_DAY else None
