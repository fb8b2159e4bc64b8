"""When ratings were given, beside the ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.splits.examples import some_interactions

from matinee.data import Attributes, Catalog, Film, Interactions
from matinee.data.splits import (
    Division,
    Split,
    cold,
    cold_viewers,
    folds,
    last,
    prequential,
    random,
    strong,
    time,
)
from matinee.models import create

RANKING: dict[str, Callable[[Interactions], tuple[Division, ...]]] = {
    "random": lambda interactions: random(interactions, 0),
    "strong": lambda interactions: strong(interactions, 0),
    "last": last,
    "time": time,
    "cold": lambda interactions: cold(interactions, 0),
    "cold-viewers": lambda interactions: cold_viewers(interactions, 0, (0, 2)),
    "prequential": lambda interactions: prequential(interactions, 0),
}


@pytest.mark.parametrize("protocol", RANKING.values(), ids=RANKING)
def test_where_films_are_ranked_nothing_is_said_of_when_the_targets_were_watched(
    protocol: Callable[[Interactions], tuple[Division, ...]], planted: Interactions
) -> None:
    words = [(f"viewer={viewer}",) for viewer in range(planted.n_users)]
    seconds = 1_000_000 + np.arange(len(planted), dtype=np.int64)[::-1] * 60
    described = replace(planted, times=seconds, attributes=Attributes.of_words(words))
    when = moments(described)
    for division in protocol(described):
        for split in division:
            assert split.context is not None
            assert split.context.wanted.nnz == 0
            users = np.repeat(split.users, np.diff(split.histories.indptr)).tolist()
            pairs = zip(users, split.histories.indices.tolist(), strict=True)
            assert split.context.history_times.tolist() == [when[pair] for pair in pairs]
            known = [split.context.rest_of(row)[1] for row in range(len(split.users))]
            assert known == [(f"viewer={user}",) for user in split.users.tolist()]


def test_without_times_and_attributes_there_is_nothing_to_know(planted: Interactions) -> None:
    timeless = replace(planted, times=np.zeros(len(planted), dtype=np.int64))
    assert random(timeless, 0)[0].test.context is None
    assert cold_viewers(timeless, 0)[0].validation.context is None


@given(some_interactions(), st.integers(0, 5))
def test_folds_say_of_every_rating_when_it_was_given(interactions: Interactions, seed: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, 2, len(interactions)).astype(np.int8)
    drawn[:2] = 0, 1
    when = moments(interactions)
    for division in folds(interactions, drawn, seed):
        for split in division:
            check(split, when)
            check(split.take(np.arange(len(split.users))[::-1]), when)


def moments(interactions: Interactions) -> dict[tuple[int, int], int]:
    columns = (interactions.users, interactions.items, interactions.times)
    triples = zip(*(column.tolist() for column in columns), strict=True)
    return {(user, item): time for user, item, time in triples}


def check(split: Split, when: dict[tuple[int, int], int]) -> None:
    assert split.context is not None
    for ratings, times in (
        (split.histories, split.context.history_times),
        (split.targets, split.context.wanted_times),
    ):
        users = np.repeat(split.users, np.diff(ratings.indptr)).tolist()
        pairs = zip(users, ratings.indices.tolist(), strict=True)
        assert times.dtype == np.int64
        assert times.tolist() == [when[pair] for pair in pairs]


def test_a_model_that_does_not_ask_answers_the_same(planted: Interactions) -> None:
    films = Catalog.of(Film(str(each), "Film") for each in planted.item_ids.ids)
    model = create("svd").fit(planted, films, rng=np.random.default_rng(0))
    drawn = np.arange(len(planted)) % 2
    test = folds(planted, drawn.astype(np.int8), 0)[0].test
    if test.context is None:
        pytest.fail("folds say when")
    np.testing.assert_array_equal(
        model.predictions_at(test.histories, test.wanted, test.context),
        model.predictions(test.histories, test.wanted),
    )
    assert model.intervals_at(test.histories, test.wanted, test.context) is None
