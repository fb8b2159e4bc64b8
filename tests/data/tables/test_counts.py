"""Counts of plays: read by column or by rows, without a scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, OptionError

PLAYS = pl.DataFrame({"uid": ["a", "a", "b"], "film": [1, 2, 1], "num_tx": [139, 1, 4]})


def read(frame: pl.DataFrame, **options: object) -> Dataset:
    return read_ratings(frame, cleaning=Cleaning(strict=True), **options)  # type: ignore[arg-type]


def test_a_column_of_counts_has_no_upper_bound_and_loses_nothing() -> None:
    data = read(PLAYS, columns={"count": "num_tx"})
    assert data.interactions.counts
    assert data.interactions.values.tolist() == [139, 1, 4]
    assert data.interactions.scale == (0.0, 1.0)
    assert data.findings == ()
    assert "counts in 'num_tx', 1 to 139" in data.notes


def test_a_column_called_plays_needs_no_option_unless_there_are_ratings() -> None:
    named = PLAYS.rename({"num_tx": "play_count"})
    assert read(named).interactions.values.tolist() == [139, 1, 4]
    rated = read(named.with_columns(rating=pl.Series([1, 5, 2])))
    assert not rated.interactions.counts
    assert rated.interactions.values.tolist() == [1, 5, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_with_implicit_every_row_counts_one_and_repeats_add_up(rows: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame({"user": [u for u, _ in rows], "item": [i for _, i in rows]})
    data = read(frame.with_columns(rating=pl.lit(2.5)), implicit=True)
    counted = {(int(u), int(i)): n for u, i, n, _ in data.interactions.to_frame().iter_rows()}
    assert counted == {pair: rows.count(pair) for pair in rows}
    assert data.interactions.matrix.sum() == len(rows)


def test_rows_that_repeat_a_count_add_up_at_the_latest_time() -> None:
    frame = pl.DataFrame(
        {"user": [1, 1, 2], "item": [7, 7, 7], "plays": [3, 2, 1], "time": [900, 500, 700]}
    )
    data = read_ratings(frame, times="unix", cleaning=Cleaning(strict=True))
    assert data.interactions.to_frame().rows() == [("1", "7", 5, 900), ("2", "7", 1, 700)]
    assert "counts in 'plays', 1 to 5; 1 rows repeat a viewer and a film and add up" in data.notes


def test_a_count_of_zero_is_no_play_and_other_text_no_count() -> None:
    frame = pl.DataFrame(
        {"user": list("abcd"), "item": list("xyxy"), "plays": ["0", "-2", "", "9"]}
    )
    data = read_ratings(frame, cleaning=(cleaning := Cleaning()))
    assert data.interactions.to_frame().rows() == [("d", "y", 9, 0)]
    kinds = {each.kind: each for each in cleaning.findings}
    assert kinds["counts of 0 left out"].count == 1
    examples = kinds["malformed lines left out"].examples
    assert examples[0].endswith("line 2: count '-2' is not a finite number from 0 on")
    assert examples[1].endswith("line 3: no count")


def test_counts_of_zero_alone_are_refused() -> None:
    frame = pl.DataFrame({"user": [1], "item": [2], "plays": [0]})
    with pytest.raises(DataError, match="every count in 'plays' is 0"):
        read_ratings(frame, cleaning=Cleaning())


def test_a_long_tail_is_asked_about_and_nothing_is_dropped(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    counts = np.minimum(np.ceil(rng.lognormal(1.2, 1.1, 5000)), 139).astype(int)
    lines = [f"{row % 900},{row},{count}" for row, count in enumerate(counts)]
    file = tmp_path / "tx.csv"
    file.write_text("customer_id,item_id,num_tx\n" + "\n".join(lines))
    assert np.quantile(counts, 0.99) <= 100 < counts.max()  # a hundredth would be off 0 to 100
    columns = {"rating": "num_tx"}
    with pytest.raises(DataError, match=r"--column count='num_tx', or with --scale LOW HIGH"):
        read_ratings(file, columns=columns, cleaning=Cleaning())
    counted = read_ratings(file, columns={"count": "num_tx"}, cleaning=Cleaning(strict=True))
    assert counted.interactions.values.sum() == counts.sum()
    rated = read_ratings(file, columns=columns, scale=(0, 139), cleaning=Cleaning())
    assert not rated.interactions.counts


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"count": "num_tx", "rating": "uid"}}, "ratings or one of counts, not both"),
        ({"columns": {"count": "num_tx"}, "scale": (0, 10)}, "a scale is for ratings"),
        ({"columns": {"rating": "num_tx"}, "implicit": True}, "leave out the column of ratings"),
        ({"implicit": True, "scale": (0, 10)}, "a scale is for ratings"),
    ],
)
def test_ratings_and_counts_are_not_mixed(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        read(PLAYS, **options)


def test_columns_without_names_are_viewer_film_and_time(tmp_path: Path) -> None:
    file = tmp_path / "plays.tsv"
    file.write_text("1\t10\t881250949\n1\t10\t881250950\n2\t11\t881250951\n")
    data = read_ratings(file, implicit=True, cleaning=Cleaning(strict=True))
    rows = [("1", "10", 2, 881250950), ("2", "11", 1, 881250951)]
    assert data.interactions.to_frame().rows() == rows


@pytest.mark.parametrize("text", ["1 to 5", "0.5 to 5", "-10 to 10"])
def test_a_column_states_the_scale(text: str) -> None:
    frame = pl.DataFrame({"user": [1, 2], "item": [1, 1], "rating": [4.0, 5.0]})
    data = read(frame.with_columns(rating_scale=pl.lit(text)))
    assert data.interactions.scale == tuple(map(float, text.split(" to ")))
    given = read(frame.with_columns(rating_scale=pl.lit(text)), scale=(2, 5))
    assert given.interactions.scale == (2, 5)


@pytest.mark.parametrize("texts", [["1 to 5", "1 to 10"], ["stars", "stars"]])
def test_a_column_of_several_scales_or_none_is_refused(texts: list[str]) -> None:
    frame = pl.DataFrame({"user": [1, 2], "item": [1, 1], "rating": [4.0, 5.0]})
    with pytest.raises(DataError, match=r"column 'rating_scale' has '.*--scale LOW HIGH"):
        read(frame.with_columns(rating_scale=pl.Series(texts)))
