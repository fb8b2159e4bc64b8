"""Lists, and the values other libraries compute for them (`benchmarks/peers/metric_values.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

_FILE: dict[str, Any] = json.loads(
    Path(__file__).with_name("peers.json").read_text(encoding="utf-8")
)
GIVEN = _FILE["given"]
LIBRARIES = {name: part for name, part in _FILE.items() if name != "given"}
KS = (3, 10)
N = len(GIVEN["lists"])
N_FILMS: int = GIVEN["n_films"]
N_FULL = 16
"""The lists after these are shorter than 10."""


def values(library: str, measure: str, k: int) -> NDArray[np.float64]:
    """Values of a library, one a viewer or one for all."""
    return np.array(LIBRARIES[library]["at"][str(k)][measure], dtype=np.float64)


def measures(library: str) -> list[str]:
    return list(LIBRARIES[library]["at"]["3"])


def items(k: int) -> NDArray[np.int32]:
    return np.array([(films + [-1] * k)[:k] for films in GIVEN["lists"]], dtype=np.int32)


def ratings() -> NDArray[np.float64]:
    """`float64[n, n_films]`, ratings of the targets; 0 for other films."""
    matrix = np.zeros((N, N_FILMS))
    for viewer, targets in enumerate(GIVEN["targets"]):
        for film, rating in targets.items():
            matrix[viewer, int(film)] = rating
    return matrix


def gains(k: int) -> NDArray[np.float64]:
    padded = np.pad(ratings(), ((0, 0), (0, 1)))
    return np.take_along_axis(padded, items(k), axis=1)


def hits(k: int) -> NDArray[np.bool_]:
    return gains(k) > 0


def ideal(k: int) -> NDArray[np.float64]:
    return -np.sort(-ratings(), axis=1)[:, :k]


def n_targets() -> NDArray[np.int64]:
    return np.count_nonzero(ratings(), axis=1)


def train() -> sp.csr_array:
    """`float32[n_viewers, n_films]`, ones; viewers without a rating are left out."""
    pairs = np.array(GIVEN["train"])
    users = np.unique(pairs[:, 0], return_inverse=True)[1]
    matrix = sp.csr_array(
        (np.ones(len(pairs), dtype=np.float32), (users, pairs[:, 1])),
        shape=(users.max() + 1, N_FILMS),
    )
    matrix.sort_indices()
    return matrix


def item_counts() -> NDArray[np.int64]:
    return np.bincount(train().indices, minlength=N_FILMS)


def genres() -> sp.csr_array:
    return sp.csr_array(np.array(GIVEN["genres"], dtype=np.float32))
