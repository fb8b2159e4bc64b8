"""A fitted model with the films it ranks, and what is computed once from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import multi_hot
from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog, Dataset, Film, Histories, Interactions, Query
from matinee.data.provenance import Provenance
from matinee.data.rating_summary import RatingSummary
from matinee.data.titles.index import TitleIndex
from matinee.models import Model
from matinee.pipeline.copies import Copies
from matinee.pipeline.discounts import Discounts, FilmScores
from matinee.pipeline.diversity import FilmFields

__all__ = ["FittedModel"]

_WIDELY = 2 / 3
"""Part of all popularity that widely watched films have."""


@dataclass(frozen=True, eq=False)
class FittedModel:
    """What every answer needs: the model, its films, and the data it comes from.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
        scale: lowest and highest rating of its data; `None` if unknown.
        data: the data set whose viewers can be named by id; `None` if there is none.
        ratings: number and average of the ratings of each film; `None` if unknown.
        provenance: see `Dataset`.
        similarity: of its films, as it was saved; `None` if `similar_films` has to compute it.
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"
    scale: tuple[float, float] | None = None
    data: Dataset | None = field(default=None, repr=False)
    similarity: FilmSimilarity | None = field(default=None, repr=False)
    ratings: RatingSummary | None = field(default=None, repr=False)
    provenance: Provenance | None = field(default=None, repr=False)

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

    def score(self, query: Query) -> FilmScores:
        """The scores of all films for a viewer, by the model and less their discounts.

        Raises:
            InputError: the query names a film that the model does not have, or one twice.
        """
        histories = Histories.of(query, self.model.n_items)
        by_model = self.model.scores(histories)
        losses = None if self.discounts is None else self.discounts.of(histories, by_model)
        return FilmScores(by_model[0], None if losses is None else losses[0])

    @cached_property
    def discounts(self) -> Discounts | None:
        """What films lose where a viewer rated films of their kinds low.

        `None` if the scale is unknown, or the model has one list for everybody.
        """
        if self.scale is None or not self.model.personal:
            return None
        return Discounts(self.catalog, self.scale)

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

    @property
    def genres(self) -> sp.csr_array:
        """`float32[n_items, n_genres]`: ones and zeros."""
        return self._genres[0]

    @cached_property
    def genre_rows(self) -> NDArray[np.float32]:
        """`genres` as a dense array, whose rows are taken for every answer."""
        rows: NDArray[np.float32] = self.genres.toarray()
        return rows

    @property
    def genre_names(self) -> tuple[str, ...]:
        """Names of the columns of `genres`."""
        return self._genres[1]

    @cached_property
    def widely_watched(self) -> NDArray[np.bool_]:
        """`bool[n_items]`: the most popular films by the prior, which hold two thirds of it."""
        prior = np.maximum(self.model.arrays["prior"], 0).astype(np.float64)
        order = np.argsort(-prior, kind="stable")
        before = np.cumsum(prior[order]) - prior[order]
        widely = np.zeros(len(prior), dtype=np.bool_)
        widely[order] = (before < _WIDELY * prior.sum()) & (prior[order] > 0)
        return widely

    @cached_property
    def genre_shares(self) -> NDArray[np.float64]:
        """`float64[n_genres]`: which part of all films has each genre."""
        return np.bincount(self.genres.indices, minlength=len(self.genre_names)) / max(
            len(self.catalog), 1
        )

    @cached_property
    def makers(self) -> dict[int, dict[str, float]]:
        """Directors and stars of the films that answers looked at, see `pipeline.reasons`."""
        return {}

    def named(self, item: int) -> tuple[str, str]:
        """Id and label of a film; texts are read once, which is a good part of an answer."""
        known = self._named.get(item)
        if known is None:
            year = int(self.catalog.years[item]) or None
            film = Film(str(self.catalog.item_ids.ids[item]), self.catalog.titles[item], year=year)
            known = self._named[item] = film.id, film.label
        return known

    @cached_property
    def _named(self) -> dict[int, tuple[str, str]]:
        return {}

    @cached_property
    def _genres(self) -> tuple[sp.csr_array, tuple[str, ...]]:
        return multi_hot(self.catalog.genres)
