from __future__ import annotations

from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.models import Model, create
from matinee.pipeline.reasons import explain


class Summed(Model):
    """Scores are sums of fixed contributions, one per film of the history."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.full((len(histories), 40), self.arrays["parts"].sum(), dtype=np.float32)

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        return np.tile(self.arrays["parts"], (len(items), 1))


def summed(*parts: float) -> Summed:
    model = Summed()
    model.arrays["parts"] = np.array(parts, dtype=np.float32)
    model.arrays["prior"] = np.zeros(40, dtype=np.float32)
    return model


def rated(*values: float) -> Query:
    n = len(values)
    return Query(
        items=np.arange(n, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.zeros(n, dtype=np.int64),
    )


def test_a_stranger_is_told_it_is_popular(planted_catalog: Catalog) -> None:
    assert "popular" in explain(summed(), planted_catalog, Query(), 9).text


def test_a_model_that_is_no_sum_names_no_film(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("svd").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    reason = explain(model, planted_catalog, rated(4, 5), 9)
    assert reason.films == ()
    assert reason.text == "scored highest by svd for the 2 films you rated"


def test_where_the_prior_answers_the_reason_says_popular(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {"min_rating": 3.5})
    model.fit(planted, planted_catalog, rng=np.random.default_rng(0))
    reason = explain(model, planted_catalog, rated(1, 2), 9)
    assert reason.films == ()
    assert reason.text.startswith("popular with everybody")


def test_the_films_that_add_most_are_named_with_stars_and_shares(planted_catalog: Catalog) -> None:
    reason = explain(summed(1, 6, 3), planted_catalog, rated(3, 4.5, 5), 9)
    assert reason.text == "because you rated Comedy 1 (1981) 4.5 and Comedy 2 (1982) 5"
    assert reason.films == ("101", "102")
    assert reason.shares == pytest.approx((0.6, 0.3))


def test_at_most_three_films_are_named_best_first(planted_catalog: Catalog) -> None:
    reason = explain(summed(2, 2, 2, 3), planted_catalog, rated(4, 4, 4, 4), 9)
    assert reason.films == ("103", "100", "101")
    assert reason.text.startswith("because you rated Comedy 3 (1983) 4, Comedy 0 (1980) 4 and ")


def test_of_many_small_parts_the_greatest_is_named(planted_catalog: Catalog) -> None:
    reason = explain(summed(*[1.0] * 9, 1.1), planted_catalog, rated(*[4.0] * 10), 20)
    assert reason.films == ("109",)
    assert reason.shares == pytest.approx((1.1 / 10.1,))


def test_where_the_history_adds_nothing_no_film_is_named(planted_catalog: Catalog) -> None:
    assert explain(summed(-1, 0), planted_catalog, rated(1, 2), 9).films == ()


def test_the_shares_of_ease_are_those_of_its_weights(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    query = Query.of(planted.history(2))
    item = int(np.argmax(model.score(query)))
    reason = explain(model, planted_catalog, query, item)
    alone = {
        planted_catalog.film(int(row)).id: _share(model, query, position, item)
        for position, row in enumerate(query.items)
    }
    assert reason.films
    for film, share in zip(reason.films, reason.shares, strict=True):
        assert share == pytest.approx(alone[film], rel=1e-4)
    best = sorted(alone.values(), reverse=True)[: len(reason.films)]
    assert reason.shares == pytest.approx(best, rel=1e-4)


def _share(model: Model, query: Query, position: int, item: int) -> float:
    """What the score loses without one film of the history, as a part of it all."""
    keep = np.arange(len(query)) != position
    without = Query(query.items[keep], query.values[keep], query.times[keep])
    whole = float(model.score(query)[item])
    return (whole - float(model.score(without)[item])) / whole
