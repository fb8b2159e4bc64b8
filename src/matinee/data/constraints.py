"""What a viewer will not accept, whatever a model thinks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.certificates import age_classes, for_kids
from matinee.errors import InputError, UnknownNameError

__all__ = ["Constraints"]


@dataclass(frozen=True)
class Constraints:
    """Conditions every recommended film must meet; a fact that is unknown does not meet one.

    Attributes:
        max_runtime: minutes the film must stay under; `None` for any length.
        genres: genres the film must have, each of them; case is ignored.
        kids: only films whose certificate asks for less than 12 years (`data/certificates.py`).
    """

    max_runtime: int | None = None
    genres: tuple[str, ...] = ()
    kids: bool = False

    def allowed(self, catalog: Catalog) -> NDArray[np.bool_]:
        """`bool[n_items]`: the films that meet every condition.

        Raises:
            UnknownNameError: a genre no film of the catalogue has.
            InputError: the catalogue knows no runtime, or no certificate, to decide by.
        """
        allowed = np.ones(len(catalog), dtype=np.bool_)
        if self.max_runtime is not None:
            _require_known("runtime", catalog.runtimes.any())
            allowed &= (catalog.runtimes > 0) & (catalog.runtimes < self.max_runtime)
        if self.kids:
            classes = age_classes(catalog.certificates)
            _require_known("certificate that tells an age", (classes >= 0).any())
            allowed &= for_kids(classes)
        for genre in self.genres:
            allowed &= _has_genre(catalog, genre)
        return allowed


def _has_genre(catalog: Catalog, genre: str) -> NDArray[np.bool_]:
    wanted = genre.casefold()
    has = np.array([wanted in (each.casefold() for each in film) for film in catalog.genres])
    if not has.any():
        known = sorted({each for film in catalog.genres for each in film})
        raise UnknownNameError("genre", genre, known)
    return has


def _require_known(fact: str, known: object) -> None:
    if not known:
        raise InputError(f"no film of this data set has a {fact}, so it cannot be asked for")
