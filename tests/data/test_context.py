"""When ratings were given, beside the ratings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.split_examples import some_interactions

from matinee.data import Catalog, Film, Interactions
from matinee.data.splits import Split, folds, random
from matinee.models import create


def test_other_protocols_than_folds_say_nothing_of_times(planted: Interactions) -> None:
    assert random(planted, 0)[0].test.context is None


@given(some_interactions(), st.integers(0, 5))
def test_folds_say_of_every_rating_when_it_was_given(interactions: Interactions, seed: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, 2, len(interactions)).astype(np.int8)
    drawn[:2] = 0, 1
    when = {
        (user, item): time
        for user, item, time in zip(
            interactions.users.tolist(),
            interactions.items.tolist(),
            interactions.times.tolist(),
            strict=True,
        )
    }
    for division in folds(interactions, drawn, seed):
        for split in division:
            check(split, when)
            check(split.take(np.arange(len(split.users))[::-1]), when)


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
