"""Shortlists: which films are on them, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Interactions
from matinee.models import Model
from matinee.models._blend.shortlist import (
    Shortlists,
    WeightedScores,
    film_facts,
    seen_films,
    shortlists,
    standardised,
    weighted_scores,
)

Scores = NDArray[np.float32]
FACTS = np.array([[1, 1990, 4], [2, 2000, 3], [3, 2010, 2], [4, 2020, 1]], dtype=np.float32)


def listed(parts: list[Scores], seen: NDArray[np.bool_], length: int) -> Shortlists:
    return shortlists(WeightedScores(parts, seen, parts[0]), FACTS, length)


def test_the_first_unseen_films_of_every_part_are_on_it_with_their_features() -> None:
    parts = [
        np.array([[9, 5, 1, 2]], dtype=np.float32),
        np.array([[0, 1, 4, 2]], dtype=np.float32),
    ]
    lists = listed(parts, np.array([[True, False, False, False]]), 1)
    np.testing.assert_array_equal(lists.rows, [0, 0])
    np.testing.assert_array_equal(lists.items, [1, 2])
    log = np.log1p
    expected = [
        [5, log(1), 0, 1, log(3), 3, log(1), 2, 2000, 3, 2 - 1, 2000 - 1990],
        [1, log(3), 4, 4, log(1), 0, log(1), 3, 2010, 2, 3 - 1, 2010 - 1990],
    ]
    np.testing.assert_allclose(lists.features, expected, rtol=1e-6)
    assert lists.features.dtype == np.float32


def test_films_that_share_the_last_place_are_not_put_forward() -> None:
    scores = np.array([[3, 1, 1, 0], [2, 2, 2, 2]], dtype=np.float32)
    lists = listed([scores], np.zeros((2, 4), dtype=np.bool_), 2)
    np.testing.assert_array_equal(lists.rows, [0])
    np.testing.assert_array_equal(lists.items, [0])


@pytest.mark.parametrize("length", [3, 4, 9])
def test_a_list_longer_than_the_unseen_films_has_all_of_them(length: int) -> None:
    scores = np.array([[3, 2, 1, 0]], dtype=np.float32)
    lists = listed([scores], np.array([[False, True, False, False]]), length)
    np.testing.assert_array_equal(lists.items, [0, 2, 3])


def test_scores_are_measured_by_the_unseen_films() -> None:
    scores = np.array([[100, 1, 3], [7, 7, 7]], dtype=np.float32)
    seen = seen_films(sp.csr_array(np.array([[1, 0, 0], [0, 0, 0]], dtype=np.float32)))
    np.testing.assert_allclose(standardised(scores, seen), [[98, -1, 1], [0, 0, 0]], atol=1e-6)


def test_a_viewer_who_has_seen_everything_has_no_list() -> None:
    scores, seen = np.ones((1, 4), np.float32), np.ones((1, 4), np.bool_)
    assert np.isfinite(standardised(scores, seen)).all()
    assert len(listed([scores], seen, 2).rows) == 0


def test_facts_of_films_are_popularity_year_and_mean_rating(
    ratings: Callable[..., Interactions],
) -> None:
    interactions = ratings([[5, 0, 3], [5, 0, 0]])
    films = [Film(id="0", title="A", year=1990), Film(id="1", title="B")]
    catalog = Catalog.of([*films, Film(id="2", title="C", year=1992)])
    facts = film_facts(interactions, catalog)
    assert facts.dtype == np.float32
    np.testing.assert_allclose(facts[:, 0], np.log1p([2e5 / 3, 0, 1e5 / 3]), rtol=1e-6)
    np.testing.assert_array_equal(facts[:, 1], [1990, 1991, 1992])
    assert facts[0, 2] > facts[1, 2] > facts[2, 2]


def test_lists_of_groups_of_viewers_are_those_of_all_together() -> None:
    scores = np.random.default_rng(0).random((6, 4)).astype(np.float32)
    seen = np.zeros((6, 4), dtype=np.bool_)
    whole = listed([scores], seen, 2)
    groups = [listed([scores[rows]], seen[rows], 2) for rows in (slice(0, 4), slice(4, 6))]
    joined = Shortlists.together([groups[0], groups[1].moved(4)])
    for name in ("rows", "items", "features"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))


def test_parts_are_weighed_by_the_length_of_the_history(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    models = [fit("ease", planted), fit("item-knn", planted)]
    histories = planted.matrix[:2].toarray()
    histories[1, np.flatnonzero(histories[1])[3:]] = 0
    arrays = {"bounds": np.array([10]), "weights": np.array([[1, 0], [0.2, 0.8]], np.float32)}
    scores = weighted_scores(models, arrays, sp.csr_array(histories))
    ease, neighbours = scores.parts
    np.testing.assert_allclose(scores.weighted[0], 0.2 * ease[0] + 0.8 * neighbours[0], rtol=1e-5)
    np.testing.assert_allclose(scores.weighted[1], ease[1], rtol=1e-6)
    np.testing.assert_array_equal(scores.seen, histories > 0)
