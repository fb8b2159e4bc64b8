"""Parts of the ranker at one instant after another, and their scores over their spread."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.models import Model, create
from matinee.models._ranker.parts import fit_parts, parts_of, standardised
from matinee.models.ranker import RankerConfig


@pytest.fixture(scope="module")
def parts(planted: Interactions, planted_catalog: Catalog) -> list[Model]:
    config = RankerConfig(like_from=4)
    return fit_parts(parts_of(config), planted, planted_catalog, np.random.default_rng(0), ())


def test_later_factors_start_from_earlier_ones(
    parts: list[Model], planted: Interactions, planted_catalog: Catalog
) -> None:
    chosen, rng = parts_of(RankerConfig(like_from=4)), np.random.default_rng(1)
    later = fit_parts(chosen, planted, planted_catalog, rng, parts)[1].arrays["item_factors"]
    other = fit_parts(chosen, planted, planted_catalog, rng, ())[1].arrays["item_factors"]
    own = parts[1].arrays["item_factors"]
    assert np.abs(later - own).mean() < 0.2 * np.abs(other - own).mean()


def test_parts_add_no_average_viewer(parts: list[Model]) -> None:
    assert not any("average" in each.arrays for each in parts)


def test_scores_have_a_spread_of_1_over_rated_films(
    parts: list[Model], planted: Interactions
) -> None:
    histories = Histories.of_users(planted, np.arange(4))
    rated = np.ones(planted.n_items, dtype=np.float32)
    rated[::3] = 0
    for model in parts:
        scores, spread = standardised(model, histories, rated)
        raw = model.scores(histories)
        np.testing.assert_allclose(spread, raw[:, rated > 0].std(axis=1), rtol=1e-4)
        np.testing.assert_allclose(scores, raw / raw[:, rated > 0].std(axis=1)[:, None], rtol=1e-4)


def test_a_history_without_a_say_is_scored_0(parts: list[Model], planted: Interactions) -> None:
    rated = np.ones(planted.n_items, dtype=np.float32)
    for model in parts:
        scores, _ = standardised(model, Histories.of(Query(), planted.n_items), rated)
        assert not scores.any()


def test_answers_to_a_history_are_kept_for_each_part_apart(
    parts: list[Model], planted: Interactions
) -> None:
    history = Histories.of_users(planted, np.array([3]))
    rated = np.ones(planted.n_items, dtype=np.float32)
    first = [standardised(model, history, rated)[0] for model in parts]
    again = [standardised(model, history, rated)[0] for model in parts]
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert not np.allclose(first[0], first[1])
    other = create("ials", {"like_from": 4})
    other.arrays = parts[1].arrays | {"prior": parts[1].arrays["prior"].copy()}
    assert standardised(other, history, rated)[0] is not first[1]


def test_an_answer_to_a_history_is_that_of_the_options_and_films(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    part = create("ease-sparse", {"like_from": 4, "half_life": 1})
    part.fit(planted, planted_catalog, rng=np.random.default_rng(0))
    other = create("ease-sparse", {"like_from": 4})
    other.arrays = part.arrays
    times = np.arange(4, dtype=np.int64) * 86_400
    query = Query(np.arange(4), np.full(4, 5, dtype=np.float32), times)
    history = Histories.of(query, planted.n_items)
    rated = np.ones(planted.n_items, dtype=np.float32)
    with_decay, without = (standardised(model, history, rated)[0] for model in (part, other))
    assert np.abs(with_decay - without).max() > 0.01
    fewer = np.where(np.arange(planted.n_items) < 20, rated, 0)
    assert standardised(part, history, fewer)[1] != standardised(part, history, rated)[1]
