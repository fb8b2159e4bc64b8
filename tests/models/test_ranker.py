"""The ranker on a planted year: films come out, fade, and viewers love one of two genres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Year

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.data.splits import time
from matinee.errors import InputError
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.metrics.gain import ndcg
from matinee.models import Model, create
from matinee.models._blend.parts import Part
from matinee.models._ranker.parts import parts_of
from matinee.models._shared.raced_popularity import raced_popularity
from matinee.models.ranker import Ranker


@pytest.fixture(scope="module")
def fitted(year: Year) -> Ranker:
    model = create("ranker").fit(year.ratings, year.catalog, rng=np.random.default_rng(0))
    assert isinstance(model, Ranker)
    return model


def test_it_ranks_tomorrow_better_than_popularity_and_its_parts(year: Year) -> None:
    ((_, test),) = time(year.ratings)

    def quality(name: str) -> np.ndarray:
        model = create(name).fit(test.train, year.catalog, rng=np.random.default_rng(0))
        lists = ranked_lists(model.scores(test.histories), test.targets, test.seen, 10)
        return ndcg(lists.hits, np.diff(test.targets.indptr))

    known = test.histories.lengths > 0
    ranker, popular, part = map(quality, ("ranker", "popular", "ease-sparse"))
    assert ranker[known].mean() > max(popular[known].mean(), part[known].mean()) + 0.1
    assert ranker[~known].mean() > popular[~known].mean() + 0.1


def test_the_learned_weights_are_chosen_and_shown(fitted: Ranker) -> None:
    known, _ = fitted.selection.races
    assert known.chosen == "learned weights"
    assert fitted.selection.metric == "NDCG@10"
    assert (fitted.arrays["common"] != 0).any()


def test_a_fresh_film_of_the_own_genre_is_first(fitted: Ranker, year: Year) -> None:
    now = int(year.ratings.times.max())
    for genre in (0, 1):
        films = np.arange(80 + genre, 100, 2, dtype=np.int32)
        history = Query(items=films, values=np.full(10, 5.0), times=np.full(10, now))
        scores = fitted.score(history)
        scores[films] = -np.inf
        best = np.argsort(-scores)[:5]
        assert (best % 2 == genre).mean() >= 0.8
        assert best.min() > 90


def test_what_nobody_rated_is_ranked_by_its_facts(year: Year) -> None:
    unrated = np.array([110, 111, 112, 113])
    ratings = year.ratings.select(~np.isin(year.ratings.items, unrated))
    model = create("ranker").fit(ratings, year.catalog, rng=np.random.default_rng(0))
    prior = model.score(Query())
    assert prior[unrated].max() <= np.delete(prior, unrated).min()
    films = np.arange(80, 100, 2, dtype=np.int32)  # comedies
    history = Query(items=films, values=np.full(10, 5.0), times=np.full(10, ratings.times.max()))
    scores = model.score(history)
    assert scores[[110, 112]].min() > scores[[111, 113]].max()


def test_without_times_it_says_what_to_use(year: Year) -> None:
    timeless = replace(year.ratings, times=np.zeros(len(year.ratings), dtype=np.int64))
    with pytest.raises(InputError, match="have no times; use auto"):
        create("ranker").fit(timeless, year.catalog, rng=np.random.default_rng(0))


def test_little_data_is_answered_by_its_first_part(year: Year) -> None:
    few = year.ratings.select(slice(80))
    model = create("ranker").fit(few, year.catalog, rng=np.random.default_rng(0))
    part = create("ease-sparse", {"l2": 600, "half_life": 30}).fit(
        few, year.catalog, rng=np.random.default_rng(0)
    )
    history = Query(items=few.items[:4], values=few.values[:4], times=few.times[:4])
    np.testing.assert_array_equal(
        np.argsort(model.score(history))[-5:], np.argsort(part.score(history))[-5:]
    )
    np.testing.assert_array_equal(model.arrays["prior"], part.arrays["prior"])
    assert isinstance(model, Ranker)
    assert [race.chosen for race in model.selection.races] == ["ease-sparse", "raced popularity"]


def test_where_weights_do_not_pay_the_raced_popularity_answers(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee.models._ranker.learning.Gains.pays", False)
    model = create("ranker").fit(year.ratings, year.catalog, rng=np.random.default_rng(0))
    history = Query(items=np.array([3, 5]), values=np.array([5.0, 5.0]))
    prior = model.arrays["prior"]
    np.testing.assert_allclose(model.score(history), prior - prior.mean(), atol=1e-7)


def test_newcomers_and_known_viewers_are_decided_apart(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    pays = property(lambda gains: gains.one_list)
    monkeypatch.setattr("matinee.models._ranker.learning.Gains.pays", pays)
    model = create("ranker").fit(year.ratings, year.catalog, rng=np.random.default_rng(0))
    history = Query(items=np.array([3, 5]), values=np.array([5.0, 5.0]))
    popularity = raced_popularity(year.ratings)
    np.testing.assert_allclose(model.score(history), popularity - popularity.mean(), atol=1e-7)
    assert not np.allclose(model.score(Query()), popularity)


def test_the_average_viewer_is_added_once_for_dislikes(year: Year) -> None:
    model = create("ranker", {"like_from": 4.5}).fit(
        year.ratings, year.catalog, rng=np.random.default_rng(0)
    )
    assert [name for name in model.arrays if name.endswith("average")] == ["average"]
    disliked = Query(items=np.array([90, 92], dtype=np.int32), values=np.ones(2, dtype=np.float32))
    scores, average = model.score(disliked), model.arrays.pop("average")
    np.testing.assert_allclose(scores - model.score(disliked), average, atol=1e-5)


def test_no_part_has_a_weight_below_0(planted: Interactions, planted_catalog: Catalog) -> None:
    model = create("ranker").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert model.arrays["part_weights"].min() >= 0


def test_options_reach_the_parts() -> None:
    model = create("ranker", {"like_from": 4, "half_life": 7, "min_rating": 2})
    parts = {each.name: dict(each.options) for each in _parts(model)}
    assert parts["ease-sparse"]["like_from"] == parts["ials"]["like_from"] == "4.0"
    assert parts["ease-sparse"]["half_life"] == "7.0"
    assert parts["ease-sparse"]["min_rating"] == parts["ials"]["min_rating"] == "2.0"
    assert "half_life" not in parts["ials"]
    for part in _parts(model):
        part.model()


def test_contributions_are_zero_below_min_rating_and_negative_for_dislikes(year: Year) -> None:
    model = create("ranker", {"like_from": 4}).fit(
        year.ratings, year.catalog, rng=np.random.default_rng(0)
    )
    now = year.ratings.times.max()
    history = Query(
        items=np.array([90, 92, 94], dtype=np.int32),
        values=np.array([5.0, 5.0, 1.0]),
        times=np.full(3, now),
    )
    parts = model.contributions(Histories.of(history, 120), np.array([96, 98]))
    assert parts is not None
    assert (parts[:, :2] > 0).all()
    assert (parts[:, 2] < 0).all()


def _parts(model: Model) -> tuple[Part, ...]:
    assert isinstance(model, Ranker)
    return parts_of(model.config)
