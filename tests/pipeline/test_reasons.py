from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.pipeline.test_recommender import Fixed, of_rows

from matinee.data import Catalog, Histories, Interactions, Query, Reason
from matinee.models import Model, create
from matinee.pipeline.reasons import explain_each


class Summed(Fixed):
    """Scores are sums of fixed contributions, one per film of the history."""

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
    rows = of_rows(*range(len(values)))
    return replace(rows, values=np.array(values, dtype=np.float32))


def explain(model: Model, catalog: Catalog, query: Query, item: int) -> Reason:
    [reason] = explain_each(model, catalog, query, np.array([item]), (1, 5))
    return reason


def test_without_sums_over_the_history_no_film_is_named(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    assert explain(summed(), planted_catalog, Query(), 9) == Reason("popular")
    model = create("svd").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert explain(model, planted_catalog, rated(4, 5), 9) == Reason("model", history_size=2)


def test_a_history_without_likes_is_answered_by_the_prior(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {"min_rating": 3.5})
    model.fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert explain(model, planted_catalog, rated(1, 2), 9) == Reason("untouched")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ((1, 6, 3), {"101": 0.6, "102": 0.3}),
        ((2, 2, 2, 3), {"103": 3 / 9, "100": 2 / 9, "101": 2 / 9}),  # three at most
        ((*[1.0] * 9, 1.1), {"109": 1.1 / 10.1}),  # the largest of many small ones
        ((-1, 0), {}),
    ],
)
def test_the_films_that_add_most_are_named_with_their_shares(
    planted_catalog: Catalog, parts: tuple[float, ...], named: dict[str, float]
) -> None:
    reason = explain(summed(*parts), planted_catalog, rated(*[4.0] * len(parts)), 20)
    assert {film.id: film.share for film in reason.films} == pytest.approx(named)
    assert [film.id for film in reason.films] == list(named)
    assert reason.kind == ("history" if named else "untouched")


def test_a_named_film_has_its_rating_and_opinion(planted_catalog: Catalog) -> None:
    [film] = explain(summed(1, 9), planted_catalog, rated(3, 4.5), 9).films
    assert (film.label, film.rating, film.opinion) == ("Comedy 1 (1981)", 4.5, "loved")


def test_a_rating_is_named_as_the_viewer_gave_it(planted_catalog: Catalog) -> None:
    query = replace(rated(3, 4.6), own=np.array([6, 9], dtype=np.float32))
    [film] = explain(summed(1, 9), planted_catalog, query, 9).films
    assert (film.rating, film.opinion) == (9.0, "loved")
    [film] = explain(summed(1, 9), planted_catalog, rated(3, 4.6), 9).films
    assert film.rating == 4.6


def test_a_count_is_named_as_a_count_and_a_like_as_a_like(planted_catalog: Catalog) -> None:
    model = summed(1, 9)
    model.arrays["fitted_on_counts"] = np.ones(1, dtype=np.bool_)
    reason = explain(model, planted_catalog, rated(1, 12), 9)
    assert reason.text() == "Because you watched Comedy 1 (1981) 12 times"
    likes = replace(rated(1, 1), own=np.array([7, 9], dtype=np.float32))
    reason = explain_each(model, planted_catalog, likes, np.array([9]), (0, 1))[0]
    assert (reason.text(), reason.films[0].rating) == ("Because you loved Comedy 1 (1981)", 9.0)


def test_the_shares_of_ease_are_those_of_its_weights(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    query = Query.of(planted.history(2))
    item = int(np.argmax(model.score(query)))
    reason = explain(model, planted_catalog, query, item)
    alone = [_share(model, query, position, item) for position in range(len(query))]
    by_id = dict(zip(planted_catalog.item_ids.ids[query.items].tolist(), alone, strict=True))
    assert reason.films
    shares = [film.share for film in reason.films]
    assert shares == pytest.approx([by_id[film.id] for film in reason.films], rel=1e-4)
    assert shares == pytest.approx(sorted(alone, reverse=True)[: len(shares)], rel=1e-4)


def _share(model: Model, query: Query, position: int, item: int) -> float:
    """What the score loses without one film of the history, as a part of it all."""
    keep = np.arange(len(query)) != position
    without = Query(query.items[keep], query.values[keep], query.times[keep])
    whole = float(model.score(query)[item])
    return (whole - float(model.score(without)[item])) / whole
