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
from matinee.service.frame_file import check_frame_file
from matinee.service.lists import write_lists


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


def test_lists_without_a_film_are_a_failure(
    tmp_path: Path, planted: Interactions, recommender: Recommender
) -> None:
    none = np.zeros(40, dtype=np.bool_)
    path = tmp_path / "l.csv"
    with pytest.raises(FailureError, match="no unseen film is left for any viewer"):
        write_lists(recommender, planted, 2, path, lambda *_: None, allowed=none)
    assert not path.exists()


def test_another_ending_is_refused() -> None:
    with pytest.raises(OptionError, match=r"must end in \.parquet, \.csv or \.jsonl"):
        check_frame_file(Path("lists.xlsx"))
