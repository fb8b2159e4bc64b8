"""Recommendations for all viewers as data frames."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from matinee.data import Catalog, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.pipeline.batch import lists_in_blocks


@pytest.fixture
def recommender(planted: Interactions, planted_catalog: Catalog) -> Recommender:
    model = create("ease").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    return Recommender(model, planted_catalog, "v1")


def test_blocks_together_are_the_lists_of_single_queries(
    planted: Interactions, recommender: Recommender
) -> None:
    frames = list(lists_in_blocks(recommender, planted, 3, block=25))
    assert [frame["user"].n_unique() for frame in frames] == [25, 25, 10]
    lists = pl.concat(frames)
    assert lists.columns == ["user", "rank", "item", "title", "score", "model", "version"]
    assert lists["version"].unique().to_list() == ["v1"]
    for row, ((user,), own) in enumerate(lists.group_by("user", maintain_order=True)):
        ranking = recommender.recommend(Query.of(planted.history(row), n=3))
        assert user == planted.user_ids.ids[row]
        assert own["rank"].to_list() == [1, 2, 3]
        assert own["title"].to_list() == [line.film.title for line in ranking]
        np.testing.assert_allclose(own["score"], ranking.scores, rtol=1e-4)


def test_other_films_and_empty_lists_are_refused_at_once(
    planted: Interactions, recommender: Recommender
) -> None:
    with pytest.raises(InputError, match="at least 1"):
        lists_in_blocks(recommender, planted, 0)
    other = Interactions.empty(Vocabulary.of("film", ["x"]))
    with pytest.raises(InputError, match="not over the films"):
        lists_in_blocks(recommender, other)
