"""Weights of parts: found on what was held back, and halfway back to equal ones."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions, Vocabulary
from matinee.models._blend.held_out import HeldOut
from matinee.models._blend.weights import _searched

_VIEWERS, _FILMS = 60, 100


@pytest.fixture
def held_out() -> HeldOut:
    """Five films that every viewer must find; nothing was shown."""
    rng = np.random.default_rng(0)
    wanted = np.argsort(rng.random((_VIEWERS, _FILMS)), axis=1)[:, :5]
    targets = sp.lil_array((_VIEWERS, _FILMS), dtype=np.float32)
    for row, films in enumerate(wanted):
        targets[row, films] = 1
    nothing = np.empty(0, dtype=np.int32)
    train = Interactions(
        users=nothing,
        items=nothing,
        values=nothing.astype(np.float32),
        times=nothing.astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(_VIEWERS)),
        item_ids=Vocabulary.of("film", range(_FILMS)),
    )
    return HeldOut(train, sp.csr_array((_VIEWERS, _FILMS), dtype=np.float32), targets.tocsr())


def scores(held_out: HeldOut, seed: int, signal: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal((_VIEWERS, _FILMS))
    found: NDArray[np.float32] = (noise + signal * held_out.targets.toarray()).astype(np.float32)
    return found


def test_parts_alike_in_quality_stay_near_equal(held_out: HeldOut) -> None:
    parts = [scores(held_out, seed, 2.0) for seed in (1, 2)]
    weights = _searched(parts, held_out, 10, np.ones(2))
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0.25


def test_a_part_that_harms_keeps_the_weight_that_was_found(held_out: HeldOut) -> None:
    good, harmful = scores(held_out, 1, 4.0), np.zeros((_VIEWERS, _FILMS), dtype=np.float32)
    drawn = np.random.default_rng(3).integers(0, _FILMS, (_VIEWERS, 10))
    harmful[np.arange(_VIEWERS)[:, None], drawn] = 100
    weights = _searched([good, harmful], held_out, 10, np.ones(2))
    np.testing.assert_allclose(weights, [1, 0], atol=1e-6)
