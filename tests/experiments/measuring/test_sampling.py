"""Sampled candidates: their choice, equal for all models, and their labels."""

from __future__ import annotations

import json

import numpy as np
import pytest
import scipy.sparse as sp
from tests.experiments.toy_models import Together

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.splits import Split, cold, random
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.sampling import WARNING, sampled
from matinee.experiments.measuring.scoring import rank_split
from matinee.experiments.recipes import Recipe


@pytest.fixture
def test_split(planted: Interactions) -> Split:
    return random(planted, 0)[0].test


def chosen(split: Split) -> sp.csr_array:
    assert isinstance(split.candidates, sp.csr_array)
    return split.candidates


def test_candidates_are_the_targets_and_n_unseen_others(test_split: Split) -> None:
    few = sampled(test_split, 5)
    ranked = chosen(few).toarray() > 0
    targets = test_split.targets.toarray() > 0
    assert (ranked & targets == targets).all()
    assert (np.count_nonzero(ranked & ~targets, axis=1) == 5).all()
    assert not (ranked & (test_split.seen.toarray() > 0)).any()
    assert few.n_ranked.tolist() == (5 + np.diff(test_split.targets.indptr)).tolist()


def test_each_viewer_has_fixed_candidates(test_split: Split) -> None:
    once, again = (chosen(sampled(test_split, 5)) for _ in range(2))
    assert (once.indices == again.indices).all()
    others = (once.toarray() > 0) & ~(test_split.targets.toarray() > 0)
    assert len(np.unique(others, axis=0)) > len(others) / 2


def test_with_enough_candidates_it_is_full_ranking(
    test_split: Split, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = Together().fit(test_split.train, planted_catalog, rng=np.random.default_rng(0))
    whole, all_drawn = (
        rank_split(model, split, 10, positions=True)
        for split in (test_split, sampled(test_split, planted.n_items))
    )
    np.testing.assert_array_equal(whole.items, all_drawn.items)
    np.testing.assert_array_equal(whole.positions, all_drawn.positions)


def test_nothing_but_candidates_is_ranked(test_split: Split, planted_catalog: Catalog) -> None:
    few = sampled(test_split, 5)
    model = Together().fit(few.train, planted_catalog, rng=np.random.default_rng(0))
    lists = rank_split(model, few, 40, positions=True)
    for row, items in enumerate(lists.items):
        listed = items[items >= 0]
        assert sorted(listed.tolist()) == sorted(chosen(few)[[row]].indices.tolist())
    assert (lists.positions <= np.repeat(few.n_ranked, np.diff(few.targets.indptr))).all()


def test_candidates_are_films_that_the_protocol_ranks(planted: Interactions) -> None:
    ((_, test),) = cold(planted, 0)
    few = sampled(test, 3)
    assert set(chosen(few).indices.tolist()) <= set(np.flatnonzero(test.candidates).tolist())  # type: ignore[arg-type]


def test_every_label_and_the_receipt_are_marked(dataset: Dataset) -> None:
    comparison = evaluate(Recipe([Together], candidates=7, audit=True), dataset)
    audit = comparison.results[0].splits[0].audit
    assert audit is not None
    assert audit.label == "ndcg@10 of 7 sampled"
    assert comparison.metric == "ndcg@10 of 7 sampled"
    assert all(label.endswith(" of 7 sampled") for label in comparison.metrics)
    receipt = json.loads(json.dumps(comparison.receipt))
    assert receipt["protocol"]["candidates"] == 7
    assert receipt["protocol"]["warning"] == WARNING
    assert "not comparable with full ranking" in WARNING
    full = evaluate([Together], dataset)
    assert full.receipt["protocol"]["candidates"] is None
    assert "warning" not in full.receipt["protocol"]


def test_options_are_chosen_by_full_ranking(dataset: Dataset) -> None:
    few, full = (evaluate(Recipe([Together], candidates=n), dataset) for n in (2, None))
    assert few.receipt["options_chosen_by"] == "ndcg@10 on validation"
    assert few.results[0].splits[0].trials == full.results[0].splits[0].trials


def test_sampling_flatters(dataset: Dataset) -> None:
    (few,) = evaluate(Recipe([Together()], candidates=5), dataset).results
    (full,) = evaluate([Together()], dataset).results
    assert few.means["ndcg@10 of 5 sampled"] > full.means["ndcg@10"]
