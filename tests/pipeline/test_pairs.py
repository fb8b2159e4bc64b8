"""Predictions for tables of viewers and films, against single ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee import testing
from matinee.data import Dataset
from matinee.errors import DataError, InputError
from matinee.models import create
from matinee.pipeline import Recommender, pairs
from matinee.service.frame_file import write_frames

CATALOG = testing.planted_catalog()
DATA = Dataset("planted", testing.planted_ratings(CATALOG), CATALOG, licence="")
SMALL = {"sweeps": 20, "burn_in": 5, "samples": 5}


def recommender(name: str, **options: object) -> Recommender:
    model = create(name, options).fit(DATA.interactions, CATALOG, rng=np.random.default_rng(0))
    return Recommender(model, CATALOG, scale=(1, 5), data=DATA)


SVD = recommender("svd", factors=5)
PAIRS = st.lists(st.tuples(st.integers(1, 60), st.integers(100, 139)), min_size=1, max_size=20)


@given(PAIRS, st.integers(1, 3))
def test_every_row_has_the_prediction_of_its_pair(asked: list[tuple[int, int]], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "_BLOCK", block)
        frame = SVD.predict_all(pl.DataFrame(asked, schema=["user", "item"], orient="row"))
    assert frame.columns == ["user", "item", "predicted", "low", "high"]
    assert frame.select("user", "item").rows() == asked
    one_by_one = [SVD.predict(user, f"#{item}").stars for user, item in asked]
    np.testing.assert_allclose(frame["predicted"], one_by_one, atol=1e-4)
    assert frame["low"].null_count() == len(asked)


def test_models_with_intervals_add_their_ends() -> None:
    fitted = recommender("bayes-fm", **SMALL)
    frame = fitted.predict_all(pl.DataFrame({"user": [3, 40, 3], "item": [101, 130, 125]}))
    assert frame.filter(
        (pl.col("low") <= pl.col("predicted")) & (pl.col("predicted") <= pl.col("high"))
    ).height == 3  # fmt: skip


def test_columns_stay_as_they_are_and_films_can_be_titles() -> None:
    table = pl.DataFrame({"x": [1.5, 2.5], "film": ["Comedy 3", "Horror 30 (2010)"], "who": [1, 2]})
    frame = SVD.predict_all(table, columns={"user": "who"})
    assert frame.select("x", "film", "who").equals(table)
    assert frame["predicted"][0] == pytest.approx(SVD.predict(1, "Comedy 3").stars, abs=1e-4)
    again = SVD.predict_all(frame, columns={"user": "who"})
    assert again.equals(frame)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_is_read_as_well(tmp_path: Path, suffix: str) -> None:
    table = pl.DataFrame({"userId": [1, 2], "movieId": [101, 130], "rating": [4.0, 2.5]})
    path = tmp_path / f"pairs.{suffix}"
    (table.write_csv if suffix == "csv" else table.write_parquet)(path)
    frame = SVD.predict_all(path)
    assert frame.columns == [*table.columns, "predicted", "low", "high"]
    assert frame["predicted"].to_list() == SVD.predict_all(table)["predicted"].to_list()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_every_column_of_a_file_stays(tmp_path: Path, suffix: str) -> None:
    table = pl.DataFrame(
        {"note": ["a", "b"], "userId": [1, 2], "low": [0, 0], "movieId": [101, 130], "x": ["", "y"]}
    )
    path = tmp_path / f"pairs.{suffix}"
    write_frames([table], path)
    frame = SVD.predict_all(path)
    assert frame.columns == ["note", "userId", "movieId", "x", "predicted", "low", "high"]
    assert frame["note"].to_list() == ["a", "b"]
    assert frame["x"].fill_null("").to_list() == ["", "y"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"user": [1, 99], "item": [101, 101]}, "line 2: unknown viewer id '99'"),
        ({"user": [1, 1], "item": ["101", "Comedi 3"]}, "line 2: unknown film 'Comedi 3'; did you"),
        ({"user": [1, None], "item": [101, 101]}, "line 2: there is no viewer"),
        ({"a": [1]}, "cannot tell which column is the user and the item"),
        ({"user": [], "item": []}, "no rows to predict"),
    ],
)
def test_what_cannot_be_predicted_is_named(table: dict[str, list[object]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        SVD.predict_all(pl.DataFrame(table))


def test_models_that_rank_and_recommenders_without_data_are_refused() -> None:
    table = pl.DataFrame({"user": [1], "item": [101]})
    with pytest.raises(InputError, match="does not predict ratings; models that do: baseline, "):
        recommender("ease").predict_all(table)
    with pytest.raises(InputError, match="has no data set"):
        Recommender(SVD.model, CATALOG).predict_all(table)
