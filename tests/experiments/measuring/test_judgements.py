"""Likes and dislikes of a test: from targets, and from ratings that are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from tests.data.splits.examples import of_columns
from tests.experiments.toy_models import FilmMeans

from matinee import metrics
from matinee.data import Dataset, Histories, Interactions
from matinee.data.splits import Split, among, random, relevant
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.inputs import RankingInputs
from matinee.experiments.measuring.judgements import disliked, signs
from matinee.experiments.measuring.ranking import LONGEST_LIST
from matinee.experiments.measuring.scoring import rank_split
from matinee.experiments.measuring.training_statistics import TrainingStatistics


def judged(values: list[float], scale: tuple[float, float]) -> Split:
    """A test of one viewer with these ratings, over a scale."""
    n = len(values)
    data = of_columns([0] * (n + 1), [*range(n + 1)], [*values, scale[1]], [0] * (n + 1))
    data = replace(data, scale=scale)
    targets = sp.csr_array(
        (np.array(values, dtype=np.float32), np.arange(n), np.array([0, n])),
        shape=(1, data.n_items),
    )
    seen = sp.csr_array(targets.shape, dtype=np.float32)
    users = np.zeros(1, dtype=np.int32)
    return Split("one", data, users, Histories(seen), targets, seen)


@pytest.mark.parametrize(
    ("scale", "values", "expected"),
    [
        ((1, 5), [1, 2, 2.5, 3, 4, 5], [-1, -1, -1, 1, 1, 1]),
        ((0.5, 5), [0.5, 2, 2.5, 3, 5], [-1, -1, -1, 1, 1]),
        ((1, 10), [1, 5, 6, 10], [-1, -1, 1, 1]),
        ((1, 1), [1, 1], [1, 1]),
    ],
)
def test_a_low_rating_is_a_dislike_on_every_scale(
    scale: tuple[float, float], values: list[float], expected: list[int]
) -> None:
    assert signs(judged(values, scale)).tolist() == expected


def test_with_a_threshold_only_targets_are_liked_and_none_is_disliked() -> None:
    split = judged([1, 2, 3, 4, 5], (1, 5))
    assert signs(relevant(split, 4)).tolist() == [-1, -1, 0, 1, 1]
    assert signs(relevant(split, 2)).tolist() == [-1, 1, 1, 1, 1]


def test_counts_say_nothing_about_dislikes() -> None:
    split = judged([1, 2, 3], (1, 5))
    counted = replace(split, train=replace(split.train, counts=True, scale=(0.0, 1.0)))
    assert signs(counted).tolist() == [1, 1, 1]


def test_judged_films_outside_the_ranking_are_left_out(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    films = np.arange(planted.n_items) % 2 == 0
    one = relevant(among(test, films), 4)
    other = among(relevant(test, 4), films)
    np.testing.assert_array_equal(one.judgements.toarray(), other.judgements.toarray())
    assert not one.judgements.toarray()[:, ~films].any()


def test_marks_of_lists_and_scores_are_those_of_a_loop(
    planted: Interactions, dataset: Dataset
) -> None:
    ((_, test),) = random(planted, 0)
    split = relevant(test, 4)
    model = FilmMeans().fit(split.train, dataset.catalog, rng=np.random.default_rng(0))
    lists = rank_split(model, split, 10, test_scores=True, block=500)
    inputs = RankingInputs(split, lists, TrainingStatistics(split.train, dataset.catalog))
    ratings = split.judgements.toarray()
    scores = model.scores(split.histories)
    shown = known = 0
    right = []
    for row in range(len(split.users)):
        for item in lists.items[row].tolist():
            known += ratings[row, item] > 0
            shown += 0 < ratings[row, item] <= 2.5
        likes = scores[row][ratings[row] >= 4]
        dislikes = scores[row][(ratings[row] > 0) & (ratings[row] <= 2.5)]
        if len(likes) * len(dislikes):
            right.append(np.mean(likes[:, None] > dislikes[None, :]))
    share = metrics.get("disliked")
    weights = inputs.weights(share, 10)
    assert weights is not None
    assert 0 < shown < known
    assert share.mean(inputs.measured(share, 10), weights) == pytest.approx(shown / known)
    values = inputs.measured(metrics.get("auc-disliked"), LONGEST_LIST)
    np.testing.assert_allclose(values[np.isfinite(values)], right)
    assert disliked(split).nnz == np.count_nonzero((ratings > 0) & (ratings <= 2.5))


def test_an_evaluation_pools_the_share_and_gives_it_an_interval(dataset: Dataset) -> None:
    comparison = evaluate(["popular", FilmMeans], dataset, "random", relevant_from=4.0)
    for result in comparison.results:
        (split,) = result.splits
        weights, values = split.own_weights["disliked@10"], split.values["disliked@10"]
        known = weights > 0
        pooled = (values[known] * weights[known]).sum() / weights.sum()
        assert result.means["disliked@10"] == pytest.approx(pooled)
        bounds = result.intervals["disliked@10"]
        assert bounds.low <= pooled <= bounds.high
        assert bounds.low < bounds.high


def test_low_ratings_that_were_dropped_leave_nothing_to_dislike(dataset: Dataset) -> None:
    (result,) = evaluate(["popular"], dataset, "random", min_rating=4.0).results
    assert np.isnan([result.means[f"{name}@10"] for name in ("disliked", "ndcl")]).all()
    assert np.isnan(result.means["auc-disliked"])
