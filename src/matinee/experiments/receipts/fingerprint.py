"""A hash of the content of nested arrays, records and plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from matinee.data import Catalog, Interactions
from matinee.data.splits import Split

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["fingerprint"]

_TEXTS = frozenset({"notes", "promises"})
"""Fields that describe a split in words and are not part of its content."""
_LATER = frozenset({"answer_times", "exists_from", "log", "test_ratings", "train_sizes"})
"""Fields of a split that are not fed where they are unset, because older receipts lack them."""


def fingerprint(value: object) -> str:
    """SHA-256 as 64 hexadecimal digits.

    Types matter: 1, 1.0 and "1" differ, and so do arrays of different types or shapes. The order
    of a mapping does not matter. A TypeError names a type that cannot be hashed by content.
    """
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: _Hash, value: Any) -> None:
    if value is None or isinstance(value, bool | int | float | str):
        _tag(digest, type(value).__name__, repr(value))
    elif isinstance(value, np.ndarray):
        _feed_array(digest, value)
    elif sp.issparse(value):
        _feed_matrix(digest, sp.csr_array(value))
    elif isinstance(value, Interactions):
        _tag(digest, "interactions", value.content_hash)
    elif isinstance(value, Catalog):
        _feed_parts(digest, value.to_arrays())
    elif is_dataclass(value) and not isinstance(value, type):
        _tag(digest, "record", type(value).__name__)
        names = {field.name for field in fields(value)}
        if isinstance(value, Split):
            names -= _TEXTS | {name for name in _LATER if getattr(value, name) is None}
        _feed_parts(digest, {name: getattr(value, name) for name in names})
    elif isinstance(value, frozenset):
        _feed_parts(digest, sorted(value))
    elif isinstance(value, Mapping | Sequence):
        _feed_parts(digest, value)
    else:
        raise TypeError(f"{type(value).__name__} has no fingerprint")


def _feed_parts(digest: _Hash, parts: Mapping[str, Any] | Sequence[Any]) -> None:
    if isinstance(parts, Mapping):
        _tag(digest, "mapping", str(len(parts)))
        listed = [each for name in sorted(parts) for each in (name, parts[name])]
    else:
        _tag(digest, "sequence", str(len(parts)))
        listed = list(parts)
    for each in listed:
        _feed(digest, each)


def _feed_matrix(digest: _Hash, matrix: sp.csr_array) -> None:
    _tag(digest, "matrix", repr(matrix.shape))
    for part in (matrix.indptr, matrix.indices):
        _feed_array(digest, part.astype(np.int64))  # SciPy picks the width itself
    _feed_array(digest, matrix.data)


def _feed_array(digest: _Hash, array: np.ndarray[Any, Any]) -> None:
    if array.dtype.hasobject or not array.dtype.isnative:
        raise TypeError(f"an array of {array.dtype} has no fingerprint")
    _tag(digest, "array", f"{array.dtype.str}{array.shape}")
    digest.update(np.ascontiguousarray(array).tobytes())


def _tag(digest: _Hash, kind: str, text: str) -> None:
    """The length comes first, so that no two values run together."""
    encoded = f"{kind} {text}".encode()
    digest.update(f"{len(encoded)}:".encode() + encoded)
