"""Reads a table of events, such as plays and clicks, as implicit feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.tables.columns import rating_columns
from matinee.data.tables.open_table import read_parquet
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, OptionError, UnknownNameError

__all__ = ["EVENT_WEIGHTS", "read_events"]

EVENT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"view": 0.1, "click": 0.2, "watchlist": 0.5, "watch": 0.8, "purchase": 0.8, "like": 0.9}
)
"""How sure one event makes us that a viewer wants a film: 0 is nothing, 1 is certain. The order is
that of commitment; the numbers are a convention."""

_ROLES: Mapping[str, tuple[str, ...]] = {
    "event": ("event", "event_type", "type", "action", "behavior", "behaviour", "interaction"),
    "count": ("count", "plays", "play_count", "playcount", "views", "clicks"),
    "fraction": ("fraction", "progress", "completion", "watched"),
}
"""Columns that a table of ratings does not have, and the names they are found by."""


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
            columns whose names do not tell. Without an event column every row is a "watch".
        weights: weights of other events, or other weights of these; each in 0..1.
        cleaning: records malformed rows.
        films: a table of ids, titles, years and genres.
        times: what the times are, as in `read_ratings`.

    Raises:
        OptionError: a weight outside 0..1.
        UnknownNameError: an event without a weight.
        DataError: the table cannot be read, or too many rows are malformed.
    """
    by_event = {**EVENT_WEIGHTS, **(weights or {})}
    for name, weight in by_event.items():
        if not 0 <= weight <= 1:
            raise OptionError(f"the weight of {name!r} must be between 0 and 1, not {weight:g}")
    frame = _read(path)
    events, others = _event_columns(path, frame.columns, columns or {})
    names = [name for name in frame.columns if name not in events.values()]
    known = asdict(rating_columns(str(path), names, others, has_names=True)) | {"rating": None}
    rows = frame.select(
        *(pl.col(name).alias(role) for role, name in known.items() if name),
        _weights(frame, events, by_event),
        _numbers(events, "count"),
        _numbers(events, "fraction"),
    )
    rows = _without_malformed(path, rows, cleaning)
    doubt = (1 - pl.col("weight") * pl.col("fraction")).pow(pl.col("count"))
    facts = [name for name in ("title", "year", "genres") if name in rows.columns]
    values = rows.group_by("user", "item", maintain_order=True).agg(
        *(pl.col(name).first() for name in facts),
        *(pl.col("time").max() for _ in range("time" in rows.columns)),
        (1 - doubt.product()).alias("rating"),
    )
    values = values.filter(pl.col("rating") > 0)
    if values.is_empty():
        first = next((f" ({each.examples[0]})" for each in cleaning.findings), "")
        raise DataError(f"{path} has no events that can be used{first}")
    dataset = read_ratings(values, scale=(0.0, 1.0), cleaning=cleaning, films=films, times=times)
    note = f"{len(rows):,} events became {len(values):,} values from 0 to 1"
    return replace(dataset, name=str(path), notes=(note, *dataset.notes[2:]))


def _read(path: Path) -> pl.DataFrame:
    suffixes = {each.lower() for each in path.suffixes}
    try:
        if ".parquet" in suffixes:
            return read_parquet(path)
        if suffixes & {".jsonl", ".ndjson"}:
            return pl.read_ndjson(path)
        separator = "\t" if ".tsv" in suffixes else ","
        return pl.read_csv(path, separator=separator, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise DataError(
            f"{path} cannot be read as a table of events; "
            "give a CSV, TSV, JSON lines or Parquet file with column names"
        ) from None


def _event_columns(
    path: Path, names: Sequence[str], columns: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of `_ROLES`, and what `columns` says of the other roles."""
    events, others = {}, dict(columns)
    for role, likely in _ROLES.items():
        guess = next((each for each in names if each.lower() in likely), None)
        name = others.pop(role, guess)
        if name is not None and name not in names:
            raise DataError(
                f"{path} has no column {name!r} for the {role}; it has {', '.join(names)}"
            )
        if name is not None:
            events[role] = name
    return events, others


def _weights(
    frame: pl.DataFrame, events: Mapping[str, str], by_event: Mapping[str, float]
) -> pl.Series:
    if "event" not in events:
        return pl.repeat(by_event["watch"], len(frame), eager=True).alias("weight")
    kinds = frame[events["event"]].cast(pl.String).str.strip_chars().str.to_lowercase()
    for kind in kinds.drop_nulls().unique().sort().to_list():
        if kind not in by_event:
            hint = f"give it a weight with --weight {kind}=0.5"
            raise UnknownNameError("event", kind, list(by_event), hint)
    return kinds.replace_strict(by_event, return_dtype=pl.Float64).alias("weight")


def _numbers(events: Mapping[str, str], role: str) -> pl.Expr:
    if role not in events:
        return pl.lit(1.0).alias(role)
    texts = pl.col(events[role]).cast(pl.String).str.strip_chars().fill_null("1").replace("", "1")
    return texts.cast(pl.Float64, strict=False).alias(role)


def _without_malformed(path: Path, rows: pl.DataFrame, cleaning: Cleaning) -> pl.DataFrame:
    """Rows with both ids, an event, a count and a fraction; the others are recorded by line."""
    problems = (
        ("no viewer id", pl.col("user").is_null()),
        ("no film id", pl.col("item").is_null()),
        ("no event", pl.col("weight").is_null()),
        ("the count is not a number from 0 on", ~(pl.col("count") >= 0)),
        ("the fraction is not a number from 0 to 1", ~pl.col("fraction").is_between(0, 1)),
    )
    reasons = rows.select(
        pl.coalesce(
            pl.when(test.fill_null(value=True)).then(pl.lit(text)) for text, test in problems
        )
    ).to_series()
    first = 1 if path.suffix.lower() in {".parquet", ".jsonl", ".ndjson"} else 2
    for row in reasons.is_not_null().arg_true().to_list():
        cleaning.bad_line(path, first + row, reasons[row])
    rows = rows.filter(reasons.is_null())
    if "time" in rows.columns and rows["time"].dtype == pl.String:
        seconds = rows["time"].cast(pl.Int64, strict=False)  # texts of numbers do not sort by value
        if seconds.null_count() == rows["time"].null_count():
            rows = rows.with_columns(time=seconds)
    return rows
