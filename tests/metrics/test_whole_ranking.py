"""Metrics of full rankings against trec_eval and scikit-learn; ties count against the model."""

from __future__ import annotations

import numpy as np
import pytest
import pytrec_eval
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from matinee.experiments.measuring.ranking import RankedLists, ranked_lists
from matinee.metrics.gain import ndcg
from matinee.metrics.ranking import average_precision, precision, reciprocal_rank
from matinee.metrics.whole_ranking import (
    area_under_roc,
    percentile_rank,
    r_precision,
    uncut_reciprocal_rank,
)

N, N_FILMS = 60, 40
Scores = NDArray[np.float32]


def problem(distinct: int, seed: int) -> tuple[Scores, NDArray[np.bool_]]:
    """Scores with `distinct` values, and which films are targets, at least one and not all."""
    rng = np.random.default_rng(seed)
    scores = rng.permutation(N_FILMS * N).reshape(N, N_FILMS) % distinct
    role = np.argsort(rng.random((N, N_FILMS)), axis=1)
    return scores.astype(np.float32), role < rng.integers(1, 20, (N, 1))


def ranked(scores: Scores, target: NDArray[np.bool_], k: int = N_FILMS) -> RankedLists:
    nothing = sp.csr_array(scores.shape, dtype=np.float32)
    return ranked_lists(scores, sparse(target), nothing, k, positions=True)


def sparse(target: NDArray[np.bool_]) -> sp.csr_array:
    return sp.csr_array(target.astype(np.float32))


def bounds(target: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(target.sum(axis=1))])


def trec_eval(measure: str, scores: Scores, target: NDArray[np.bool_]) -> NDArray[np.float64]:
    """trec_eval sorts ties by descending name, so targets get the first names."""
    names = np.where(target, "a", "b") + np.array([f"{film:03}" for film in range(N_FILMS)])
    qrels = {
        f"{viewer:03}": {str(film): 1 for film in row[target[viewer]]}
        for viewer, row in enumerate(names)
    }
    run = {
        f"{viewer:03}": dict(zip(map(str, row), map(float, scores[viewer]), strict=True))
        for viewer, row in enumerate(names)
    }
    answer = pytrec_eval.RelevanceEvaluator(qrels, {measure}).evaluate(run)
    return np.array([answer[viewer][measure.replace(".", "_")] for viewer in sorted(answer)])


@pytest.mark.parametrize("distinct", [3, 12, N * N_FILMS])
def test_r_precision_and_reciprocal_rank_agree_with_trec_eval(distinct: int) -> None:
    scores, target = problem(distinct, seed=distinct)
    positions = ranked(scores, target).positions
    ours = r_precision(positions, bounds(target))
    np.testing.assert_allclose(ours, trec_eval("Rprec", scores, target), rtol=0, atol=1e-12)
    ours = uncut_reciprocal_rank(positions, bounds(target))
    np.testing.assert_allclose(ours, trec_eval("recip_rank", scores, target), rtol=0, atol=1e-12)


@pytest.mark.parametrize("distinct", [3, 12, N * N_FILMS])
def test_lists_with_ties_agree_with_trec_eval_if_ties_count_against_the_model(
    distinct: int,
) -> None:
    scores, target = problem(distinct, seed=distinct + 1)
    hits = ranked(scores, target, 10).hits
    for measure, metric in (
        ("P.10", precision),
        ("map_cut.10", average_precision),
        ("ndcg_cut.10", ndcg),
    ):
        theirs = trec_eval(measure, scores, target)
        np.testing.assert_allclose(metric(hits, target.sum(axis=1)), theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("distinct", [3, 12, N * N_FILMS])
def test_auc_is_scikit_learns_with_ties_counted_as_wrong(distinct: int) -> None:
    scores, target = problem(distinct, seed=distinct + 2)
    ours = area_under_roc(ranked(scores, target).positions, bounds(target), np.full(N, N_FILMS))
    lost = scores.astype(np.float64) - 0.5 * target  # a target that ties is now below
    strict = [roc_auc_score(target[viewer], lost[viewer]) for viewer in range(N)]
    np.testing.assert_allclose(ours, strict, rtol=0, atol=1e-12)
    half = [roc_auc_score(target[viewer], scores[viewer]) for viewer in range(N)]
    if distinct == N * N_FILMS:
        np.testing.assert_allclose(ours, half, rtol=0, atol=1e-12)
    else:
        assert (ours <= np.array(half) + 1e-12).all()
        assert ours.mean() < np.mean(half)


@pytest.mark.parametrize("distinct", [3, N * N_FILMS])
def test_percentile_ranks_are_those_of_a_plain_loop(distinct: int) -> None:
    scores, target = problem(distinct, seed=distinct + 3)
    positions = ranked(scores, target).positions
    ours = percentile_rank(positions, bounds(target), np.full(N, N_FILMS))
    for viewer, own in enumerate(np.split(positions, bounds(target)[1:-1])):
        percentiles = [(rank - 1) / (N_FILMS - 1) for rank in own.tolist()]
        assert ours[viewer] == pytest.approx(sum(percentiles) / len(percentiles), abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32 - 1))
def test_swapping_tied_films_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, (1, N_FILMS)).astype(np.float32)
    target = rng.random((1, N_FILMS)) < 0.3
    target[0, 0], target[0, 1] = True, False
    order = rng.permutation(N_FILMS)
    one, other = ranked(scores, target), ranked(scores[:, order], target[:, order])
    n_ranked = np.array([N_FILMS])
    for measure in (area_under_roc, percentile_rank):
        assert measure(one.positions, bounds(target), n_ranked) == pytest.approx(
            measure(other.positions, bounds(target), n_ranked), abs=1e-12
        )
    for metric in (precision, average_precision, ndcg, reciprocal_rank):
        values = [metric(each.hits[:, :10], target.sum(axis=1)) for each in (one, other)]
        assert values[0] == pytest.approx(values[1], abs=1e-12)


def test_a_seen_target_is_behind_all_others_and_without_others_there_is_no_value() -> None:
    # ranks 2 of 4 ranked films, and one beyond them: (1 + 3) of 2 * 3 pairs are wrong
    positions, ends, n_ranked = np.array([2, 5]), np.array([0, 2]), np.array([4])
    assert area_under_roc(positions, ends, n_ranked).tolist() == [pytest.approx(2 / 6)]
    assert percentile_rank(positions, ends, n_ranked).tolist() == [pytest.approx((1 / 3 + 1) / 2)]
    # the first viewer's only unseen film is the target, the second has no target
    positions, ends, n_ranked = np.array([1]), np.array([0, 1, 1]), np.array([1, 9])
    assert np.isnan(area_under_roc(positions, ends, n_ranked)).all()
    assert np.isnan(percentile_rank(positions, ends, n_ranked)).all()
    assert r_precision(positions, ends)[0] == 1.0
