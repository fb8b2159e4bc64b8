"""The decorator that compiles kernels, and the form in which they take sparse matrices."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
import numpy as np
import scipy.sparse as sp
from numba.core.caching import FunctionCache
from numpy.typing import NDArray

__all__ = ["Csr", "compiled", "csr", "serial"]

Csr = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
"""A CSR of `n` rows: `int32[n + 1]`, where each row starts, `int32[nnz]`, columns, and values."""

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])

_FAST = {"reassoc", "contract", "arcp", "nsz"}
"""Allows sums to be reordered, which vector instructions need; NaN stays NaN."""

_parallel_lock = Lock()


def compiled(*, parallel: bool = False) -> Callable[[_Kernel], _Kernel]:
    """Compiles a function at its first call; it runs without the GIL.

    The code is cached beside the source, or in the user's cache folder if the source folder is
    read-only, and renewed when any file of kernels changes (see `_SourceCache`). In a read-only
    container without a home numba refuses to cache; the function is then compiled once per process.

    Parallel kernels are called from Python only: they take turns if numba's threads cannot be
    shared (see `_threads_are_shared`).
    """

    def decorate(function: _Kernel) -> _Kernel:
        return _taking_turns(function) if parallel else _built(function, parallel=False)

    return decorate


def serial(kernel: _Kernel) -> _Kernel:
    """A parallel kernel in its caller's thread alone, as a request of a server must run it."""
    return cast("_Kernel", kernel.serial)  # type: ignore[attr-defined]


def csr(matrix: sp.csr_array) -> Csr:
    """A matrix as kernels take it, without a copy."""
    return matrix.indptr, matrix.indices, matrix.data


def _built(function: _Kernel, *, parallel: bool) -> _Kernel:
    jit = numba.njit(parallel=parallel, fastmath=_FAST, error_model="numpy", nogil=True)
    kernel: Any = jit(function)
    with suppress(RuntimeError):  # "cannot cache function: no locator available"
        kernel._cache = _SourceCache(function)  # as `enable_caching` does with a `FunctionCache`
    return cast("_Kernel", kernel)


class _SourceCache(FunctionCache):
    """numba's cache on disk, for which a kernel has changed if any file of this folder has.

    numba looks at the kernel's own file alone. The code of a kernel that it calls, and the options
    of this file, are compiled into it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        # the stamp is kept in the index, and an index with another one counts as empty
        self._cache_file._source_stamp = _sources_hash()


@cache
def _sources_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _taking_turns(function: _Kernel) -> _Kernel:
    kernel = _built(function, parallel=True)
    alone = FunctionType(function.__code__, function.__globals__)
    alone.__qualname__ = f"{function.__qualname__}_serial"  # else both would share a cache entry

    @wraps(kernel)
    def call(*arguments: Any) -> Any:
        if _threads_are_shared():
            return kernel(*arguments)
        with _parallel_lock:
            return kernel(*arguments)

    call.serial = _built(alone, parallel=False)  # type: ignore[attr-defined]
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
