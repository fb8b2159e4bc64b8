"""How every kernel is compiled: once, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

__all__ = ["compiled"]

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])

_FAST = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered, which is what lets them use vector instructions; NaN stays NaN."""


def compiled(*, parallel: bool = False) -> Callable[[_Kernel], _Kernel]:
    """A decorator that makes a function machine code at its first call.

    The code is cached beside the source, or in the user's cache folder where the source cannot be
    written to. Where neither can be (a read-only container without a home), numba refuses to
    cache at all; then the function is compiled anew in every process.

    A kernel calls only kernels of its own file: numba's cache does not notice changes in others.
    """

    def decorate(function: _Kernel) -> _Kernel:
        def build(*, cache: bool) -> _Kernel:
            kernel: Any = numba.njit(
                cache=cache, parallel=parallel, fastmath=_FAST, error_model="numpy", nogil=True
            )(function)
            return cast("_Kernel", kernel)

        try:
            return build(cache=True)
        except RuntimeError:  # "cannot cache function: no locator available"
            return build(cache=False)

    return decorate
