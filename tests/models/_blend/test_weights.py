"""Weights of parts: searched on held-out ratings, then halfway to equal weights."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, Interactions, Vocabulary
from matinee.models._blend.held_out import HeldOut
from matinee.models._blend.weights import searched

_VIEWERS, _FILMS = 60, 100


@pytest.fixture
def held_out() -> HeldOut:
    """Five targets for every user, and empty histories."""
    rng = np.random.default_rng(0)
    drawn = np.argsort(rng.random((_VIEWERS, _FILMS)), axis=1)[:, :5]
    targets = sp.lil_array((_VIEWERS, _FILMS), dtype=np.float32)
    for row, films in enumerate(drawn):
        targets[row, films] = 1
    train = Interactions.empty(Vocabulary.of("film", range(_FILMS)))
    histories = Histories(sp.csr_array((_VIEWERS, _FILMS), dtype=np.float32))
    return HeldOut(train, histories, targets.tocsr())


def scores(held_out: HeldOut, seed: int, signal: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal((_VIEWERS, _FILMS))
    return (noise + signal * held_out.targets.toarray()).astype(np.float32)


def test_parts_of_similar_quality_get_similar_weights(held_out: HeldOut) -> None:
    parts = [scores(held_out, seed, 2.0) for seed in (1, 2)]
    weights = searched(parts, held_out, 10, np.ones(2))
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0.25


def test_a_harmful_part_gets_no_weight(held_out: HeldOut) -> None:
    good, harmful = scores(held_out, 1, 4.0), np.zeros((_VIEWERS, _FILMS), dtype=np.float32)
    drawn = np.random.default_rng(3).integers(0, _FILMS, (_VIEWERS, 10))
    harmful[np.arange(_VIEWERS)[:, None], drawn] = 100
    weights = searched([good, harmful], held_out, 10, np.ones(2))
    np.testing.assert_allclose(weights, [1, 0], atol=1e-6)
