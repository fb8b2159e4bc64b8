"""The genres that make a film light or dark, for the critiques "lighter" and "darker".

| genre | tone | why |
|---|---|---|
| Animation, Children, Children's, Family | light | made for young audiences |
| Comedy | light | made to be laughed at |
| Music, Musical | light | songs seldom come with lasting trouble |
| Romance | light | most end happily |
| Crime, Film-Noir | dark | people harm each other |
| Horror | dark | made to frighten |
| Thriller | dark | made to be feared through |
| War | dark | many people are killed |

Other genres (Drama, Action, Adventure, Documentary, Western, Mystery ...) can be either and do not
count. A film's tone is its number of light genres minus its number of dark ones. A lighter film has
a higher tone and at least one light genre; a darker film has a lower tone and at least one dark
genre. A plain drama is neither.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog

__all__ = ["DARK", "LIGHT", "darker", "lighter"]

LIGHT = ("Animation", "Children", "Children's", "Comedy", "Family", "Music", "Musical", "Romance")
DARK = ("Crime", "Film-Noir", "Horror", "Thriller", "War")


def lighter(catalog: Catalog, item: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: films lighter than the one in row `item`."""
    light, dark = _counts(catalog, LIGHT), _counts(catalog, DARK)
    tone = light - dark
    found: NDArray[np.bool_] = (tone > tone[item]) & (light > 0)
    return found


def darker(catalog: Catalog, item: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: films darker than the one in row `item`."""
    light, dark = _counts(catalog, LIGHT), _counts(catalog, DARK)
    tone = light - dark
    found: NDArray[np.bool_] = (tone < tone[item]) & (dark > 0)
    return found


def _counts(catalog: Catalog, names: tuple[str, ...]) -> NDArray[np.int64]:
    """`int64[n_items]`: how many of the genres each film has."""
    counts = np.zeros(len(catalog), dtype=np.int64)
    for name in names:
        counts += catalog.genres.having(name)
    return counts
