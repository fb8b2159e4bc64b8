"""Expected ratings beside a ranking, with intervals if the model computes them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Catalog, Expected, Histories, Interactions, Query
from matinee.models import create
from matinee.pipeline import Recommender

OPTIONS = {"bayes-fm": {"sweeps": 30, "burn_in": 10, "samples": 10}}


def recommender(name: str, planted: Interactions, catalog: Catalog) -> Recommender:
    model = create(name, OPTIONS.get(name))
    return Recommender(model.fit(planted, catalog, rng=np.random.default_rng(0)), catalog)


def test_every_listed_film_has_an_expected_rating(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fitted = recommender("svd", planted, planted_catalog)
    query = Query.of(planted.history(3), n=5)
    ranking = fitted.recommend(query)
    items = np.sort(ranking.items)
    wanted = sp.csr_array((np.zeros(5, dtype=np.int64), items, [0, 5]), shape=(1, 40))
    stars = fitted.model.predictions(Histories.of(query, 40), wanted)
    expected = {item: line.expected for item, line in zip(ranking.items, ranking, strict=True)}
    assert [expected[item].stars for item in items] == pytest.approx(stars)  # type: ignore[union-attr]
    assert all(line.expected and line.expected.low is None for line in ranking)


def test_an_interval_contains_the_expected_rating(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fitted = recommender("bayes-fm", planted, planted_catalog)
    query = Query.of(planted.history(3), n=8)
    ranking = fitted.recommend(query)
    assert len(ranking.expected) == 8
    for each in ranking.expected:
        assert each.low is not None
        assert each.high is not None
        assert 1 <= each.low <= each.stars <= each.high <= 5
    best, worst = ranking.expected[0], ranking.expected[-1]
    assert best.stars >= worst.stars


@pytest.mark.parametrize(("name", "viewer"), [("ease", 3), ("svd", None)])
def test_new_viewers_and_models_that_only_rank_have_none(
    planted: Interactions, planted_catalog: Catalog, name: str, viewer: int | None
) -> None:
    query = Query() if viewer is None else Query.of(planted.history(viewer))
    ranking = recommender(name, planted, planted_catalog).recommend(query)
    assert ranking.expected == ()


def test_it_reads_as_a_rating_with_its_bounds() -> None:
    assert str(Expected(4.26, 3.51, 5.0)) == "4.3 (3.5-5.0)"
    assert str(Expected(4.26)) == "4.3"
