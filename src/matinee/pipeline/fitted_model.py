"""A fitted model with the films it ranks, and what is computed once from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import genre_matrix
from matinee.data import Catalog, Constraints, Dataset
from matinee.data.titles.index import TitleIndex
from matinee.errors import InputError
from matinee.models import Model
from matinee.pipeline.copies import Copies
from matinee.pipeline.diversity import FilmFacts

__all__ = ["FittedModel", "constraints_of"]


@dataclass(frozen=True, eq=False)
class FittedModel:
    """What every answer needs: the model, its films, and the data it comes from.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
        scale: lowest and highest rating of its data; `None` if unknown.
        data: the data set whose viewers can be named by id; `None` if there is none.
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"
    scale: tuple[float, float] | None = None
    data: Dataset | None = field(default=None, repr=False)

    def row(self, film: str | int) -> int:
        """Row of one film, by id or title (see `TitleIndex.find`)."""
        return self.titles.find(film)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title, indexed at the first look-up."""
        return TitleIndex(self.catalog)

    def allowed(
        self,
        where: Constraints | str | None = None,
        among: Iterable[str | int] | None = None,
    ) -> NDArray[np.bool_] | None:
        """`bool[n_items]`: the films that `where` and `among` of `recommend` leave; `None` for all.

        Raises:
            UnknownNameError: no such film.
            InputError: a condition that cannot be read, or that this catalogue cannot decide.
        """
        if where is None and among is None:
            return None
        constraints = constraints_of(where) if where is not None else Constraints()
        meets = constraints.allowed(self.catalog)
        if among is not None:
            listed = np.zeros(len(meets), dtype=np.bool_)
            listed[self.rows(among)] = True
            meets = meets & listed
        return meets

    def rows(self, films: Iterable[str | int]) -> NDArray[np.int32]:
        """Rows of films by id or title, `int32[n]`.

        Raises:
            UnknownNameError: no such film; suggests similar ones.
            InputError: no list of films.
        """
        if isinstance(films, str) or not isinstance(films, Iterable):
            raise InputError(f"films to choose from are a list, as [{films!r}], not {films!r}")
        return np.array([self.row(each) for each in films], dtype=np.int32)

    @cached_property
    def copies(self) -> Copies:
        """The films that the catalogue lists under several ids."""
        return Copies(self.catalog)

    @cached_property
    def facts(self) -> FilmFacts:
        """What varied lists compare films by, collected at the first one."""
        return FilmFacts.of(self.catalog)

    @cached_property
    def genres(self) -> sp.csr_array:
        """`float32[n_items, n_genres]`, see `genre_matrix`."""
        return genre_matrix(self.catalog.genres)


def constraints_of(where: Constraints | str) -> Constraints:
    """Conditions on films, from text or as they are.

    Raises:
        InputError: text that cannot be read, or something else.
    """
    if isinstance(where, str):
        return Constraints.parse(where)
    if not isinstance(where, Constraints):
        raise InputError(
            f'conditions are text, as where="comedy under 2 hours", or Constraints, not {where!r}'
        )
    return where
