"""Reads a table of viewers: their ids, and attributes such as age, gender and country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.attributes import MOST_VALUES
from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns, columns_by_role, way_out
from matinee.data.tables.id_column import id_texts
from matinee.data.tables.layout import Table
from matinee.data.tables.missing import MISSING
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

__all__ = ["read_viewers"]

_OLDEST = 120
_AGES = frozenset({"age", "user_age", "viewer_age", "customer_age", "member_age"})
"""Names of the viewer's age; "account_age" is another one's."""
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _ViewerColumns(Columns):
    """The column of ids, and all others as attributes."""

    attributes: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return [self.user or "", *self.attributes]


def read_viewers(
    table: Table,
    cleaning: Cleaning,
    rated: Vocabulary,
    choice: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, list[str]]:
    """The attributes of the viewers with ratings, from a table with one row a viewer.

    Every column except the id is an attribute, named in lower case: numbers if all of its fields
    are, else words. A column of more than thirty different words or numbers (a postcode) has too
    few viewers for each and is left out; ages are fewer, because they become bands (see
    `Attributes`).

    Returns:
        One row for each of `rated`, first column `user_id`, unknown values null; and what to say
        about it.

    Raises:
        DataError: the table cannot be read, has no column of ids, repeats an id, has no viewer with
            ratings, or no attribute that can be used.
    """
    columns = _viewer_columns(table, choice or {})
    frame, notes = _rows(table, columns, cleaning), []
    listed = frame["user_id"].is_in(rated.ids.astype(str).tolist())
    if not listed.any():
        raise DataError(
            f"{table.source}: no id in {columns.user!r} is that of a viewer with ratings, as "
            f"{rated.ids[0]!s}; {way_out(['user'])}"
        )
    known = int(listed.sum())
    notes.append(
        f"viewers: {known:,} of {len(rated):,} are described; "
        f"{len(frame) - known:,} without ratings left out"
    )
    attributes: dict[str, pl.Series] = {}
    for column in columns.attributes:
        name, values = _attribute(frame[column], table.source, cleaning)
        distinct = values.drop_nulls().n_unique()
        if name in attributes:
            raise DataError(f"{table.source}: two columns are the viewers' {name!r}; rename one")
        if distinct > MOST_VALUES and not (name == "age" and values.dtype.is_numeric()):
            notes.append(
                f"viewers' {column!r} left out: {distinct:,} different values, more than "
                f"{MOST_VALUES}; write classes instead"
            )
        elif distinct:
            attributes[name] = values
    if not attributes:
        raise DataError(
            f"{table.source} has no attribute of viewers: columns beside the id with at most "
            f"{MOST_VALUES} different values"
        )
    notes.append(f"attributes of viewers: {', '.join(attributes)}")
    described = pl.DataFrame({"user_id": frame["user_id"], **attributes})
    every = pl.DataFrame({"user_id": rated.ids.astype(str)})
    return every.join(described, on="user_id", how="left", maintain_order="left"), notes


def _viewer_columns(table: Table, choice: Mapping[str, str]) -> _ViewerColumns:
    plain = next((name for name in table.names if name.strip().lower() == "id"), None)
    roles = columns_by_role(table.source, table.names, choice, ["user"])
    user = roles.get("user", plain)
    if user is None or not table.has_names:
        raise DataError(
            f"{table.source}: cannot tell which column is the viewer's id; it has "
            f"{', '.join(map(repr, table.names))}; {way_out(['user'])}"
        )
    others = tuple(name for name in table.names if name != user)
    return _ViewerColumns(user=user, attributes=others)


def _rows(table: Table, columns: _ViewerColumns, cleaning: Cleaning) -> pl.DataFrame:
    """All rows as text, the id as `user_id`; a missing field is null."""
    parts, lines = [], []
    for block in table.blocks(columns, cleaning):
        frame = block.frame.select(
            id_texts(block.frame[columns.user or ""]).alias("user_id"),
            *(_texts(block.frame[name]) for name in columns.attributes if name != "user_id"),
        )
        missing = frame["user_id"].is_null()
        for row in missing.arg_true().to_list():
            cleaning.bad_line(Path(table.source), block.line(row), "no viewer id")
        parts.append(frame.filter(~missing))
        lines.append(block.line_numbers[~missing.to_numpy()])
    frame = pl.concat(parts)
    again = (~frame["user_id"].is_first_distinct()).arg_true()
    if len(again):
        line = np.concatenate(lines)[again[0]]
        raise DataError(
            f"{table.source}, line {line}: viewer {frame['user_id'][again[0]]} is described a "
            "second time; each viewer needs one row"
        )
    return frame


def _texts(column: pl.Series) -> pl.Series:
    texts = column.cast(pl.String).str.strip_chars()
    return texts.set(texts.is_in(["", *MISSING]), None)


def _attribute(texts: pl.Series, source: str, cleaning: Cleaning) -> tuple[str, pl.Series]:
    """Name and values of an attribute: whole or other numbers if all fields are, else words."""
    name = _PUNCTUATION.sub("_", texts.name.partition(":")[0].strip().lower()).strip("_")
    numbers = texts.cast(pl.Float64, strict=False)
    if numbers.null_count() > texts.null_count() or not numbers.is_finite().all():
        return name, texts
    if (numbers % 1 == 0).all():
        numbers = numbers.cast(pl.Int64, strict=False)
    if name in _AGES:
        impossible = ~numbers.is_between(1, _OLDEST).fill_null(value=True)
        kind = f"ages of viewers left out, not from 1 to {_OLDEST}"
        cleaning.count(kind, int(impossible.sum()), source)
        return "age", numbers.set(impossible, None)
    return name, numbers
