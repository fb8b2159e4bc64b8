"""Numbers of threads: what is available, and limits for BLAS and compiled kernels."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from matinee.errors import InputError

__all__ = ["available", "one_blas_thread_each", "threads"]


def available() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def threads(n: int) -> Iterator[None]:
    """Limits BLAS and kernels to `n` threads inside the block; `n` may exceed the cores.

    The limit on BLAS is one of the process, that on kernels one of the calling thread.

    Raises:
        InputError: `n` is not positive.
    """
    if n < 1:
        raise InputError(f"the number of threads must be at least 1, not {n}")
    import numba  # noqa: PLC0415  slow to import, and not every command computes
    import threadpoolctl  # noqa: PLC0415  the same

    before = numba.get_num_threads()
    launched: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set at run time
    with threadpoolctl.threadpool_limits(limits=n):
        numba.set_num_threads(min(n, launched))
        try:
            yield
        finally:
            numba.set_num_threads(before)


@contextmanager
def one_blas_thread_each() -> Iterator[int]:
    """Keeps BLAS in its caller's thread inside the block; yields how many threads may call it.

    The limit on BLAS is one of the whole process, so only short computations should set it.
    """
    import numba  # noqa: PLC0415  slow to import, and not every command computes
    import threadpoolctl  # noqa: PLC0415  the same

    with threadpoolctl.threadpool_limits(limits=1, user_api="blas"):
        yield numba.get_num_threads()
