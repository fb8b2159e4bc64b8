"""The values in the fields of an export: ratings, years, ids, times, and what is no film."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from matinee.data.cleaning import Cleaning
from matinee.data.exports.export import OwnRating
from matinee.data.spelling import normalise
from matinee.data.tables.missing import MISSING
from matinee.data.tables.rating_times import read_times

__all__ = ["Dated", "is_film", "known", "plain_id", "rating", "with_times", "year"]

_YEAR = re.compile(r"(18|19|20|21)\d\d(?:\.0|[-/.]\d.*)?", re.ASCII)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_A_FILM = re.compile(
    r"seri|epi[sz]od|folge|season|staffel|saison|temporada|\bshows?\b|\btv\b|game|juego|spiel|"
    r"podcast|music video|\bbooks?\b|\balbums?\b|\bsongs?\b"
)
_A_FILM = re.compile(r"film|movie|pelicula|short|special|\bvideo$(?<!music video)")


class Dated(NamedTuple):
    """A film of an export, with its time as the export writes it."""

    own: OwnRating
    time: str


def known(text: str) -> str:
    """The text of a field; "" for a word that means missing. Titles can be such words."""
    return "" if text in MISSING else text


def rating(text: str) -> float:
    """A rating, with a decimal point or comma; `ValueError` for text that is no number."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if "_" in text or not math.isfinite(value):
        raise ValueError(f"rating {text[:40]!r} is not a number; write it as 4.5")
    return value


def year(text: str) -> int | None:
    """A year, also of a date of release; `None` for an empty field, `ValueError` for other text."""
    if not text:
        return None
    if not _YEAR.fullmatch(text):
        raise ValueError(f"year {text[:40]!r} is not a year")
    return int(text[:4])


def plain_id(text: str) -> str:
    """An id without the ".0" that spreadsheets add to numbers."""
    return text.removesuffix(".0")


def is_film(kind: str) -> bool:
    """Whether the type of a title can be that of a film: not "tvEpisode", "Serie", "Video Game".

    Types are in the language of the account, so an unknown one can.
    """
    words = normalise(_CAPITAL.sub(" ", kind))
    return bool(_A_FILM.search(words)) or not _NOT_A_FILM.search(words)


def with_times(
    dated: Sequence[Dated], cleaning: Cleaning, form: str | None = None
) -> Iterable[OwnRating]:
    """Films with their times, which are decided over all of them (see `TimeColumn`).

    A time that cannot be read is unknown, and reported to `cleaning` with its place: a rating
    without its time is still a rating.
    """
    texts = [each.time for each in dated]
    times, block = read_times(texts, form)
    if block.impossible.any():
        first = int(block.impossible.argmax())
        example = f"{dated[first].own.place}: {texts[first][:40]!r} is no time"
        cleaning.count("impossible times, taken as unknown", int(block.impossible.sum()), example)
    for doubt in times.doubts:
        cleaning.count(doubt.kind, doubt.count, f"{dated[doubt.first].own.place}: {doubt.text}")
    if times.remark:
        cleaning.count(f"times read: {times.remark}", len(dated))
    return [
        replace(each.own, time=int(seconds))
        for each, seconds in zip(dated, times.seconds, strict=True)
    ]
