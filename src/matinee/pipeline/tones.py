"""Which genres make a film light or dark: the one table behind "lighter" and "darker".

| genre | tone | why |
|---|---|---|
| Animation, Children, Children's, Family | light | made so that nobody leaves upset |
| Comedy | light | made to be laughed at |
| Music, Musical | light | people who sing are seldom in lasting trouble |
| Romance | light | it promises a happy end more often than not |
| Crime, Film-Noir | dark | people harm each other, and seldom for good reasons |
| Horror | dark | made to frighten |
| Thriller | dark | made to be feared through |
| War | dark | people are killed by the thousand |

Everything else (Drama, Action, Adventure, Documentary, Western, Mystery ...) can be either and
counts for nothing. A film's tone is the number of its light genres less that of its dark ones.
Lighter than a film is what has a higher tone and some light genre; darker what has a lower one and
some dark genre: a plain drama is neither.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog

__all__ = ["DARK", "LIGHT", "darker", "lighter"]

LIGHT = ("Animation", "Children", "Children's", "Comedy", "Family", "Music", "Musical", "Romance")
DARK = ("Crime", "Film-Noir", "Horror", "Thriller", "War")


def lighter(catalog: Catalog, item: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: the films lighter than the one in a row."""
    light, dark = _counts(catalog, LIGHT), _counts(catalog, DARK)
    tone = light - dark
    found: NDArray[np.bool_] = (tone > tone[item]) & (light > 0)
    return found


def darker(catalog: Catalog, item: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: the films darker than the one in a row."""
    light, dark = _counts(catalog, LIGHT), _counts(catalog, DARK)
    tone = light - dark
    found: NDArray[np.bool_] = (tone < tone[item]) & (dark > 0)
    return found


def _counts(catalog: Catalog, names: tuple[str, ...]) -> NDArray[np.int64]:
    """How many of some genres every film has, `int64[n_items]`."""
    counts = np.zeros(len(catalog), dtype=np.int64)
    for name in names:
        counts += catalog.genres.having(name)
    return counts
