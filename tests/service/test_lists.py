"""Files of recommendations for all viewers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Catalog, Interactions
from matinee.errors import FailureError, InputError, OptionError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.service.lists import (
    check_table_file,
    check_vectors_file,
    write_lists,
    write_table,
    write_vectors,
)


@pytest.fixture
def recommender(planted: Interactions, planted_catalog: Catalog) -> Recommender:
    model = create("popular").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    return Recommender(model, planted_catalog)


def test_blocks_are_joined_in_the_order_of_viewers(
    tmp_path: Path, planted: Interactions, recommender: Recommender
) -> None:
    calls: list[tuple[int, int]] = []
    path = tmp_path / "lists.parquet"
    rows = write_lists(recommender, planted, 2, path, lambda *call: calls.append(call), block=7)
    lists = pl.read_parquet(path)
    assert rows == len(lists) == 120
    assert lists["user"].unique(maintain_order=True).to_list() == planted.user_ids.ids.tolist()
    assert calls[0] == (7, 60)
    assert calls[-1] == (60, 60)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file(
    tmp_path: Path, planted: Interactions, recommender: Recommender
) -> None:
    path = tmp_path / "lists.csv"
    path.write_text("old")

    def fail(done: int, total: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(FailureError, match=r"lists\.csv cannot be written: No space left"):
        write_lists(recommender, planted, 2, path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_viewers_are_refused(tmp_path: Path, recommender: Recommender) -> None:
    nobody = Interactions.empty(recommender.catalog.item_ids)
    with pytest.raises(InputError, match="no viewers"):
        write_lists(recommender, nobody, 2, tmp_path / "l.csv", lambda *_: None)


def test_another_ending_is_refused() -> None:
    with pytest.raises(OptionError, match=r"must end in \.parquet or \.csv"):
        check_table_file(Path("lists.xlsx"))
    with pytest.raises(OptionError, match=r"must end in \.parquet or \.csv or \.npy"):
        check_vectors_file(Path("vectors.txt"))


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_table_is_read_back(tmp_path: Path, suffix: str) -> None:
    table, path = pl.DataFrame({"user": ["a"], "predicted": [3.5]}), tmp_path / f"t{suffix}"
    write_table(table, path)
    assert (pl.read_csv(path) if suffix == ".csv" else pl.read_parquet(path)).equals(table)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".npy"])
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
    else:
        assert pl.read_parquet(path).equals(vectors)
