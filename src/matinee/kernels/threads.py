"""The one place where the threads of BLAS and of compiled kernels are counted and limited."""

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
    """Inside the block BLAS and kernels use at most `n` threads; more than there are is no error.

    The limit on BLAS holds for the whole process, that on kernels for the calling thread.

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
    """Inside the block BLAS uses the thread that calls it; gives how many may call it at once.

    The limit on BLAS holds for the whole process, so that only kernels that end soon do this.
    """
    import numba  # noqa: PLC0415  slow to import, and not every command computes
    import threadpoolctl  # noqa: PLC0415  the same

    with threadpoolctl.threadpool_limits(limits=1, user_api="blas"):
        yield numba.get_num_threads()
