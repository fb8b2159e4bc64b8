"""The Netflix Prize: 100,480,507 ratings of 17,770 films by 480,189 customers, 1999-2005."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.interactions import Interactions
from matinee.data.sources import Source
from matinee.data.spelling import natural_title
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Layout
from matinee.data.tables.lines import BLOCK, Lines, lines_of
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, UnreachableError

__all__ = ["NetflixPrize"]

_FILES = tuple(f"combined_data_{number}.txt" for number in range(1, 5))
_TITLES = ("movie_titles.txt", "movie_titles.csv")
_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_THREE_FIELDS = b"0,0,1970-01-01\n"
"""Put before a block, because polars expects all columns in the first line."""
_FILMS = {"id": pl.Int32, "year": pl.String, "title": pl.String}
_HEADER = re.compile("([0-9]{1,8}):")
_RATING = re.compile("([0-9]{1,8}),([0-9]{1,4}),([0-9]{4}-[0-9]{2}-[0-9]{2})")


class _Ratings(NamedTuple):
    """Some ratings, 13 bytes each: memory holds a hundred million of them."""

    customers: NDArray[np.int32]
    films: NDArray[np.int32]
    stars: NDArray[np.int8]
    days: NDArray[np.int32]


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
        parts = [part for file in files for part in _parts(file, self.block, cleaning)]
        rated = np.flatnonzero(_present(part.films for part in parts))
        unknown = [each for each in rated.tolist() if each not in films]
        cleaning.count("rated films without a title, called by their ids", len(unknown))
        films |= {each: Film(id=str(each), title=str(each)) for each in unknown}
        catalog = Catalog.of(films[each] for each in sorted(films))
        return Dataset(
            name=self.name,
            interactions=last_ratings(_interactions(parts, catalog), folder, cleaning),
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


def _parts(file: Path, size: int, cleaning: Cleaning) -> Iterator[_Ratings]:
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
        yield _Ratings(
            *(each.to_numpy() for each in inside.cast({"stars": pl.Int8}).iter_columns())
        )


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
            cleaning.bad_line(file, line, f"{rating[3]} is no date")
        else:
            rows.append((int(rating[1]), film, int(rating[2]), day))
    return pl.DataFrame(rows, schema=_TYPES, orient="row"), film


def _day(text: str) -> int | None:
    """Days from 1970 to a date like 2005-09-06."""
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return None


def _interactions(parts: list[_Ratings], catalog: Catalog) -> Interactions:
    """All parts, which are freed on the way because memory has no room for everything twice."""
    customer_is_there = _present(part.customers for part in parts)
    customers = np.flatnonzero(customer_is_there)
    customer_row = np.cumsum(customer_is_there, dtype=np.int32) - np.int32(1)
    films = catalog.item_ids.ids.astype(np.int64)
    n = sum(len(part.stars) for part in parts)
    users, items = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    values, times = np.empty(n, dtype=np.float32), np.empty(n, dtype=np.int64)
    end = n
    while parts:
        part = parts.pop()
        rows = slice(end - len(part.stars), end)
        users[rows] = customer_row[part.customers]
        items[rows] = np.searchsorted(films, part.films)
        values[rows] = part.stars
        times[rows] = part.days.astype(np.int64) * _DAY
        end = rows.start
    return Interactions(
        users=users,
        items=items,
        values=values,
        times=times,
        user_ids=Vocabulary.of("viewer", customers.tolist()),
        item_ids=catalog.item_ids,
    )


def _present(columns: Iterator[NDArray[np.int32]]) -> NDArray[np.bool_]:
    """Whether an id is in any of the columns, by id: far faster than sorting them."""
    present = np.zeros(1, dtype=np.bool_)
    for ids in columns:
        most = int(ids.max(initial=0))
        if most >= len(present):
            present = np.pad(present, (0, most + 1 - len(present)))
        present[ids] = True
    return present
