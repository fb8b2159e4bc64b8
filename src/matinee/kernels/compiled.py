"""The decorator that compiles kernels, caches them on disk and runs them without the GIL."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import Any, TypeVar, cast

import numba

__all__ = ["compiled"]

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])

_FAST = {"reassoc", "contract", "arcp", "nsz"}
"""Allows sums to be reordered, which vector instructions need; NaN stays NaN."""

_parallel_lock = Lock()


def compiled(*, parallel: bool = False) -> Callable[[_Kernel], _Kernel]:
    """Compiles a function at its first call.

    The code is cached beside the source, or in the user's cache folder if the source folder is
    read-only. In a read-only container without a home numba refuses to cache; the function is then
    compiled once per process.

    A kernel may only call kernels of its own file, because the cache is renewed when that file
    changes and knows no other. Parallel kernels are called from Python only: they take turns if
    numba's threads cannot be shared (see `_threads_are_shared`).
    """

    def decorate(function: _Kernel) -> _Kernel:
        def build(*, cached: bool) -> _Kernel:
            kernel: Any = numba.njit(
                cache=cached, parallel=parallel, fastmath=_FAST, error_model="numpy", nogil=True
            )(function)
            return cast("_Kernel", kernel)

        try:
            kernel = build(cached=True)
        except RuntimeError:  # "cannot cache function: no locator available"
            kernel = build(cached=False)
        return _taking_turns(kernel) if parallel else kernel

    return decorate


def _taking_turns(kernel: _Kernel) -> _Kernel:
    @wraps(kernel)
    def call(*arguments: Any, **keywords: Any) -> Any:
        if _threads_are_shared():
            return kernel(*arguments, **keywords)
        with _parallel_lock:
            return kernel(*arguments, **keywords)

    return cast("_Kernel", call)


@cache
def _threads_are_shared() -> bool:
    """Whether two Python threads may run parallel kernels at the same time.

    Without TBB and OpenMP (slim containers, macOS) numba falls back to its own `workqueue`, which
    aborts the process when a second thread enters.
    """
    numba.get_num_threads()  # starts the threads; the layer is unknown before
    layer: str = numba.threading_layer()  # type: ignore[attr-defined]  # a star import
    return layer != "workqueue"
