"""Fits that start from former factors, matched by film id."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Film
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.service.train import fit
from matinee.service.warm_start import start_from


@pytest.fixture(scope="module")
def former(dataset: Dataset) -> Recommender:
    return fit(dataset, "ials", {"factors": 3, "iterations": 7})


def test_factors_are_matched_by_film_id(former: Recommender) -> None:
    ids = former.catalog.item_ids.ids.tolist()
    catalog = Catalog.of(Film(each, each) for each in [*reversed(ids), "new"])
    model = create("ials", {"factors": 3, "iterations": 7})
    known = former.model.arrays["item_factors"]
    with start_from(former, model, catalog):
        factors = model.earlier["item_factors"]
        assert model.config.model_dump()["iterations"] == 3  # a third, rounded up
        np.testing.assert_array_equal(factors[:-1], known[::-1])
        np.testing.assert_allclose(factors[-1], known.mean(axis=0), rtol=1e-5)
    assert model.config.model_dump()["iterations"] == 7
    assert not model.earlier


@pytest.mark.parametrize(
    ("name", "options"),
    [("ials", {"factors": 4}), ("bpr", {"factors": 3}), ("ease", {}), ("popular", {})],
)
def test_another_model_starts_from_nothing(
    former: Recommender, name: str, options: dict[str, object]
) -> None:
    model = create(name, options)
    config = model.config
    with start_from(former, model, former.catalog):
        assert model.config == config
        assert not model.earlier


def test_a_catalogue_of_other_films_starts_from_nothing(former: Recommender) -> None:
    catalog = Catalog.of(Film(f"x{row}", "X") for row in range(40))
    model = create("ials", {"factors": 3})
    with start_from(former, model, catalog):
        assert not model.earlier


def test_it_comes_as_far_as_a_whole_fit(dataset: Dataset) -> None:
    """The loss of both is the same, though one has had a third of the iterations."""
    options = {"factors": 3, "iterations": 12}
    before = dataset.interactions.select(np.arange(len(dataset.interactions)) % 10 > 0)
    former = fit(replace(dataset, interactions=before), "ials", options)
    cold, warm = fit(dataset, "ials", options), fit(dataset, "ials", options, 0, former)
    query = dataset.viewer(7)
    found = [{row.film.id for row in each.recommend(query, 5)} for each in (cold, warm)]
    assert len(found[0] & found[1]) >= 4
