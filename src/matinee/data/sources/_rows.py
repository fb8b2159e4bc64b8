"""Tables that may hold a few malformed lines, and columns of ratings made into interactions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary

__all__ = ["RATINGS", "checked_rows", "interactions_of"]

RATINGS: dict[str, type[pl.DataType]] = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "rating": pl.Float32,
    "timestamp": pl.Int64,
}
"""Columns of every edition's ratings, named as the newer ones name them."""

_PATTERNS: dict[type[pl.DataType], tuple[re.Pattern[str], str]] = {
    pl.Int32: (re.compile(r"[+-]?[0-9]{1,9}"), "a whole number of at most nine digits"),
    pl.Int64: (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number"),
    pl.Float32: (re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"), "a number"),
    pl.String: (re.compile(r"[^\r\n]*"), "one line of text"),
}
_BATCH = 500_000
_YEAR_2100 = 4_102_444_800
_LARGEST_TABLE = 50_000_000
"""Ids up to here are looked up in a table of that length; larger ones by binary search."""


def checked_rows(
    file: Path,
    columns: Mapping[str, type[pl.DataType]],
    records: Iterable[tuple[int, Sequence[str]]],
    cleaning: Cleaning,
) -> pl.DataFrame:
    """The well-formed ones of records with their line numbers; the others go to `cleaning`.

    This is slow, and only for a file that polars refuses whole.

    Raises:
        DataError: more lines are malformed than `cleaning` allows.
    """
    batches = [pl.DataFrame(schema=dict(columns))]
    good: list[Sequence[str]] = []
    for line, record in records:
        fields = [field.strip() for field in record]
        if reason := _reason(columns, fields):
            cleaning.bad_line(file, line, reason)
            continue
        good.append(fields)
        if len(good) == _BATCH:
            batches.append(_typed(columns, good))
            good = []
    return pl.concat([*batches, _typed(columns, good)])


def _reason(columns: Mapping[str, type[pl.DataType]], fields: Sequence[str]) -> str:
    if len(fields) != len(columns):
        return f"{len(fields)} fields instead of {len(columns)}"
    for (name, dtype), value in zip(columns.items(), fields, strict=True):
        pattern, called = _PATTERNS[dtype]
        if not pattern.fullmatch(value):
            return f"{name} is {value!r}, not {called}"
    return ""


def _typed(
    columns: Mapping[str, type[pl.DataType]], records: Sequence[Sequence[str]]
) -> pl.DataFrame:
    texts = pl.DataFrame(records, schema=dict.fromkeys(columns, pl.String), orient="row")
    return texts.cast(pl.Schema(columns))


def interactions_of(
    ratings: pl.DataFrame,
    file: Path,
    catalog: Catalog,
    scale: tuple[float, float],
    cleaning: Cleaning,
    viewers: NDArray[np.int64] | None = None,
) -> Interactions:
    """Columns of ratings over a catalogue whose ids are numbers; what is impossible goes.

    Args:
        ratings: the columns of `RATINGS`, without nulls.
        file: where they stood, for messages.
        catalog: the films; a rating of another film is left out and counted.
        scale: lowest and highest rating; others are left out and counted.
        cleaning: is told what was left out or repaired.
        viewers: all viewers there are, in order; where `None`, those who rated, by number.
    """
    low, high = scale
    users, items, values, times = (ratings[name].to_numpy() for name in RATINGS)
    film_rows = _rows(catalog.item_ids.ids.astype(np.int64), items)
    kept = np.ones(len(users), dtype=np.bool_)
    for bad, kind in (
        (~((values >= low) & (values <= high)), f"ratings outside {low:g} to {high:g} left out"),
        (film_rows < 0, "ratings of films that the file of films lacks left out"),
        (
            np.zeros(0, dtype=np.bool_) if viewers is None else _rows(viewers, users) < 0,
            "ratings by viewers that the file of viewers lacks left out",
        ),
    ):
        _tell(cleaning, file, bad, kind)
        if bad.any():
            kept &= ~bad
    if not kept.all():
        users, film_rows, values, times = (
            column[kept] for column in (users, film_rows, values, times)
        )
    impossible = (times <= 0) | (times >= _YEAR_2100)
    _tell(cleaning, file, impossible, "impossible times set to unknown")
    user_ids = _distinct(users) if viewers is None else viewers
    interactions = Interactions(
        users=_rows(user_ids, users),
        items=film_rows,
        values=values,
        times=np.where(impossible, 0, times) if impossible.any() else times,
        user_ids=Vocabulary.of("viewer", user_ids.tolist()),
        item_ids=catalog.item_ids,
        scale=scale,
    )
    return last_ratings(interactions, file, cleaning)


def _tell(cleaning: Cleaning, file: Path, bad: NDArray[np.bool_], kind: str) -> None:
    count = int(np.count_nonzero(bad))
    if count:
        first = int(np.argmax(bad)) + 1
        cleaning.found(kind, count, f"{file}, rating {first:,}: the first of the {kind}")


def _rows(ids: NDArray[np.int64], wanted: NDArray[np.int32]) -> NDArray[np.int32]:
    """Positions in `ids`, which are all different, of the wanted ones; -1 where there is none."""
    if len(ids) == 0 or len(wanted) == 0:
        return np.full(len(wanted), -1, dtype=np.int32)
    largest = max(int(ids.max()), int(wanted.max()))
    if largest < _LARGEST_TABLE and min(int(ids.min()), int(wanted.min())) >= 0:
        table = np.full(largest + 1, -1, dtype=np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        return table[wanted]
    order = np.argsort(ids)
    found = order[np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)]
    return np.where(ids[found] == wanted, found, -1).astype(np.int32)


def _distinct(ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """The different ids, ascending."""
    if len(ids) and ids.min() >= 0 and ids.max() < _LARGEST_TABLE:
        there = np.zeros(int(ids.max()) + 1, dtype=np.bool_)
        there[ids] = True
        return np.flatnonzero(there)
    return np.unique(ids).astype(np.int64)
