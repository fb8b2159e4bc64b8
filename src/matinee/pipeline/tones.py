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
    return _further(catalog, item, LIGHT, DARK)


def darker(catalog: Catalog, item: int) -> NDArray[np.bool_]:
    """`bool[n_items]`: films darker than the one in row `item`."""
    return _further(catalog, item, DARK, LIGHT)


def _further(
    catalog: Catalog, item: int, tone: tuple[str, ...], opposite: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Films of the tone whose surplus of its genres over the opposite ones is higher."""
    counts, others = (
        np.sum([catalog.genres.having(name) for name in names], axis=0)
        for names in (tone, opposite)
    )
    surplus = counts - others
    return (surplus > surplus[item]) & (counts > 0)
