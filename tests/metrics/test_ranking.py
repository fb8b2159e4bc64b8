"""Ranking metrics against trec_eval itself; values worked by hand are in the docstrings."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import dcg_score, fbeta_score

from matinee.metrics.gain import dcg, graded_ndcg, ndcg
from matinee.metrics.ranking import (
    average_precision,
    f_score,
    hit_rate,
    precision,
    rank_biased_precision,
    recall,
    reciprocal_rank,
)

N_FILMS = 40
MEASURES = {
    "P.{}": precision,
    "recall.{}": recall,
    "map_cut.{}": average_precision,
    "ndcg_cut.{}": ndcg,
    "success.{}": hit_rate,
    "recip_rank": reciprocal_rank,
}


def random_lists(
    k: int, seed: int, *, most_targets: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lists of k films for 200 viewers, and a rating of 0 to 5 for every film, 0 for no target."""
    rng = np.random.default_rng(seed)
    lists = np.argsort(rng.random((200, N_FILMS)), axis=1)[:, :k]
    ratings = np.zeros((200, N_FILMS), dtype=np.int64)
    for viewer, n in enumerate(rng.integers(1, most_targets + 1, 200)):
        ratings[viewer, rng.choice(N_FILMS, n, replace=False)] = rng.integers(1, 6, n)
    return lists, ratings


def trec_eval(
    measure: str, lists: NDArray[np.int64], ratings: NDArray[np.int64]
) -> NDArray[np.float64]:
    qrels = {
        f"{viewer:04}": {str(film): int(row[film]) for film in np.flatnonzero(row)}
        for viewer, row in enumerate(ratings)
    }
    run = {
        f"{viewer:04}": {str(film): float(-rank) for rank, film in enumerate(row)}
        for viewer, row in enumerate(lists)
    }
    answer = pytrec_eval.RelevanceEvaluator(qrels, {measure}).evaluate(run)
    key = measure.replace(".", "_")
    return np.array([answer[viewer][key] for viewer in sorted(answer)])


@pytest.mark.parametrize("most_targets", [3, 30])
@pytest.mark.parametrize("k", [1, 5, 10, 20])
@pytest.mark.parametrize("measure", MEASURES)
def test_binary_metrics_agree_with_trec_eval(measure: str, k: int, most_targets: int) -> None:
    lists, ratings = random_lists(k, seed=k, most_targets=most_targets)
    hits = np.take_along_axis(ratings, lists, axis=1) > 0
    ours = MEASURES[measure](hits, (ratings > 0).sum(axis=1))
    theirs = trec_eval(measure.format(k), lists, np.minimum(ratings, 1))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("gain", ["linear", "exponential"])
@pytest.mark.parametrize("k", [1, 5, 20])
def test_graded_ndcg_agrees_with_trec_eval(k: int, gain: Any) -> None:
    lists, ratings = random_lists(k, seed=k, most_targets=30)
    gains = np.take_along_axis(ratings, lists, axis=1).astype(np.float64)
    ideal = -np.sort(-ratings, axis=1)[:, :k].astype(np.float64)
    ours = graded_ndcg(gains, ideal, gain=gain)
    weights = ratings if gain == "linear" else 2**ratings - 1
    theirs = trec_eval(f"ndcg_cut.{k}", lists, weights)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


ONE_LIST = np.array([[True, False, True, False]])
"""Hits at ranks 1 and 3 of 4."""


@pytest.mark.parametrize(("n_targets", "divisor"), [(2, 2), (4, 4), (5, 4), (100, 4)])
def test_capped_denominators_are_at_most_the_number_of_ranks(n_targets: int, divisor: int) -> None:
    targets = np.array([n_targets])
    assert recall(ONE_LIST, targets, denominator="capped") == pytest.approx([2 / divisor])
    capped = average_precision(ONE_LIST, targets, denominator="capped")
    assert capped == pytest.approx([(1 + 2 / 3) / divisor])


@pytest.mark.parametrize("k", [1, 5, 20])
def test_ndcg_over_a_full_list_and_by_the_discount_of_the_paper_by_hand(k: int) -> None:
    lists, ratings = random_lists(k, seed=k, most_targets=10)
    hits = np.take_along_axis(ratings, lists, axis=1) > 0
    n_targets = (ratings > 0).sum(axis=1)
    weights = [1 / math.log2(rank + 1) for rank in range(1, k + 1)]
    over_k = [math.fsum(np.compress(row, weights)) / math.fsum(weights) for row in hits]
    np.testing.assert_allclose(ndcg(hits, n_targets, perfect="k"), over_k, atol=1e-12)
    paper = [1 / max(1, math.log2(rank)) for rank in range(1, k + 1)]
    by_paper = [
        math.fsum(np.compress(row, paper)) / math.fsum(paper[:n])
        for row, n in zip(hits, n_targets, strict=True)
    ]
    ours = ndcg(hits, n_targets, discount="log2(rank)")
    np.testing.assert_allclose(ours, by_paper, atol=1e-12)


@pytest.mark.parametrize("most_targets", [3, 30])
@pytest.mark.parametrize("k", [1, 5, 20])
def test_dcg_and_f_agree_with_scikit_learn(k: int, most_targets: int) -> None:
    lists, ratings = random_lists(k, seed=k, most_targets=most_targets)
    listed = np.zeros(ratings.shape)
    np.put_along_axis(listed, lists, np.arange(k, 0, -1)[None].repeat(len(lists), 0), axis=1)
    hits = np.take_along_axis(ratings, lists, axis=1) > 0
    n_targets = (ratings > 0).sum(axis=1)
    for viewer, (scores, row) in enumerate(zip(listed, ratings > 0, strict=True)):
        own = hits[[viewer]], n_targets[[viewer]]
        theirs = dcg_score([row], [scores], k=k, ignore_ties=True)
        assert dcg(*own) == pytest.approx([theirs], abs=1e-12)
        for beta in (1.0, 0.5, 2.0):
            theirs = fbeta_score(row, scores > 0, beta=beta, zero_division=0)
            assert f_score(*own, beta=beta) == pytest.approx([theirs], abs=1e-12)


@pytest.mark.parametrize("k", [1, 5, 20])
@pytest.mark.parametrize("p", [Fraction(1, 2), Fraction(4, 5), Fraction(19, 20)])
def test_rank_biased_precision_is_the_sum_in_exact_fractions(p: Fraction, k: int) -> None:
    lists, ratings = random_lists(k, seed=k, most_targets=10)
    hits = np.take_along_axis(ratings, lists, axis=1) > 0
    n_targets = (ratings > 0).sum(axis=1)
    plain = rank_biased_precision(hits, n_targets, persistence=float(p))
    normal = rank_biased_precision(hits, n_targets, persistence=float(p), best="targets")
    for viewer, row in enumerate(hits):
        gained = (1 - p) * sum((p**rank for rank in np.flatnonzero(row).tolist()), Fraction(0))
        best = (1 - p) * sum(p**rank for rank in range(min(k, n_targets[viewer])))
        assert plain[viewer] == pytest.approx(float(gained), abs=1e-12)
        assert normal[viewer] == pytest.approx(float(gained / best), abs=1e-12)


@settings(deadline=None)
@given(
    row=st.lists(st.booleans(), min_size=2, max_size=15),
    others=st.integers(0, 5),
    at=st.integers(0, 13),
)
@pytest.mark.parametrize("metric", [*MEASURES.values(), dcg, f_score, rank_biased_precision])
def test_one_more_hit_or_a_hit_moved_up_never_lowers_a_value(
    metric: Callable[..., NDArray[np.float64]], row: list[bool], others: int, at: int
) -> None:
    at %= len(row) - 1
    targets = np.array([len(row) + others])
    more, below, above = list(row), list(row), list(row)
    more[at] = True
    below[at : at + 2] = sorted(row[at : at + 2])
    above[at : at + 2] = sorted(row[at : at + 2], reverse=True)
    for better, worse in ((more, row), (above, below)):
        assert metric(np.array([better]), targets)[0] >= metric(np.array([worse]), targets)[0]
