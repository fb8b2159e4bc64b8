"""Times as tables write them: Unix seconds or their fractions, dates, dates with times."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["unix_seconds"]

_LATEST = 4_102_444_800
"""The year 2100; no rating is later."""
_UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
"""Smallest number in a unit, and its units per second: nano-, micro- and milliseconds."""
_FORMATS = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f%#z")
_DAY = "%Y-%m-%d"


def unix_seconds(
    column: pl.Series,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Times of a column, all `[n]`.

    Numbers are seconds, milliseconds, microseconds or nanoseconds, by their size. Text is a number
    or an ISO date, with "T" or a blank before the time and with or without an offset.

    Returns:
        `int64` Unix seconds, 0 if unknown; whether the time is missing; whether it is impossible,
        that is no time from 1970 to 2100.
    """
    if column.dtype.is_integer() and not column.null_count() and len(column):
        lowest, highest = column.min(), column.max()
        if lowest >= 0 and highest <= _LATEST:  # type: ignore[operator]
            none = np.broadcast_to(np.False_, len(column))
            return column.cast(pl.Int64).to_numpy(), none, none
    seconds = _seconds(column)
    missing = _missing(column)
    if not seconds.null_count():
        times = seconds.to_numpy()
        if len(times) and (times.min() < 0 or times.max() > _LATEST):
            times = np.where((times < 0) | (times > _LATEST), -1, times)
    else:
        times = seconds.fill_null(-1).to_numpy()
    impossible = ~missing & ((times < 0) | (times > _LATEST))
    return np.where(impossible | missing, 0, times), missing, impossible


def _missing(column: pl.Series) -> NDArray[np.bool_]:
    if column.dtype == pl.String:
        names = ["", "NULL", "null", "NaN", "nan", "None"]
        return column.str.strip_chars().is_in(names).fill_null(value=True).to_numpy()
    if column.dtype.is_float():
        column = column.fill_nan(None)
    return column.is_null().to_numpy()


def _seconds(column: pl.Series) -> pl.Series:
    """Whole seconds as `Int64`; null for what is no time."""
    if column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime):
        return column.cast(pl.Datetime("ms")).dt.timestamp("ms") // 1000
    if column.dtype == pl.String:
        texts = column.str.strip_chars()
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() < len(numbers):
            return _from_numbers(numbers).zip_with(numbers.is_not_null(), _from_texts(texts))
        return _from_texts(texts)
    if column.dtype.is_numeric():
        return _from_numbers(column)
    return pl.Series([None] * len(column), dtype=pl.Int64)


def _from_numbers(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        column = column.set(column.is_infinite(), -1.0).fill_nan(None)
    highest = column.max()
    whole = column.cast(pl.Int64, strict=False)
    if isinstance(highest, (int, float)) and highest >= _UNITS[-1][0]:
        seconds = pl.col("t")
        for smallest, per_second in reversed(_UNITS):
            converted = pl.col("t") // per_second
            seconds = pl.when(pl.col("t") >= smallest).then(converted).otherwise(seconds)
        return pl.DataFrame({"t": whole}).select(seconds).to_series()
    return whole


def _from_texts(texts: pl.Series) -> pl.Series:
    iso = (
        texts.str.replace(r"^(\d{4})[/.](\d\d)[/.](\d\d)", "$1-$2-$3")
        .str.replace(r"^(\d{4}-\d\d-\d\d)[T ]+", "$1 ")
        .str.replace(r"\s*(?:Z|UTC)$", "+00:00")
    )
    readings = [pl.col("t").str.to_date(_DAY, strict=False).cast(pl.Datetime("ms"))]
    for form in _FORMATS:
        parsed = pl.col("t").str.to_datetime(form, time_unit="ms", strict=False)
        readings.append(
            parsed.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if "z" in form else parsed
        )
    when = pl.DataFrame({"t": iso}).select(pl.coalesce(readings)).to_series()
    return when.dt.timestamp("ms") // 1000
