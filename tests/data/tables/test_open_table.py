from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.tables.missing import MISSING
from matinee.data.tables.open_table import open_table, read_parquet
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError

Rows = list[tuple[str, str, float, int]]
DAMAGED = Path(__file__).parent / "damaged"


def read(text: str | bytes, folder: Path, name: str) -> Dataset:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_ratings(folder / name, cleaning=Cleaning())


def rows_of(data: Dataset) -> Rows:
    return list(data.interactions.to_frame().iter_rows())


JSON = (
    '{"user": 1, "item": "a", "rating": 4, "time": 10}\n{"user": 2, "item": "b", "rating": 2.5}\n'
)


def test_json_lines_name_their_bad_lines(tmp_path: Path) -> None:
    data = read(JSON + "\n{broken\n" + '{"user": 3, "item": "a"}\n', tmp_path, "r.jsonl")
    assert rows_of(data) == [("1", "a", 4, 10), ("2", "b", 2.5, 0)]
    text = " ".join(map(str, data.findings))
    assert "line 4: not a JSON object" in text
    assert "line 5: no rating" in text
    assert "line 3: empty" in text


def test_json_lists_and_packed_json_lines_are_read(tmp_path: Path) -> None:
    listed = "[" + JSON.strip().replace("\n", ",") + "]"
    for content, name in ((listed, "r.json"), (gzip.compress(JSON.encode()), "r.jsonl.gz")):
        assert rows_of(read(content, tmp_path, name)) == [("1", "a", 4, 10), ("2", "b", 2.5, 0)]


def test_frames_eager_and_lazy_are_read() -> None:
    frame = pl.DataFrame(
        {
            "user": ["a", "b", None],
            "item": [1.0, 2.0, 3.0],
            "rating": [5, 3, 4],
            "when": [datetime(2000, 7, 30, 18, 45, 3, tzinfo=UTC), None, None],
        }
    )
    day = frame.with_columns(pl.col("when").dt.date())
    for each, time in ((frame, 964982703), (frame.lazy(), 964982703), (day, 964915200)):
        data = read_ratings(each, cleaning=Cleaning())
        assert rows_of(data) == [("a", "1", 5, time), ("b", "2", 3, 0)]
        assert "the frame, line 3: no viewer id" in str(data.findings[0])


class PandasColumn:
    """The interface of a pandas column that the reader uses; pandas is no dependency."""

    def __init__(self, *values: object, dtype: type | None = None) -> None:
        self.array = np.array(values, dtype=dtype)

    def to_numpy(self) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        return self.array

    def isna(self) -> PandasColumn:
        return PandasColumn(*(each is None for each in self.array))


class PandasFrame(dict[str, PandasColumn]):
    @property
    def columns(self) -> list[str]:
        return list(self)

    def to_dict(self) -> dict[str, PandasColumn]:
        return self


def test_frames_like_those_of_pandas_are_read() -> None:
    frame = PandasFrame(
        user=PandasColumn("a", None, "c", dtype=object),
        item=PandasColumn(1, 2, 3),
        rating=PandasColumn(4.5, 1.0, np.nan),
    )
    data = read_ratings(frame, cleaning=Cleaning())
    assert rows_of(data) == [("a", "1", 4.5, 0)]
    assert data.findings[0].count == 2


IDS = st.one_of(
    st.integers(0, 10**15).map(str),
    st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=6),
).filter(lambda text: text.strip() not in ("", "[", *MISSING) and not text.startswith('"'))
TABLES = st.lists(
    st.tuples(IDS, IDS, st.sampled_from([0.5, 1.0, 2.5, 4.0, 5.0]), st.integers(1, 4 * 10**9)),
    min_size=1,
    max_size=30,
    unique_by=lambda row: (row[0], row[1]),
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=TABLES)
def test_every_format_reads_back_as_written(rows: Rows, tmp_path: Path) -> None:
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "rating", "timestamp"], orient="row")
    frame.write_csv(tmp_path / "r.csv")
    frame.write_csv(tmp_path / "r.tsv", separator="\t")
    frame.write_parquet(tmp_path / "r.parquet")
    frame.write_ndjson(tmp_path / "r.jsonl")
    hashes = set()
    for name in ("r.csv", "r.tsv", "r.parquet", "r.jsonl"):
        strict = Cleaning(strict=True)
        data = read_ratings(tmp_path / name, scale=(0.5, 5), times="unix", cleaning=strict)
        assert rows_of(data) == rows
        hashes.add(data.interactions.content_hash)
    assert len(hashes) == 1


@pytest.mark.parametrize("name", ["r.json", "r.jsonl"])
def test_deeply_nested_json_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[" * 100_000 if name == "r.json" else '{"a":' * 100_000)
    with pytest.raises(DataError, match=r"nested too deep|not a JSON object a line"):
        open_table(tmp_path / name)


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
