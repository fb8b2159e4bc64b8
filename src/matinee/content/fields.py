"""The fields of films as lists of words, for TF-IDF."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matinee.data import Catalog

__all__ = ["words_by_field"]

_WORD = re.compile(r"\w[\w']*\w")


def words_by_field(catalog: Catalog) -> dict[str, list[list[str]]]:
    """Words of every film by field, in lower case; an empty list where the field is unknown.

    Names of people, genres, keywords, languages and countries are one word each; titles and
    overviews are split. A year gives the decades five years before and after it, so that 1979 and
    1980 have a word in common.
    """
    return {
        "title": [_words(title) for title in catalog.titles],
        "overview": [_words(overview) for overview in catalog.overviews],
        "genres": [_names(genres) for genres in catalog.genres],
        "keywords": [_names(keywords) for keywords in catalog.keywords],
        "people": [
            _names([*directors, *cast])
            for directors, cast in zip(catalog.directors, catalog.cast, strict=True)
        ],
        "decade": [_decades(year) for year in catalog.years.tolist()],
        "origin": [
            _names([*languages, *countries])
            for languages, countries in zip(catalog.languages, catalog.countries, strict=True)
        ],
    }


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def _names(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in dict.fromkeys(names)]


def _decades(year: int) -> list[str]:
    return sorted({f"{(year + shift) // 10 * 10}s" for shift in (-5, 0, 5)}) if year else []
