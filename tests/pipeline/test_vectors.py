"""Vectors of films, as the models have them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from matinee.data import Catalog, Interactions
from matinee.errors import InputError
from matinee.models import create, has_item_vectors, models_with
from matinee.pipeline import Recommender

OPTIONS: dict[str, dict[str, object]] = {
    "bayes-fm": {"sweeps": 20, "burn_in": 5, "samples": 5, "factors": 3},
    "content": {"components": 4},
    "ease-sparse": {"directions": 5},
    **{
        name: {"factors": 3}
        for name in ("bpr", "ials", "ials-content", "nmf", "svd", "svd-plus-plus")
    },
}


def recommender(
    name: str, planted: Interactions, catalog: Catalog, options: dict[str, object] | None = None
) -> Recommender:
    model = create(name, OPTIONS.get(name) if options is None else options)
    return Recommender(model.fit(planted, catalog, rng=np.random.default_rng(0)), catalog)


@pytest.mark.parametrize("name", models_with(has_item_vectors))
def test_each_film_has_a_vector_and_films_of_a_kind_have_similar_ones(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    frame = recommender(name, planted, planted_catalog).item_vectors()
    width = {"content": 4, "ease-sparse": 5}.get(name, 3)
    assert frame.schema == {
        "item": pl.String,
        "title": pl.String,
        "vector": pl.Array(pl.Float32, width),
    }
    assert frame["item"].to_list() == planted_catalog.item_ids.ids.tolist()
    vectors = frame["vector"].to_numpy().astype(np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    within = (cosines[:20, :20].sum() + cosines[20:, 20:].sum() - 40) / (2 * 20 * 19)
    assert within > cosines[:20, 20:].mean() + 0.2


def test_a_film_without_ratings_has_zeros(planted: Interactions, planted_catalog: Catalog) -> None:
    fewer = planted.select(np.flatnonzero(planted.items != 7))
    for name in ("ials", "svd", "svd-plus-plus"):
        vectors = recommender(name, fewer, planted_catalog).item_vectors()["vector"].to_numpy()
        assert not vectors[7].any()
        assert vectors[8].any()


def test_the_scores_of_ials_are_products_of_vectors(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fitted = recommender("ials", planted, planted_catalog)
    vectors = fitted.item_vectors()["vector"].to_numpy()
    similar = fitted.model.similar(np.array([3]))[0]
    cosines = vectors @ vectors[3] / np.linalg.norm(vectors, axis=1) / np.linalg.norm(vectors[3])
    np.testing.assert_allclose(similar, cosines, atol=1e-5)


@pytest.mark.parametrize("name", ["ease", "popular", "auto"])
def test_other_models_name_those_with_vectors(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    fitted = recommender(name, planted, planted_catalog)
    with pytest.raises(InputError, match=rf"'{name}' has no vectors .*: bayes-fm, bpr, content, "):
        fitted.item_vectors()


def test_ease_sparse_needs_directions(planted: Interactions, planted_catalog: Catalog) -> None:
    fitted = recommender("ease-sparse", planted, planted_catalog, {"directions": 0})
    with pytest.raises(InputError, match="directions=64"):
        fitted.item_vectors()
