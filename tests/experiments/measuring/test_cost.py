"""What a model costs, measured on blocks and models whose cost is known."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
import scipy.sparse as sp
from tests.experiments.toy_models import Together

from matinee.data import Catalog, Interactions, Query
from matinee.data.splits import strong
from matinee.experiments.measuring import cost
from matinee.experiments.measuring.cost import answer_seconds, array_bytes, peak_memory

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process's memory")


@LINUX
@pytest.mark.parametrize("again", [1, 2])
def test_the_peak_is_what_was_held_at_once_also_a_second_time(again: int) -> None:
    for _ in range(again):
        with peak_memory() as memory:
            arrays = [np.ones(250_000) for _ in range(16)]
            time.sleep(0.02)
            del arrays
    assert memory.grown is not None
    assert 30e6 < memory.grown < 60e6


@LINUX
def test_a_block_that_fails_is_measured_and_its_error_goes_on() -> None:
    with pytest.raises(ValueError, match="on purpose"), peak_memory() as memory:
        raise ValueError("on purpose")
    assert memory.grown is not None


def test_where_the_system_does_not_tell_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(cost, "_own_memory", lambda: None)
    with peak_memory() as memory:
        pass
    assert memory.grown is None


def test_bytes_are_those_of_all_arrays(planted: Interactions, planted_catalog: Catalog) -> None:
    model = Together().fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert array_bytes(model) == 4 * (planted.n_items**2 + planted.n_items + 2)  # prior, scale


def test_viewers_are_asked_about_one_at_a_time(
    planted: Interactions, planted_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Together().fit(planted, planted_catalog, rng=np.random.default_rng(0))
    lengths: list[int] = []
    real = Together.score

    def counted(self: Together, query: Query) -> np.ndarray:
        lengths.append(len(query))
        return real(self, query)

    monkeypatch.setattr(Together, "score", counted)
    test = strong(planted, seed=0)[0].test
    assert answer_seconds(model, test, 10) > 0
    assert lengths == np.diff(sp.csr_array(test.histories.ratings).indptr).tolist()[:50]
