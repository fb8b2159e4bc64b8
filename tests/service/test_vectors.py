"""Files of vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.errors import OptionError
from matinee.service.vectors import check_vectors_file, write_vectors


def test_another_ending_is_refused() -> None:
    with pytest.raises(OptionError, match=r"must end in \.parquet, \.csv, \.jsonl or \.npy"):
        check_vectors_file(Path("vectors.txt"))


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl", ".npy"])
def test_vectors_are_read_back(tmp_path: Path, suffix: str) -> None:
    numbers = np.array([[1, 2, 3], [4, 5, 6.5]], dtype=np.float32)
    vectors = pl.DataFrame(
        {
            "item": ["7", "9"],
            "title": ["Alien", "Fargo"],
            "vector": pl.Series(numbers, dtype=pl.Array(pl.Float32, 3)),
        }
    )
    path = tmp_path / f"vectors{suffix}"
    write_vectors(vectors, path)
    if suffix == ".npy":
        np.testing.assert_array_equal(np.load(path), numbers)
    elif suffix == ".csv":
        assert path.read_text().splitlines() == [
            "item,title,v0,v1,v2",
            "7,Alien,1.0,2.0,3.0",
            "9,Fargo,4.0,5.0,6.5",
        ]
    elif suffix == ".jsonl":
        assert pl.read_ndjson(path)["vector"].to_list() == numbers.tolist()
    else:
        assert pl.read_parquet(path).equals(vectors)
