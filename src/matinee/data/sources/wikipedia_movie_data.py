"""Wikipedia's lists of American films: 36,273 of 1900-2023, most with an overview."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matinee.data.catalog import Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile, download
from matinee.data.people import people
from matinee.data.sources import Source
from matinee.data.tables.lines import plain_or_packed
from matinee.errors import DataError

__all__ = ["WikipediaMovieData"]

_WHOLE = "movies.json"
_DECADES = tuple(f"movies-{decade}s.json" for decade in range(1900, 2030, 10))
_FILE = RemoteFile(
    url=f"https://raw.githubusercontent.com/prust/wikipedia-movie-data/master/{_WHOLE}",
    sha256="8d9311c57b1fcfbec906e475c4e2191d3e9de58d0622ad41605ed0121a6b889f",
    size=25_818_279,
)
_MOST_CAST = 20
_NOT_IN_SLUGS = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class WikipediaMovieData(Source):
    """The JSON of `prust/wikipedia-movie-data`: one file, or one per decade, plain or `.gz`."""

    about = "36,273 American films of 1900-2023 without ratings: cast, genres and overviews"
    licence = (
        "The lists of Wikipedia movie data may be used freely under the MIT licence; the overviews "
        "are Wikipedia's (CC BY-SA): name it, and share adaptations under the same terms."
    )
    homepage = "https://github.com/prust/wikipedia-movie-data"
    overviews_from = "Wikipedia, CC BY-SA"
    size = _FILE.size
    layouts = tuple(
        frozenset({f"{name}{packed}"}) for name in (_WHOLE, _DECADES[0]) for packed in ("", ".gz")
    )

    file: RemoteFile = _FILE

    def download(self, cache: Cache, folder: Path) -> None:
        download(self.file, folder / _WHOLE, cache)

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        whole = plain_or_packed(folder, _WHOLE)
        by_name = {each: plain_or_packed(folder, each) for each in (() if whole else _DECADES)}
        files = [file for file in (whole, *by_name.values()) if file]
        if not files:
            raise DataError(f"there is neither {_WHOLE} nor {_DECADES[0]} in {folder}")
        missing = [name for name, file in by_name.items() if file is None]
        notes = [f"the copy is incomplete: there is no {', '.join(missing)}"] if missing else []
        films = _films(files, cleaning)
        if not films:
            raise DataError(f"{files[0]} holds no films")
        return self.dataset_of_films(films, notes)


def _films(files: list[Path], cleaning: Cleaning) -> list[Film]:
    """All well-formed films of the files."""
    films: list[Film] = []
    used: Counter[str] = Counter()
    malformed = 0
    for file in files:
        for number, entry in enumerate(_entries(file), start=1):
            defect = _defect(entry)
            if not defect:
                films.append(_film(entry, used))
                continue
            malformed += 1
            example = f"{file}, film {number}: {defect}"
            cleaning.count("malformed films left out", example=example)
            if malformed > cleaning.limit:
                raise DataError(f"{example}; more than {cleaning.limit} malformed films")
    return films


def _entries(file: Path) -> list[Mapping[str, Any]]:
    """The JSON array of a file."""
    try:
        packed = file.read_bytes()
        text = gzip.decompress(packed) if file.suffix == ".gz" else packed
        entries = json.loads(text)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{file} cannot be read: {reason}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON ({error})") from None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise DataError(f"{file} is not a JSON array of films")
    return entries


def _defect(entry: Mapping[str, Any]) -> str:
    """Why a film cannot be used; "" if it can."""
    title, year, extract = entry.get("title"), entry.get("year"), entry.get("extract", "")
    if not isinstance(title, str) or not title.strip():
        return "it has no title"
    if not isinstance(year, int) or not 1870 < year < 2100:
        return f"{year!r} is no year of a film"
    for name in ("cast", "genres"):
        listed = entry.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            return f"{name} is not a list of texts"
    return "" if extract is None or isinstance(extract, str) else "extract is not a text"


def _film(entry: Mapping[str, Any], used: Counter[str]) -> Film:
    title, year = entry["title"].strip(), entry["year"]
    return Film(
        id=_id(title, year, used),
        title=title,
        year=year,
        genres=_listed(entry.get("genres", [])),
        countries=("United States",),
        cast=people(entry.get("cast", []))[:_MOST_CAST],
        overview=(entry.get("extract") or "").strip(),
    )


def _id(title: str, year: int, used: Counter[str]) -> str:
    """Title and year: "carmen-1915" for the first such film, "carmen-1915-2" for the second.

    The lists have no ids. Their order, and with it every id, is the same in all copies.
    """
    letters = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    slug = f"{_NOT_IN_SLUGS.sub('-', letters).strip('-') or 'film'}-{year}"
    made = slug
    while made in used:
        used[slug] += 1
        made = f"{slug}-{used[slug]}"
    used[made] = 1
    return made


def _listed(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, texts))))
