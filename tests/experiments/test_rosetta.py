"""One list under five definitions: against the libraries themselves."""

from __future__ import annotations

import numpy as np
import pytest
import pytrec_eval
from tests.metrics import peers

from matinee.errors import OptionError
from matinee.experiments.rosetta import GRADED, LIBRARIES, MEASURES, JudgedList

NAMES = {
    "precision": "precision",
    "recall": "recall",
    "MAP": "map",
    "NDCG": "ndcg",
    "MRR": "mrr",
    "hit rate": "hit rate",
    "NDCG, ratings": "ndcg, ratings",
    "NDCG, 2^rating-1": "ndcg, exponential",
}
"""Measures as the recorded answers call them; Microsoft's MAP with a cut is `map_at_k`."""
TREC_EVAL = {
    "precision": "P.{k}",
    "recall": "recall.{k}",
    "MAP": "map_cut.{k}",
    "NDCG": "ndcg_cut.{k}",
    "MRR": "recip_rank",
    "hit rate": "success.{k}",
    "NDCG, ratings": "ndcg_cut.{k}",
}
EVERY = {**MEASURES, **GRADED}


def judged(viewer: int, k: int) -> JudgedList:
    films, targets = peers.GIVEN["lists"][viewer], peers.GIVEN["targets"][viewer]
    found = [str(film) for film in films if str(film) in targets]
    missed = [film for film in targets if film not in found]
    return JudgedList.of(
        [str(film) in targets for film in films],
        len(targets),
        k,
        [targets[film] for film in (*found, *missed)],
    )


@pytest.mark.parametrize("k", peers.KS)
@pytest.mark.parametrize(
    ("measure", "library"),
    [(name, each) for name, row in EVERY.items() for each in row if each != "trec_eval"],
)
def test_the_value_is_the_librarys_own(measure: str, library: str, k: int) -> None:
    microsoft_map = (measure, library) == ("MAP", "Microsoft")
    theirs = peers.values(library, "map at k" if microsoft_map else NAMES[measure], k)
    ours = [EVERY[measure][library].compute(judged(viewer, k)) for viewer in range(peers.N)]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("k", peers.KS)
@pytest.mark.parametrize("measure", [name for name, row in EVERY.items() if "trec_eval" in row])
def test_the_value_is_trec_evals_own(measure: str, k: int) -> None:
    graded = measure in GRADED
    key = TREC_EVAL[measure].format(k=k)
    for viewer in range(peers.N):
        targets = peers.GIVEN["targets"][viewer]
        qrels = {film: rating if graded else 1 for film, rating in targets.items()}
        run = {str(film): -float(rank) for rank, film in enumerate(peers.GIVEN["lists"][viewer])}
        answer = pytrec_eval.RelevanceEvaluator({"v": qrels}, {key}).evaluate({"v": run})
        ours = EVERY[measure]["trec_eval"].compute(judged(viewer, k))
        assert ours == pytest.approx(answer["v"][key.replace(".", "_")], abs=1e-12)


def test_every_recorded_library_has_its_measures_here() -> None:
    for library in ("RecTools", "LensKit", "RecBole", "Microsoft"):
        here = {NAMES[name] for name, row in EVERY.items() if library in row}
        assert here == set(peers.measures(library)) & set(NAMES.values())


def test_columns_and_rows_know_the_same_libraries() -> None:
    assert {library for row in EVERY.values() for library in row} == set(LIBRARIES)


def test_definitions_that_are_worded_alike_give_the_same_and_others_differ_somewhere() -> None:
    lists = [judged(viewer, k) for viewer in range(peers.N) for k in (3, 10, 12)]
    for row in EVERY.values():
        values = {
            library: (each.formula, [each.compute(one) for one in lists])
            for library, each in row.items()
        }
        for formula, numbers in values.values():
            for other, others in values.values():
                assert (formula == other) == (numbers == others)


def test_reciprocal_rank_has_no_cut_in_trec_eval() -> None:
    late = JudgedList.of([False, False, False, True], n_targets=1, k=3)
    assert MEASURES["MRR"]["trec_eval"].compute(late) == 1 / 4
    assert MEASURES["MRR"]["RecBole"].compute(late) == 0


@pytest.mark.parametrize(
    ("hits", "targets", "k", "ratings", "said"),
    [
        ([], 1, None, [], "the list has no film"),
        ([True, True], 1, None, [], "at least 2 targets"),
        ([False], 0, None, [], "at least 1 targets"),
        ([True], 1, 0, [], "at least 1, not 0"),
        ([True], 3, None, [5.0], "3 targets need 3 ratings, not 1"),
        ([True], 1, None, [0.0], "must be above 0"),
        ([True], 1, None, [float("nan")], "must be above 0"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    hits: list[bool], targets: int, k: int | None, ratings: list[float], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        JudgedList.of(hits, targets, k, ratings)
