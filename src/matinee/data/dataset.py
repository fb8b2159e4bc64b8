"""What a source delivers: interactions, films, and what has to be said about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.attributes import Attributes
from matinee.data.catalog import Catalog
from matinee.data.cleaning import Finding
from matinee.data.interactions import Interactions
from matinee.data.provenance import Provenance
from matinee.data.query import Query
from matinee.data.titles.index import TitleIndex

__all__ = ["MOVIELENS", "Dataset"]

MOVIELENS = "MovieLens"
"""The numbering that all editions of MovieLens from 1M on share; 100K has one of its own."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """One loaded data set.

    Attributes:
        name: as the command line knows it ("ml-100k"), or the path it was read from.
        interactions: ratings; empty where the source has films alone.
        catalog: the films; its ids are those of `interactions.item_ids`, row for row.
        licence: terms in a sentence, shown to whoever uses the data.
        folds: `int8[len(interactions)]`, the data set's own test fold of every rating, from 0;
            `None` where it has none.
        demographics: one row a viewer, first column `user_id`; `None` where unknown.
        notes: what the loader wants a person to know (match rates, repairs), a sentence each.
        findings: what was repaired or left out while it was read.
        numbering: what numbering the film ids are of, which other data sets may share: an equal id
            is the same film there. "" where the ids are its own.
        provenance: where each fact comes from, row for row of the catalogue; `None` where all come
            from one source.
    """

    name: str
    interactions: Interactions
    catalog: Catalog
    licence: str
    folds: NDArray[np.int8] | None = None
    demographics: pl.DataFrame | None = None
    notes: tuple[str, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())
    numbering: str = ""
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        # models are given interactions, so what the table says of viewers goes along with them
        if self.demographics is not None and self.interactions.attributes is None:
            attributes = Attributes.of_frame(self.demographics, self.interactions.user_ids)
            object.__setattr__(
                self, "interactions", replace(self.interactions, attributes=attributes)
            )

    def viewer(self, user_id: str) -> Query:
        """The query of one viewer of this data set: their whole history, and what is known of them.

        Raises:
            UnknownNameError: no such viewer.
        """
        row = self.interactions.user_ids.row(user_id)
        attributes = self.interactions.attributes
        words = () if attributes is None else attributes.words(row)
        return replace(Query.of(self.interactions.history(row)), attributes=words)

    def liking(self, *titles: str) -> Query:
        """The query of a stranger who likes these films: each given the best rating there is.

        Raises:
            UnknownNameError: a title no film has; the nearest titles are suggested.
            InputError: a title several films have.
        """
        rows = list(dict.fromkeys(self.film(title) for title in titles))
        best = self.interactions.scale[1]
        return Query(
            items=np.array(rows, dtype=np.int32),
            values=np.full(len(rows), best, dtype=np.float32),
            times=np.zeros(len(rows), dtype=np.int64),
        )

    def film(self, title: str) -> int:
        """Row of the film of this title, case, accents and articles forgiven (see `liking`)."""
        return self.titles.find(title)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title; built at the first look-up."""
        return TitleIndex(self.catalog)
