"""The environment of a measurement: versions, sources, machine, threads."""

from __future__ import annotations

import hashlib
import inspect
import os
import platform
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import scipy.linalg  # noqa: F401  threadpoolctl lists its BLAS only after the import
from threadpoolctl import threadpool_info

import matinee
from matinee.kernels.threads import available

__all__ = ["class_hash", "machine", "source_hash", "versions"]

_LIBRARIES = ("numpy", "scipy", "numba", "polars", "scikit-learn", "torch")
_MODULES = {"scikit-learn": "sklearn"}
_ROOMS = ("content", "data", "experiments", "kernels", "metrics", "models")
"""Packages that measured numbers depend on."""


def versions() -> dict[str, str]:
    """Versions of matinee, Python and the numerical blas that are installed."""
    return {
        "matinee": matinee.__version__,
        "sources": source_hash(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES if find_spec(_MODULES.get(name, name))},
        **{f"blas of {used_by}": text for used_by, text in _blas().items()},
    }


def machine() -> dict[str, Any]:
    """Platform, cores and threads; nothing that identifies the machine or its owner."""
    return {
        "platform": platform.platform(),
        "processor": platform.machine(),
        "cpus": os.cpu_count(),
        "cpus_allowed": available(),
        "threads": {pool["user_api"]: pool["num_threads"] for pool in threadpool_info()},
    }


@cache
def source_hash() -> str:
    """SHA-256 of matinee's own sources, since two checkouts can share a version."""
    digest = hashlib.sha256()
    root = Path(matinee.__file__).parent
    for path in sorted(path for room in _ROOMS for path in (root / room).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def class_hash(kind: type) -> str:
    """SHA-256 of the file that defines a class, which another distribution may have installed."""
    file = inspect.getsourcefile(kind)
    return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""


def _blas() -> dict[str, str]:
    """BLAS by the library that bundles it: "openblas 0.3.30, Haswell kernels"."""
    blas = {}
    for pool in threadpool_info():
        if pool["user_api"] == "blas":
            kernels = pool.get("architecture")
            text = f"{pool['internal_api']} {pool['version']}"
            blas[_used_by(pool["filepath"])] = text + (f", {kernels} kernels" if kernels else "")
    return blas


def _used_by(library: str) -> str:
    """The package whose wheel bundles a library (`numpy.libs`), else the library's own name."""
    folder = Path(library).parent.name
    return folder.partition(".")[0] if folder.endswith((".libs", ".dylibs")) else Path(library).stem
