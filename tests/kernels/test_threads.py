"""Limits on the threads of BLAS and of kernels."""

from __future__ import annotations

import numba
import pytest
import threadpoolctl

from matinee.errors import InputError
from matinee.kernels.threads import available, threads


def thread_counts() -> tuple[int, set[int]]:
    pools = threadpoolctl.threadpool_info()
    blas = {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"}
    return numba.get_num_threads(), blas


def test_a_limit_holds_inside_the_block_only() -> None:
    before = thread_counts()
    with threads(1):
        assert thread_counts() == (1, {1})
    assert thread_counts() == before
    with pytest.raises(KeyError), threads(1):
        raise KeyError
    assert thread_counts() == before


def test_a_limit_above_the_number_of_cores_is_the_number_of_cores() -> None:
    before = numba.get_num_threads()  # nothing has limited them yet
    with threads(1), threads(10_000):
        assert numba.get_num_threads() == before


def test_a_limit_of_zero_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1, not 0"), threads(0):
        pass


def test_only_the_cores_of_this_process_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 5, 7}, raising=False)
    assert available() == 3
