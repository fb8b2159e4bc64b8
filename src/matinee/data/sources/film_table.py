"""The film table: 17,472 films of 1940-2014 with facts from Wikidata, in the public domain."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from matinee.data.catalog import Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.archives import unpack
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import Wheel, download_wheel
from matinee.data.people import people
from matinee.data.sources import Source
from matinee.errors import DataError

__all__ = ["FilmTable"]

_FILE = "movies.db"
_WHEEL = Wheel(
    name="bokeh-sampledata",
    version="2026.1",
    sha256="f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
    size=12_835_603,
)
_LARGEST = 50_000_000
_QUERY = (
    'SELECT imdbID, Title, Year, Runtime, Genre, Rating, Language, Country, Director, "Cast" '
    "FROM omdb WHERE Year BETWEEN ? AND ? ORDER BY rowid"
)
_MARK = re.compile(r" \((?:\d{4} )?film\)$")
"""Wikidata's mark for films that share a title; here the year tells them apart."""


@dataclass(frozen=True)
class FilmTable(Source):
    """The SQLite file `movies.db` in the wheel of Bokeh's sample data."""

    about = "17,472 films of 1940-2014 without ratings: people, runtime, certificate, language"
    licence = "The film table is Wikidata's, dedicated to the public domain (CC0): use it freely."
    homepage = "https://github.com/bokeh/bokeh_sampledata"
    size = _WHEEL.size
    layouts = (frozenset({_FILE}),)

    wheel: Wheel = _WHEEL

    def download(self, cache: Cache, folder: Path) -> None:
        archive = download_wheel(self.wheel, folder, cache.progress)
        unpack(archive, {f"bokeh_sampledata/_data/{_FILE}": _FILE}, folder, max_bytes=_LARGEST)
        archive.unlink()

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        films = self.films(folder)
        distinct: dict[str, Film] = {}
        for film in films:
            distinct.setdefault(film.id, film)
        repeated = len(films) - len(distinct)
        notes = [f"{repeated} rows that repeat an IMDb id left out"] if repeated else []
        return self.dataset_of_films(distinct.values(), notes)

    def films(self, folder: Path, years: tuple[int, int] = (0, 9999)) -> list[Film]:
        """All films of a range of years, both ends included, in the order of the table."""
        file = folder / _FILE
        if not file.is_file():
            raise DataError(f"there is no file {file}")
        try:
            # Read-only: the folder may belong to others or not be writable.
            address = f"{file.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as database:
                return [_film(file, row) for row in database.execute(_QUERY, years)]
        except sqlite3.Error as error:
            raise DataError(f"{file} is not the film table ({error})") from None


def _film(file: Path, row: tuple[object, ...]) -> Film:
    imdb_id, title, year, runtime, genres, certificate, *lists = row
    if not (isinstance(imdb_id, str) and isinstance(title, str) and isinstance(year, int)):
        raise DataError(f"{file}: a film needs an IMDb id, a title and a year, not {row[:3]!r}")
    languages, countries, directors, cast = map(_listed, lists)
    return Film(
        id=imdb_id,
        title=_MARK.sub("", title),
        year=year,
        runtime=round(runtime) if isinstance(runtime, float) else None,
        genres=_listed(genres),
        certificate=str(certificate or ""),
        languages=languages,
        countries=countries,
        directors=people(directors),
        cast=people(cast),
        imdb_id=imdb_id,
    )


def _listed(text: object) -> tuple[str, ...]:
    return tuple(filter(None, str(text or "").split(", ")))
