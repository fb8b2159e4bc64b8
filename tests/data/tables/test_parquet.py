"""Parquet is read in a process of its own: whole files arrive, damaged ones are refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from matinee.data.tables.open_table import read_parquet
from matinee.errors import DataError

DAMAGED = Path(__file__).parent / "damaged"


def test_a_whole_file_arrives_unchanged(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": [1, 2, None], "title": ["Ålien", None, "M"], "r": [0.5, 5, 3]})
    frame.write_parquet(tmp_path / "r.parquet")
    assert_frame_equal(read_parquet(tmp_path / "r.parquet"), frame)


@pytest.mark.parametrize("name", ["panic", "abort"])
def test_a_file_that_kills_its_reader_is_refused(name: str) -> None:
    # Whole files with one byte changed: one makes polars panic, one allocate 2^61 bytes.
    with pytest.raises(DataError, match=rf"{name}\.parquet is not a whole Parquet file \("):
        read_parquet(DAMAGED / f"{name}.parquet")


def test_a_file_that_declares_too_many_values_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"user": [1, 2], "item": [3, 4]}).write_parquet(tmp_path / "r.parquet")
    with pytest.raises(DataError, match="it declares 4 values, more than 3"):
        read_parquet(tmp_path / "r.parquet", most_values=3)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        read_parquet(tmp_path / "no.parquet")
