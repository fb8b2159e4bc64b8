"""Parts of a split: warm and cold, against a ranking made anew without the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import mean_absolute_error, root_mean_squared_error
from tests.experiments.toy_models import FilmMeans, Together

from matinee import metrics
from matinee.data import Catalog, Dataset, Interactions
from matinee.data.splits import Split, random, time
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.group_results import group_results
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.recipes import Recipe

NDCG, RECALL = metrics.get("ndcg"), metrics.get("recall")
WANTED = {"ndcg@3": (NDCG, 3), "ndcg@10": (NDCG, 10), "recall@10": (RECALL, 10)}


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_part_of_the_targets_is_ranked_as_if_the_others_were_seen(
    planted: Interactions, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    whole = random(planted, 0)[0].test
    scores = rng.integers(0, 30, whole.targets.shape).astype(np.float32)
    inside = rng.random(whole.targets.nnz) < 0.5
    split = replace(whole, target_groups={"some": inside})
    lists = ranked_lists(scores, split.targets, split.seen, 10, positions=True)
    found = group_results(split, lists, WANTED)
    if not inside.any():
        assert found == {}
        return
    rest = entries_of(split.targets, inside)
    others = sp.csr_array(split.seen + entries_of(split.targets, ~inside))
    alone = ranked_lists(scores, rest, others, 10, positions=True)
    n_targets = np.diff(rest.indptr)
    assert found["some"].targets == inside.sum()
    assert found["some"].viewers == np.count_nonzero(n_targets)
    for label, (metric, k) in WANTED.items():
        expected = np.nanmean(metric.function(alone.hits[:, :k], n_targets))
        assert found["some"].means[label] == pytest.approx(expected)


def entries_of(matrix: sp.csr_array, inside: NDArray[np.bool_]) -> sp.csr_array:
    entries = matrix.tocoo()
    return sp.csr_array(
        (entries.data[inside], (entries.row[inside], entries.col[inside])), shape=matrix.shape
    )


def test_a_part_of_the_viewers_has_their_mean(planted: Interactions) -> None:
    whole = random(planted, 0)[0].test
    scores = np.random.default_rng(0).random(whole.targets.shape, dtype=np.float32)
    first = np.arange(len(whole.users)) < 10
    split = replace(whole, viewer_groups={"first": first, "nobody": np.zeros_like(first)})
    lists = ranked_lists(scores, split.targets, split.seen, 10, positions=True)
    groups = group_results(split, lists, WANTED | {"auc": (metrics.get("auc"), 10)})
    assert set(groups) == {"first"}
    values = NDCG.function(lists.hits, np.diff(split.targets.indptr))
    assert groups["first"].means["ndcg@10"] == pytest.approx(values[:10].mean())
    assert groups["first"].viewers == 10
    assert set(groups["first"].means) == set(WANTED)


@pytest.fixture(scope="module")
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    """Half of the last viewers come late, and the last film as well."""
    times = planted.times.copy()
    times[planted.users >= 50] += 10_000
    times[planted.items == 39] += 20_000
    return Dataset("planted", replace(planted, times=times), planted_catalog, "ours")


def test_cold_rows_are_reported_separately_and_count(dataset: Dataset) -> None:
    comparison = evaluate([Together()], dataset, "time")
    (split,) = comparison.results[0].splits
    (test,) = comparison.tests
    assert set(split.groups) == {"known viewers", "new viewers", "known films", "new films"}
    new = split.groups["new viewers"]
    assert new.viewers == np.count_nonzero(np.diff(test.histories.ratings.indptr) == 0) > 0
    assert new.targets + split.groups["known viewers"].targets == test.targets.nnz
    assert split.groups["new films"].targets == np.count_nonzero(test.targets.indices == 39) > 0
    by_part = (new.viewers, split.groups["known viewers"].viewers)
    means = (new.means["ndcg@10"], split.groups["known viewers"].means["ndcg@10"])
    assert split.means["ndcg@10"] == pytest.approx(np.average(means, weights=by_part))


def test_parts_of_predicted_ratings_have_the_errors_of_their_own_targets(dataset: Dataset) -> None:
    items = dataset.interactions.items
    once = np.append(np.flatnonzero(items != 39), np.flatnonzero(items == 39)[:1])
    few = replace(dataset, interactions=dataset.interactions.select(np.sort(once)))
    (result,) = evaluate(Recipe([FilmMeans()], protocol="ratings", folds=5), few).results
    names = set()
    for split, (_, test) in zip(
        result.splits, divide("ratings", few, cut=Cut(folds=5)), strict=True
    ):
        model = FilmMeans().fit(test.train, few.catalog, rng=np.random.default_rng(0))
        predicted = model.predictions(test.histories, test.wanted)
        viewers = np.repeat(test.users, np.diff(test.targets.indptr))
        masks = {
            "known viewers": np.isin(viewers, test.train.users),
            "known films": np.isin(test.targets.indices, test.train.items),
        }
        masks |= {name.replace("known", "new"): ~inside for name, inside in masks.items()}
        assert set(split.groups) == {name for name, inside in masks.items() if inside.any()}
        for name, part in split.groups.items():
            truth, answer = test.targets.data[masks[name]], predicted[masks[name]]
            assert part.targets == len(truth)
            assert part.viewers == len(np.unique(viewers[masks[name]]))
            assert part.means["rmse"] == pytest.approx(root_mean_squared_error(truth, answer))
            assert part.means["mae"] == pytest.approx(mean_absolute_error(truth, answer))
            assert "interval-width" not in part.means  # this model has no intervals
        names |= set(split.groups)
    assert "new films" in names


def test_the_document_holds_parts_and_notes(dataset: Dataset) -> None:
    document = evaluate([Together()], dataset, "time").to_json()
    part = document["results"][0]["splits"][0]["parts"]["new films"]
    assert part["viewers"] > 0
    assert 0 <= part["metrics"]["recall@10"] <= 1
    (noted,) = document["notes"]
    assert "that nobody rated before" in noted["notes"][0]


def test_a_ledger_restores_groups_notes_and_audits(dataset: Dataset, tmp_path: Path) -> None:
    recipe = Recipe([("popular", {})], protocol="time", audit=True)
    first, second = (
        evaluate(recipe, dataset, ledger=Ledger(tmp_path)).results[0] for _ in range(2)
    )
    assert second.splits[0].groups == first.splits[0].groups
    assert second.splits[0].notes == first.splits[0].notes
    assert second.splits[0].audit == first.splits[0].audit is not None
    (plain,) = evaluate([("popular", {})], dataset, "time", ledger=Ledger(tmp_path)).results
    assert plain.splits[0].audit is None


def test_the_split_of_a_validation_has_no_parts(planted: Interactions) -> None:
    validation: Split = time(planted)[0].validation
    assert validation.viewer_groups == validation.target_groups == {}
