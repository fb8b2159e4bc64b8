"""Serendipity by hand and against loops; RecTools' form is in `test_peers`."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from matinee.metrics.serendipity import among, popularity_ranks, serendipity, unexpected_hits

COUNTS = np.array([9, 4, 4, 1, 0])


@pytest.mark.parametrize(("ties", "method"), [("dense", "dense"), ("competition", "min")])
def test_popularity_ranks_are_scipys(ties: str, method: str) -> None:
    counts = np.random.default_rng(0).integers(0, 20, 200)
    ours = popularity_ranks(counts, ties)  # type: ignore[arg-type]
    np.testing.assert_array_equal(ours, rankdata(-counts, method=method))


def test_a_hit_of_an_unrated_film_counts_fully_and_of_the_top_film_not_at_all() -> None:
    items, hits = np.array([[4], [0]]), np.array([[True], [True]])
    assert serendipity(items, hits, np.array([1, 1]), COUNTS).tolist() == [1.0, 0.0]


def test_competition_ranks_give_more_serendipity() -> None:
    # film 3 is fourth, densely third: 5/5 - 2/5 and 5/5 - 3/5
    items, hits, one = np.array([[3]]), np.array([[True]]), np.array([1])
    assert serendipity(items, hits, one, COUNTS, ties="competition") == pytest.approx([0.6])
    assert serendipity(items, hits, one, COUNTS) == pytest.approx([0.4])


def test_only_hits_are_serendipitous() -> None:
    items, hits = np.array([[4, 3]]), np.array([[False, False]])
    assert serendipity(items, hits, np.array([2]), COUNTS).tolist() == [0.0]


def test_an_empty_list_has_no_serendipity() -> None:
    items, hits = np.array([[-1, -1]]), np.array([[False, False]])
    assert serendipity(items, hits, np.array([2]), COUNTS).tolist() == [0.0]


def test_unexpected_hits_agree_with_sets() -> None:
    rng = np.random.default_rng(1)
    items = np.argsort(rng.random((50, 30)), axis=1)[:, :8]
    usual = np.argsort(rng.random((50, 30)), axis=1)[:, :8]
    hits = rng.random((50, 8)) < 0.4
    items[5, 4:], hits[5, 4:], usual[6, 2:] = -1, False, -1
    ours = unexpected_hits(items, hits, np.full(50, 9), usual)
    for viewer in range(50):
        found = set(items[viewer][hits[viewer]].tolist()) - set(usual[viewer].tolist())
        assert ours[viewer] == len(found) / 8
    viewers, ranks = np.nonzero(hits)
    films = items[viewers, ranks]
    in_blocks = among(films, viewers, usual, block=24)
    np.testing.assert_array_equal(in_blocks, among(films, viewers, usual))


def test_popularity_itself_is_never_unexpected() -> None:
    items = np.array([[3, 1, 2]])
    assert unexpected_hits(items, items > 0, np.array([3]), items).tolist() == [0.0]
