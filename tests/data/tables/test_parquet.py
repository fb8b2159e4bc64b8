"""Parquet through a process of its own: what is whole comes over, what is damaged is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from matinee.data.tables import parquet
from matinee.errors import DataError

DAMAGED = Path(__file__).parent / "damaged"


def test_a_whole_file_comes_over_as_it_is(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": [1, 2, None], "title": ["Ålien", None, "M"], "r": [0.5, 5, 3]})
    frame.write_parquet(tmp_path / "r.parquet")
    assert_frame_equal(parquet.read_parquet(tmp_path / "r.parquet"), frame)


@pytest.mark.parametrize("name", ["panic", "abort"])
def test_a_file_that_ends_the_process_that_reads_it_is_an_error(name: str) -> None:
    # Single bytes of whole files, changed: one is read to a panic, one asks for 2^61 bytes.
    with pytest.raises(DataError, match=rf"{name}\.parquet is not a whole Parquet file \("):
        parquet.read_parquet(DAMAGED / f"{name}.parquet")


def test_a_file_that_declares_too_much_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.DataFrame({"user": [1, 2], "item": [3, 4]}).write_parquet(tmp_path / "r.parquet")
    monkeypatch.setattr(parquet, "_MOST_VALUES", 3)
    with pytest.raises(DataError, match="it declares 4 values, more than 3"):
        parquet.read_parquet(tmp_path / "r.parquet")


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        parquet.read_parquet(tmp_path / "no.parquet")
