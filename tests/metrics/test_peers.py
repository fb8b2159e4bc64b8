"""Our values against those of ranx, RecTools, LensKit, RecBole and Microsoft's recommenders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.metrics import peers

from matinee.metrics import (
    coverage,
    diversity,
    gain,
    novelty,
    popularity,
    ranking,
    serendipity,
    whole_ranking,
)

Ours = Callable[[int], Any]


def of_hits(function: Callable[..., Any], **options: Any) -> Ours:
    return lambda k: function(peers.hits(k), peers.n_targets(), **options)


def of_gains(**options: Any) -> Ours:
    return lambda k: gain.graded_ndcg(peers.gains(k), peers.ideal(k), **options)


def at_own_length(function: Callable[..., Any], **options: Any) -> Ours:
    """Values computed length by length, as in libraries without padding."""

    def compute(k: int) -> NDArray[np.float64]:
        lengths = np.count_nonzero(peers.items(k) >= 0, axis=1)
        return np.array(
            [
                function(peers.hits(k)[[row], :own], peers.n_targets()[[row]], **options)[0]
                for row, own in enumerate(lengths)
            ]
        )

    return compute


def r_precision_of_lists() -> NDArray[np.float64]:
    """Metrics of lists at their own length; a missing target has no rank."""
    positions = [
        films.index(int(film)) + 1 if int(film) in films else 10**6
        for films, targets in zip(peers.GIVEN["lists"], peers.GIVEN["targets"], strict=True)
        for film in targets
    ]
    bounds = np.concatenate([[0], np.cumsum(peers.n_targets())])
    return whole_ranking.r_precision(np.array(positions), bounds)


def full(k: int) -> NDArray[np.int32]:
    return peers.items(k)[: peers.N_FULL]


def co_rating(k: int) -> NDArray[np.float64]:
    return diversity.co_rating_diversity(peers.items(k), peers.train())


_ACCURACY: dict[str, Ours] = {
    "precision": of_hits(ranking.precision),
    "recall": of_hits(ranking.recall),
    "map": of_hits(ranking.average_precision),
    "mrr": of_hits(ranking.reciprocal_rank),
    "hit rate": of_hits(ranking.hit_rate),
    "ndcg": of_hits(gain.ndcg),
}
_CAPPED = of_hits(ranking.average_precision, denominator="capped")
_N_VIEWERS = peers.train().shape[0]

OURS: dict[str, dict[str, Ours]] = {
    "ranx": {
        **_ACCURACY,
        "hit_rate": of_hits(ranking.hit_rate),
        "ndcg": of_gains(),
        "ndcg_burges": of_gains(gain="exponential"),
        "r-precision, uncut": lambda _: r_precision_of_lists(),
        "mrr, uncut": lambda _: of_hits(ranking.reciprocal_rank)(10),
    },
    "RecTools": {
        **_ACCURACY,
        "ndcg": of_hits(gain.ndcg, perfect="k"),
        "ndcg, achievable": of_hits(gain.ndcg),
        "popularity": lambda k: (
            popularity.mean_popularity(peers.items(k), peers.item_counts(), _N_VIEWERS) * _N_VIEWERS
        ),
        "popularity, share of ratings": lambda k: popularity.mean_popularity(
            peers.items(k), peers.item_counts(), peers.train().nnz
        ),
        "miuf": lambda k: novelty.self_information(
            peers.items(k), peers.item_counts(), _N_VIEWERS, unrated="once"
        ),
        "serendipity": lambda k: serendipity.serendipity(
            peers.items(k), peers.hits(k), peers.n_targets(), peers.item_counts()
        ),
        "diversity, hamming": lambda k: diversity.intra_list_diversity(
            peers.items(k), peers.genres(), distance="hamming"
        ),
        "coverage": lambda k: [coverage.catalogue_coverage(peers.items(k), peers.N_FILMS)],
        "r-precision": of_hits(ranking.recall, denominator="capped"),
    },
    "LensKit": {
        **_ACCURACY,
        "precision": at_own_length(ranking.precision),
        "recall": of_hits(ranking.recall, denominator="capped"),
        "map": at_own_length(ranking.average_precision, denominator="capped"),
        "ndcg": of_hits(gain.ndcg, discount="log2(rank)"),
        "ndcg, ratings": of_gains(discount="log2(rank)"),
        "gini": lambda k: [coverage.gini(peers.items(k), peers.N_FILMS)],
    },
    "RecBole": {
        **_ACCURACY,
        "map": _CAPPED,
        "coverage, full lists": lambda k: [coverage.catalogue_coverage(full(k), peers.N_FILMS)],
        "gini, full lists": lambda k: [coverage.gini(full(k), peers.N_FILMS)],
        "entropy, full lists": lambda k: [
            coverage.entropy(full(k), peers.N_FILMS) * np.log(2) / len(np.unique(full(k)))
        ],
    },
    "Microsoft": {
        **_ACCURACY,
        "map at k": _CAPPED,
        "ndcg, ratings": of_gains(),
        "ndcg, exponential": of_gains(gain="exponential"),
        "diversity, co-rating": co_rating,
    },
}
COMPARED = [
    (library, measure) for library in peers.LIBRARIES for measure in peers.measures(library)
]


@pytest.mark.parametrize("k", peers.KS)
@pytest.mark.parametrize(("library", "measure"), COMPARED)
def test_our_values_are_theirs(library: str, measure: str, k: int) -> None:
    theirs = peers.values(library, measure, k)
    ours = np.asarray(OURS[library][measure](k))
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_all_five_libraries_are_recorded() -> None:
    assert set(peers.LIBRARIES) == {"ranx", "RecTools", "LensKit", "RecBole", "Microsoft"}
    assert all(part["version"] for part in peers.LIBRARIES.values())


def test_the_lists_expose_differences_of_definition() -> None:
    lengths = np.count_nonzero(peers.items(10) >= 0, axis=1)
    assert lengths.min() < 10, "a list that is shorter than k"
    assert peers.n_targets().max() > 10, "a viewer with more targets than ranks"
    assert (peers.item_counts() == 0).any(), "a film that nobody rated"
    assert (np.diff(peers.genres().indptr) == 0).any(), "a film without a genre"
    assert not peers.hits(3).any(axis=1).all(), "a list without a hit"
