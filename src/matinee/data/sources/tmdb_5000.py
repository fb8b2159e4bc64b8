"""TMDB 5000: 4,803 films with keywords, overviews and, in a second file, cast and crew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from matinee.data.catalog import Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Quotes, layout_of_texts
from matinee.data.tables.lines import FALLBACK_ENCODING
from matinee.errors import DataError, UnreachableError

__all__ = ["Tmdb5000"]

_MOVIES = "tmdb_5000_movies.csv"
_CREDITS = "tmdb_5000_credits.csv"
_COLUMNS = ["id", "title", "release_date", "runtime", "genres", "keywords", "overview"]
_COLUMNS += ["original_language", "production_countries"]
_MOST_CAST = 20
_LANGUAGES = {
    "af": "Afrikaans", "ar": "Arabic", "bn": "Bengali", "cn": "Cantonese", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "ky": "Kyrgyz", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sl": "Slovenian", "sv": "Swedish", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "xx": "",
    "zh": "Mandarin",
}  # fmt: skip
"""By TMDB's codes: it names languages in themselves, and "xx" is a film without language."""
_COUNTRIES = {"United States of America": "United States"}


class Tmdb5000(Source):
    """The two CSV files of the Kaggle data set `tmdb/tmdb-movie-metadata`."""

    about = "4,803 films without ratings: genres, keywords, overviews; people with its credits file"
    licence = (
        "TMDB 5000 comes from The Movie Database (TMDB), which must be credited and endorses "
        "nothing made with it; no commercial use without its agreement, no redistribution."
    )
    homepage = "https://www.kaggle.com/datasets/tmdb/tmdb-movie-metadata"
    citation = "The Movie Database (TMDB), https://www.themoviedb.org"
    overviews_from = "The Movie Database (TMDB)"
    size = 5_698_602
    layouts = (frozenset({_MOVIES}),)

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError(
            f"its owners require a download by hand, from Kaggle (tmdb/tmdb-movie-metadata: "
            f"{_MOVIES}, {_CREDITS})"
        )

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        people = _people(folder / _CREDITS, cleaning)
        rows = _rows(folder / _MOVIES, _COLUMNS, cleaning)
        notes = [] if people else [f"directors and cast are unknown: there is no {_CREDITS}"]
        return self.dataset_of_films((_film(row, people) for row in rows), notes)


class _Row(NamedTuple):
    """The fields of one film; errors name file, line and column."""

    place: str
    fields: Mapping[str, str]

    def whole_number(self, column: str) -> int | None:
        """`None` for an empty field and for zero, which is how TMDB writes unknown."""
        text = self.fields[column]
        try:
            return round(float(text)) or None if text else None
        except (ValueError, OverflowError):
            raise self.error(column, f"{text!r} is not a number") from None

    def year(self, column: str) -> int | None:
        text = self.fields[column]
        if not text:
            return None
        if not (text[:4].isdecimal() and text[4:5] == "-"):
            raise self.error(column, f"{text!r} is not a date like 2009-12-18")
        return int(text[:4])

    def objects(self, column: str) -> list[dict[str, Any]]:
        """The objects with a name in a JSON array."""
        try:
            parsed = json.loads(self.fields[column] or "[]")
        except json.JSONDecodeError as error:
            raise self.error(
                column, f"not JSON ({error.msg} at character {error.pos + 1})"
            ) from None
        if not isinstance(parsed, list) or not all(
            isinstance(each, dict) and isinstance(each.get("name"), str) for each in parsed
        ):
            raise self.error(column, "not a JSON array of objects with a name")
        return parsed

    def names(self, column: str) -> tuple[str, ...]:
        return _names(self.objects(column))

    def error(self, column: str, reason: str) -> DataError:
        return DataError(f"{self.place}, column {column}: {reason}")


def _film(row: _Row, people: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> Film:
    tmdb_id = row.fields["id"]
    if not tmdb_id.isdecimal():
        raise row.error("id", f"{tmdb_id!r} is not a number")
    code = row.fields["original_language"]
    language = _LANGUAGES.get(code, code)
    directors, cast = people.get(tmdb_id, ((), ()))
    return Film(
        id=tmdb_id,
        title=row.fields["title"].strip(),
        year=row.year("release_date"),
        runtime=row.whole_number("runtime"),
        genres=row.names("genres"),
        languages=(language,) if language else (),
        countries=tuple(_COUNTRIES.get(each, each) for each in row.names("production_countries")),
        directors=directors,
        cast=cast,
        keywords=row.names("keywords"),
        overview=row.fields["overview"].strip(),
        tmdb_id=tmdb_id,
    )


def _people(file: Path, cleaning: Cleaning) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Directors and cast by TMDB id; empty without the file."""
    if not file.is_file():
        return {}
    people = {}
    for row in _rows(file, ("movie_id", "cast", "crew"), cleaning):
        directors = [each for each in row.objects("crew") if each.get("job") == "Director"]
        cast = row.objects("cast")
        for each in cast:
            if not isinstance(each.get("order"), int):
                raise row.error("cast", f"{each['name']!r} has no order")
        cast.sort(key=lambda each: each["order"])
        people[row.fields["movie_id"]] = (_names(directors), _names(cast)[:_MOST_CAST])
    return people


def _names(people: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each["name"] for each in people))


def _rows(file: Path, columns: Sequence[str], cleaning: Cleaning) -> Iterator[_Row]:
    """The named columns of a CSV file."""
    layout = replace(
        layout_of_texts(file, ",", columns),
        quotes=Quotes.ACROSS_LINES,
        otherwise=FALLBACK_ENCODING,
    )
    table = read_table(file, layout, cleaning)
    for row, fields in enumerate(table.frame.select(columns).iter_rows(named=True)):
        yield _Row(f"{file}, line {table.line(row)}", fields)
