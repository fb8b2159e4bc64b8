"""Recommendations for all viewers as data frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.test_copies import TWICE

from matinee import testing
from matinee.data import Catalog, Constraints, Dataset, Interactions, Query, Vocabulary
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


CATALOG = Catalog.of(
    replace(film, genres=(*film.genres, "Children")) if row % 5 == 0 else film
    for row, film in enumerate(testing.planted_catalog().films())
)
DATA = Dataset("planted", testing.planted_ratings(CATALOG), CATALOG, licence="")
CONDITIONS = st.builds(
    Constraints,
    max_runtime=st.none() | st.integers(81, 125),
    since=st.none() | st.integers(1980, 2025),
    not_genres=st.sampled_from([(), ("Comedy",)]),
    kids=st.booleans(),
)


@pytest.mark.parametrize("name", ["ease", "ials", "popular", "svd"])
@settings(max_examples=15)
@given(
    where=st.none() | CONDITIONS,
    among=st.none() | st.sets(st.integers(100, 139)).map(list),
    n=st.integers(1, 12),
)
def test_everybody_gets_the_list_they_get_alone(
    name: str, where: Constraints | None, among: list[int] | None, n: int
) -> None:
    fitted = FITTED[name]
    lists = fitted.recommend_all(n, where=where, among=among)
    for user in ("1", "33", "60"):
        alone = fitted.recommend(user, n, where=where, among=among)
        own = lists.filter(pl.col("user") == user)
        assert own["item"].to_list() == [line.film.id for line in alone]
        np.testing.assert_allclose(own["score"], alone.scores, rtol=1e-4, atol=1e-5)


def test_conditions_and_copies_go_together() -> None:
    ratings = Interactions(
        users=np.array([0, 1], dtype=np.int32),
        items=np.array([3, 0], dtype=np.int32),
        values=np.array([5, 5], dtype=np.float32),
        times=np.zeros(2, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["a", "b"]),
        item_ids=TWICE.item_ids,
    )
    fitted = _fitted("popular", Dataset("twice", ratings, TWICE, licence=""))
    for where in ("under:115", "over:1", "since:1997"):
        lists = fitted.recommend_all(6, where=where)
        for user in ("a", "b"):
            alone = [line.film.id for line in fitted.recommend(user, 6, where=where)]
            assert lists.filter(pl.col("user") == user)["item"].to_list() == alone


def test_wrong_conditions_are_refused_as_for_one_viewer() -> None:
    for wrong, message in (
        ({"where": "genre:nope"}, "unknown genre 'nope'"),
        ({"where": 5}, "conditions are text"),
        ({"among": "Comedy 3"}, "are a list, as"),
        ({"among": ["nope"]}, "unknown film 'nope'"),
    ):
        for ask in (
            FITTED["ease"].recommend_all,
            lambda **more: FITTED["ease"].recommend(1, **more),
        ):
            with pytest.raises(InputError, match=message):
                ask(**wrong)


def _fitted(name: str, data: Dataset) -> Recommender:
    model = create(name).fit(data.interactions, data.catalog, rng=np.random.default_rng(0))
    return Recommender(model, data.catalog, data=data)


FITTED = {name: _fitted(name, DATA) for name in ("ease", "ials", "popular", "svd")}
