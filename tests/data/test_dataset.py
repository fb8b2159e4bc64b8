"""Queries and films of a data set."""

from __future__ import annotations

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
