"""Small data sets, every protocol, and the entries of splits as plain pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st
from numpy.typing import NDArray

from matinee.data import Interactions, Vocabulary
from matinee.data.splits import (
    Division,
    Split,
    cold,
    cold_viewers,
    files,
    folds,
    last,
    prequential,
    random,
    ratings,
    strong,
    time,
)

Pairs = set[tuple[int, int]]

N_FILMS = 12

PROTOCOLS: dict[str, Callable[[Interactions, int], tuple[Division, ...]]] = {
    "folds": lambda data, seed: folds(data, (np.arange(len(data)) % 5).astype(np.int8), seed),
    "ratings": ratings,
    "ratings in folds": lambda data, seed: ratings(data, seed, 3),
    "ratings by share": lambda data, seed: ratings(data, seed, share=0.7),
    "random": random,
    "random by share": lambda data, seed: random(data, seed, 0.5),
    "strong": strong,
    "strong by share": lambda data, seed: strong(data, seed, 0.5),
    "last": lambda data, seed: last(data),
    "last by share": lambda data, seed: last(data, 0.4),
    "time": lambda data, seed: time(data),
    "time by share": lambda data, seed: time(data, 0.5),
    "files": lambda data, seed: files(data, every_fifth(data), seed, predicts=False),
    "files of ratings": lambda data, seed: files(data, every_fifth(data), seed, predicts=True),
    "cold": cold,
    "cold-viewers": lambda data, seed: cold_viewers(data, seed, lengths=(0, 1, 2)),
    "prequential": lambda data, seed: prequential(data, seed, windows=2),
}


def every_fifth(interactions: Interactions) -> NDArray[np.bool_]:
    return np.arange(len(interactions)) % 5 == 0


def of_columns(
    users: list[int], items: list[int], values: list[float], times: list[int]
) -> Interactions:
    return Interactions(
        np.array(users, dtype=np.int32),
        np.array(items, dtype=np.int32),
        np.array(values, dtype=np.float32),
        np.array(times, dtype=np.int64),
        Vocabulary.of("viewer", range(max(users) + 2)),
        Vocabulary.of("film", range(N_FILMS)),
        scale=(0.0, 5.0),
    )


@st.composite
def some_interactions(draw: st.DrawFn) -> Interactions:
    """Ten to fifteen viewers with 3 to 8 films in any order; ratings of 0, ties or no times."""
    counts = draw(st.lists(st.integers(3, 8), min_size=10, max_size=15))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    users = np.repeat(np.arange(len(counts)), counts)
    items = np.concatenate([rng.choice(N_FILMS, n, replace=False) for n in counts])
    order = rng.permutation(len(users))
    values, times = rng.integers(0, 6, len(users)), rng.integers(0, 10, len(users))
    columns = (each.tolist() for each in (users[order], items[order], values, times))
    return of_columns(*columns)


def pairs(interactions: Interactions) -> Pairs:
    return set(zip(interactions.users.tolist(), interactions.items.tolist(), strict=True))


def stored(split: Split, matrix: sp.csr_array) -> Pairs:
    rows, items = np.repeat(split.users, np.diff(matrix.indptr)), matrix.indices
    return set(zip(rows.tolist(), items.tolist(), strict=True))
