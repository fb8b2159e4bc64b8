"""Queries and films of a data set."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Interactions
from matinee.errors import UnknownNameError


@pytest.fixture
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, licence="None.")


def test_the_query_of_a_viewer_has_their_history(dataset: Dataset) -> None:
    query = dataset.viewer("4")
    assert sorted(query.items.tolist()) == sorted(dataset.interactions.history(3).items.tolist())
    with pytest.raises(UnknownNameError, match="viewer"):
        dataset.viewer("61")


def test_liking_films_is_a_history_with_the_highest_ratings(dataset: Dataset) -> None:
    query = dataset.liking("comedy 3", "Horror 25 (2005)", "Comedy 3")
    assert query.items.tolist() == [3, 25]
    assert query.values.tolist() == [5.0, 5.0]
    assert query.items.dtype == np.int32


def test_an_unknown_title_suggests_a_similar_one(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Comedy 3"):
        dataset.liking("comdey 3")


def test_two_files_of_one_name_have_labels_of_their_own(dataset: Dataset, tmp_path: Path) -> None:
    one, other = (
        replace(dataset, name="ratings.csv", path=tmp_path / folder / "ratings.csv")
        for folder in ("a", "b")
    )
    assert re.fullmatch(r"ratings\.csv-[0-9a-f]{8}", one.label)
    assert one.label != other.label
    assert (one.namespace, other.namespace) == (one.label, other.label)
    assert replace(one, numbering="shared").namespace == "shared"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ml-100k", "ml-100k"),
        ("/home/ann/films/ml.zip", r"ml\.zip-[0-9a-f]{8}"),
        ("my films", r"my-films-[0-9a-f]{8}"),
        ("x" * 200, r"x{64}-[0-9a-f]{8}"),
        ("/", r"-[0-9a-f]{8}"),
    ],
)
def test_a_label_is_a_short_word_without_folders(dataset: Dataset, name: str, label: str) -> None:
    assert re.fullmatch(label, replace(dataset, name=name).label)
