"""Expected ratings beside a ranking: from models that predict, with intervals where there are."""

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


def test_a_rating_is_expected_of_every_film_listed(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    asked = recommender("svd", planted, planted_catalog)
    query = Query.of(planted.history(3), n=5)
    ranking = asked.recommend(query)
    items = np.sort(ranking.items)
    wanted = sp.csr_array((np.zeros(5, dtype=np.int64), items, [0, 5]), shape=(1, 40))
    stars = asked.model.predictions(Histories.of(query, 40), wanted)
    expected = {item: line.expected for item, line in zip(ranking.items, ranking, strict=True)}
    assert [expected[item].stars for item in items] == pytest.approx(stars)  # type: ignore[union-attr]
    assert all(line.expected and line.expected.low is None for line in ranking)


def test_an_interval_holds_what_is_expected_film_by_film(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    asked = recommender("bayes-fm", planted, planted_catalog)
    query = Query.of(planted.history(3), n=8)
    ranking = asked.recommend(query)
    assert len(ranking.expected) == 8
    for each in ranking.expected:
        assert each.low is not None
        assert each.high is not None
        assert 1 <= each.low <= each.stars <= each.high <= 5
    best, worst = ranking.expected[0], ranking.expected[-1]
    assert best.stars >= worst.stars


@pytest.mark.parametrize(("name", "viewer"), [("ease", 3), ("svd", None)])
def test_nothing_is_expected_of_a_stranger_or_by_a_model_that_only_ranks(
    planted: Interactions, planted_catalog: Catalog, name: str, viewer: int | None
) -> None:
    query = Query() if viewer is None else Query.of(planted.history(viewer))
    ranking = recommender(name, planted, planted_catalog).recommend(query)
    assert ranking.expected == ()
    assert all(line.expected is None for line in ranking)


def test_it_reads_as_a_rating_with_its_bounds() -> None:
    assert str(Expected(4.26, 3.51, 5.0)) == "4.3 (3.5-5.0)"
    assert str(Expected(4.26)) == "4.3"
