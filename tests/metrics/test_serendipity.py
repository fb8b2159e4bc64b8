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


@pytest.mark.parametrize(
    ("films", "hit", "dense", "competition"),
    [
        ([4], True, 1.0, 1.0),  # nobody rated it
        ([0], True, 0.0, 0.0),  # the most popular film
        ([3], True, 0.4, 0.6),  # 5/5 - 3/5 as the third, 5/5 - 2/5 as the fourth
        ([4, 3], False, 0.0, 0.0),
        ([-1, -1], False, 0.0, 0.0),
    ],
)
def test_serendipity_by_hand(
    films: list[int], *, hit: bool, dense: float, competition: float
) -> None:
    items, hits, one = np.array([films]), np.full((1, len(films)), hit), np.array([1])
    assert serendipity(items, hits, one, COUNTS) == pytest.approx([dense])
    by_competition = serendipity(items, hits, one, COUNTS, ties="competition")
    assert by_competition == pytest.approx([competition])


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
    assert not unexpected_hits(items, hits, np.full(50, 9), items).any()
    in_blocks = among(films, viewers, usual, block=24)
    np.testing.assert_array_equal(in_blocks, among(films, viewers, usual))
