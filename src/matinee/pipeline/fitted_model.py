"""A fitted model with the films it ranks, and what is computed once from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import scipy.sparse as sp

from matinee.content.features import genre_matrix
from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog, Dataset, Interactions
from matinee.data.titles.index import TitleIndex
from matinee.models import Model
from matinee.pipeline.copies import Copies
from matinee.pipeline.diversity import FilmFields

__all__ = ["FittedModel"]


@dataclass(frozen=True, eq=False)
class FittedModel:
    """What every answer needs: the model, its films, and the data it comes from.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
        scale: lowest and highest rating of its data; `None` if unknown.
        data: the data set whose viewers can be named by id; `None` if there is none.
        similarity: of its films, as it was saved; `None` if `similar_films` has to compute it.
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"
    scale: tuple[float, float] | None = None
    data: Dataset | None = field(default=None, repr=False)
    similarity: FilmSimilarity | None = field(default=None, repr=False)

    def row(self, film: str | int) -> int:
        """Row of one film, by id or title (see `TitleIndex.find`)."""
        return self.titles.find(film)

    @cached_property
    def similar_films(self) -> FilmSimilarity:
        """The nearest films of every film: `similarity`, or computed at the first look.

        Without data they are compared by their facts alone. The model has no part in it.
        """
        if self.similarity is not None:
            return self.similarity
        if self.data is None:
            return FilmSimilarity.fit(Interactions.empty(self.catalog.item_ids), self.catalog)
        return FilmSimilarity.fit(self.data.interactions.latest(), self.catalog)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title, indexed at the first look-up."""
        return TitleIndex(self.catalog)

    @cached_property
    def copies(self) -> Copies:
        """The films that the catalogue lists under several ids."""
        return Copies(self.catalog)

    @cached_property
    def facts(self) -> FilmFields:
        """What varied lists compare films by, collected at the first one."""
        return FilmFields.of(self.catalog)

    @cached_property
    def genres(self) -> sp.csr_array:
        """`float32[n_items, n_genres]`, see `genre_matrix`."""
        return genre_matrix(self.catalog.genres)
