"""Reads a table of events, such as plays and clicks, as implicit feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.tables.columns import FILM_ROLES, Columns, rating_columns
from matinee.data.tables.film_facts import film_ids
from matinee.data.tables.id_column import ids_of
from matinee.data.tables.layout import Block, Table
from matinee.data.tables.open_table import open_table
from matinee.data.tables.rating_table import read_ratings
from matinee.data.tables.rating_times import known_times
from matinee.data.vocabulary import LONGEST_ID
from matinee.errors import DataError, OptionError, UnknownNameError

__all__ = ["EVENT_WEIGHTS", "read_events"]

EVENT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"view": 0.1, "click": 0.2, "watchlist": 0.5, "watch": 0.8, "purchase": 0.8, "like": 0.9}
)
"""How sure one event makes us that a viewer wants a film: 0 is nothing, 1 is certain. The order is
that of commitment; the numbers are a convention."""

_ROLES: Mapping[str, tuple[str, ...]] = {
    "event": ("event", "event_type", "type", "action", "behavior", "behaviour", "interaction"),
    "fraction": ("fraction", "progress", "completion", "watched"),
}
"""Columns that a table of ratings does not have, and the names they are found by."""
_OF_EVENTS = (*_ROLES, "count")


def read_events(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
    cleaning: Cleaning,
    films: Path | None = None,
    times: str | None = None,
) -> Dataset:
    """The data set of a table with a viewer, a film and usually an event per row.

    All events of a viewer and a film become one value in 0..1, `1 - prod((1 - w) ** count)`: every
    event adds to the belief that the viewer wants the film (noisy or; Pearl, "Probabilistic
    Reasoning in Intelligent Systems", 1988). `w` is the event's weight times the fraction watched.

    Args:
        path: a CSV, TSV, JSON lines or Parquet file with column names.
        columns: "event", "count", "fraction" and the roles of `read_ratings` to column names, for
            columns whose names are not recognised. With fractions and no event every row is a
            "watch".
        weights: weights of other events, or other weights of these; each in 0..1.
        cleaning: records malformed rows.
        films: a table of ids, titles, years and genres.
        times: what the times are, as in `read_ratings`.

    Raises:
        OptionError: a weight outside 0..1.
        UnknownNameError: an event without a weight.
        DataError: the table cannot be read, has neither events nor fractions, or too many rows are
            malformed.
    """
    by_event = {**EVENT_WEIGHTS, **(weights or {})}
    for name, weight in by_event.items():
        if not 0 <= weight <= 1:
            raise OptionError(f"the weight of {name!r} must be between 0 and 1, not {weight:g}")
    table = open_table(path)
    columns_of_events = _event_columns(table, columns or {})
    blocks = [
        Block(block.frame.cast(pl.String), block.lines)
        for block in table.blocks(columns_of_events, cleaning)
    ]
    lines = np.concatenate([block.line_numbers for block in blocks])
    frame = pl.concat([block.frame for block in blocks])
    rows = frame.select(
        *(pl.col(name).alias(role) for role, name in columns_of_events.of_ratings.items()),
        _weights(frame, columns_of_events.event, by_event),
        _numbers(columns_of_events.count, "count"),
        _numbers(columns_of_events.fraction, "fraction"),
    )
    rows = rows.with_columns(
        user=ids_of(frame[columns_of_events.user or ""]).cast(pl.String),
        item=film_ids(frame, columns_of_events).cast(pl.String),
    )
    rows, lines = _without_malformed(path, rows, lines, cleaning)
    if "time" in rows.columns:
        place = lambda row: f"{path}, line {lines[row]}"  # noqa: E731 - for this column alone
        rows = rows.with_columns(time=known_times(rows["time"], cleaning, place, times))
    doubt = (1 - pl.col("weight") * pl.col("fraction")).pow(pl.col("count"))
    facts = [name for name in FILM_ROLES[1:] if name in rows.columns]
    values = rows.group_by("user", "item", maintain_order=True).agg(
        *(pl.col(name).first() for name in facts),
        *(pl.col("time").max() for _ in range("time" in rows.columns)),
        (1 - doubt.product()).alias("rating"),
    )
    values = values.filter(pl.col("rating") > 0)
    if values.is_empty():
        first = next((f" ({each.examples[0]})" for each in cleaning.findings if each.examples), "")
        raise DataError(f"{path} has no events that can be used{first}")
    dataset = read_ratings(values, scale=(0.0, 1.0), cleaning=cleaning, films=films, times="unix")
    note = f"{len(rows):,} events became {len(values):,} values from 0 to 1"
    return replace(dataset, name=str(path), notes=(note, *dataset.notes[2:]))


@dataclass(frozen=True)
class _EventColumns(Columns):
    """The columns of a table of events."""

    event: str | None = None
    fraction: str | None = None

    @property
    def of_ratings(self) -> dict[str, str]:
        """Role to column without those of events."""
        return {role: name for role, name in self.by_role.items() if role not in _OF_EVENTS}


def _event_columns(table: Table, columns: Mapping[str, str]) -> _EventColumns:
    """The columns of `_ROLES`, and those of ratings but for the rating."""
    events: dict[str, str] = {}
    others = dict(columns)
    for role, likely in _ROLES.items():
        guess = next((each for each in table.names if each.lower() in likely), None)
        name = others.pop(role, guess)
        if name is not None and name not in table.names:
            raise DataError(
                f"{table.source} has no column {name!r} for the {role}; "
                f"it has {', '.join(table.names)}"
            )
        if name is not None:
            events[role] = name
    names = [name for name in table.names if name not in events.values()]
    known = rating_columns(table.source, names, others, has_names=True, rated=False)
    if not events:
        raise DataError(
            f"{table.source} has no column of events, nor one of fractions watched; import plays "
            "alone with --implicit (implicit=True of read_ratings), or name the column with "
            "--column event=NAME"
        )
    return _EventColumns(**asdict(known), **events)


def _weights(frame: pl.DataFrame, column: str | None, by_event: Mapping[str, float]) -> pl.Series:
    if column is None:
        return pl.repeat(by_event["watch"], len(frame), eager=True).alias("weight")
    kinds = frame[column].str.strip_chars().str.to_lowercase().replace("", None)
    for kind in kinds.drop_nulls().unique().sort().to_list():
        if kind not in by_event:
            hint = f"give it a weight with --weight {kind}=0.5"
            raise UnknownNameError("event", kind, list(by_event), hint)
    return kinds.replace_strict(by_event, return_dtype=pl.Float64).alias("weight")


def _numbers(column: str | None, role: str) -> pl.Expr:
    if column is None:
        return pl.lit(1.0).alias(role)
    texts = pl.col(column).str.strip_chars().fill_null("1").replace("", "1")
    return texts.cast(pl.Float64, strict=False).alias(role)


def _without_malformed(
    path: Path, rows: pl.DataFrame, lines: NDArray[np.int64], cleaning: Cleaning
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Rows with both ids, an event, a count and a fraction; the others are recorded by line."""

    def long(role: str) -> pl.Expr:
        return pl.col(role).str.len_chars() > LONGEST_ID

    problems = (
        ("no viewer id", pl.col("user").is_null()),
        ("no film id", pl.col("item").is_null()),
        *(
            (f"the {kind} id has more than {LONGEST_ID} characters", long(role))
            for kind, role in (("viewer", "user"), ("film", "item"))
        ),
        ("no event", pl.col("weight").is_null()),
        ("the count is not a number from 0 on", ~(pl.col("count") >= 0)),
        ("the fraction is not a number from 0 to 1", ~pl.col("fraction").is_between(0, 1)),
    )
    reasons = rows.select(
        pl.coalesce(
            pl.when(test.fill_null(value=True)).then(pl.lit(text)) for text, test in problems
        )
    ).to_series()
    for row in reasons.is_not_null().arg_true().to_list():
        cleaning.bad_line(path, int(lines[row]), reasons[row])
    usable = reasons.is_null()
    return rows.filter(usable), lines[usable.to_numpy()]
