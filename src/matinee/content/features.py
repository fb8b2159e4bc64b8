"""Facts of films as ones and zeros: genres, people, keywords, decades, lengths, ages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp

from matinee.data import Catalog
from matinee.data.certificates import AGE_CLASSES, age_classes
from matinee.errors import UnknownNameError

__all__ = ["FIELDS", "encode", "genre_matrix", "multi_hot"]

FIELDS = ("genres", "people", "keywords", "decade", "runtime", "certificate")

_RUNTIMES = (80, 100, 120, 150)
"""Minutes at which a class of length ends and the next one begins."""
_MIN_FILMS = 2
"""Films a person or keyword must appear in: one of a single film says nothing about another."""


def encode(catalog: Catalog, fields: Sequence[str]) -> sp.csr_array:
    """The facts of all films, `float32[n_items, n_features]`, field after field.

    `people` are directors and cast. The runtime is one of five classes. Certificates are
    cumulative, which keeps their order: a film rated 12 has the columns 0+, 6+ and 12+. Unknown
    facts have no ones. Columns do not depend on the order of the films.

    Raises:
        UnknownNameError: a field that is not one of `FIELDS`.
    """
    empty = sp.csr_array((len(catalog), 0), dtype=np.float32)
    blocks = [_block(catalog, field) for field in fields]
    return sp.csr_array(sp.hstack([empty, *blocks], format="csr", dtype=np.float32))


def _block(catalog: Catalog, field: str) -> sp.csr_array:
    match field:
        case "genres":
            return multi_hot(catalog.genres)[0]
        case "people":
            both = zip(catalog.directors, catalog.cast, strict=True)
            return multi_hot(((*directors, *cast) for directors, cast in both), _MIN_FILMS)[0]
        case "keywords":
            return multi_hot(catalog.keywords, _MIN_FILMS)[0]
        case "decade":
            decades = ([f"{year // 10 * 10}s"] if year else [] for year in catalog.years.tolist())
            return multi_hot(decades)[0]
        case "runtime":
            classes = np.searchsorted(_RUNTIMES, catalog.runtimes, side="right")
            known = catalog.runtimes > 0
            columns = (classes[:, None] == np.arange(len(_RUNTIMES) + 1)) & known[:, None]
            return sp.csr_array(columns.astype(np.float32))
        case "certificate":
            columns = age_classes(catalog.certificates)[:, None] >= np.arange(len(AGE_CLASSES))
            return sp.csr_array(columns.astype(np.float32))
    raise UnknownNameError("field", field, FIELDS)


def multi_hot(
    lists: Iterable[Sequence[str]], min_count: int = 1
) -> tuple[sp.csr_array, tuple[str, ...]]:
    """One row per list, one column per name: 1 where the list has the name, however often.

    A name of fewer than `min_count` lists has no column.

    Returns:
        `float32[n_lists, n_names]`, columns sorted in every row, and the names of the columns in
        alphabetical order.
    """
    rows = [dict.fromkeys(each) for each in lists]
    counts = Counter(name for row in rows for name in row)
    names = tuple(sorted(name for name, count in counts.items() if count >= min_count))
    columns = {name: column for column, name in enumerate(names)}
    entries = [sorted(columns[name] for name in row if name in columns) for row in rows]
    bounds = np.concatenate([[0], np.cumsum([len(each) for each in entries], dtype=np.int64)])
    indices = np.array([column for row in entries for column in row], dtype=np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    return sp.csr_array((ones, indices, bounds), shape=(len(rows), len(names))), names


def genre_matrix(genres: Iterable[tuple[str, ...]]) -> sp.csr_array:
    """Multi-hot rows, `float32[n_items, n_genres]`; genres in alphabetical order."""
    return multi_hot(genres)[0]
