"""A data set: interactions, films, licence, and how it was read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

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
from matinee.errors import InputError

__all__ = ["MOVIELENS", "Dataset", "label_of", "require_dataset"]

_LABEL = re.compile(r"[\w.-]{1,64}")

MOVIELENS = "MovieLens"
"""The numbering of films that all editions of MovieLens from 1M on share; 100K has its own."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """One loaded data set.

    Attributes:
        name: its name on the command line ("ml-100k"), or the path it was read from.
        interactions: ratings; empty if the source has only films.
        catalog: the films, in the rows of `interactions.item_ids`.
        licence: the terms in a sentence, for everyone who uses the data.
        folds: `int8[len(interactions)]`, the data set's own test fold of every rating, from 0;
            `None` if it has no folds.
        demographics: one row a user, first column `user_id`; `None` if unknown.
        notes: remarks of the source (match rates, repairs), a sentence each.
        findings: repairs made while the data was read.
        numbering: name of the numbering of film ids, which other data sets can share: there an
            equal id is the same film. "" for a numbering of its own.
        provenance: the catalogue each fact comes from, in the rows of `catalog`; `None` if there is
            only one source.
        path: the file or folder it was read from; `None` if it has a name.
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
    path: Path | None = None

    def __post_init__(self) -> None:
        # Models are fitted on interactions alone, so these carry the attributes.
        if self.demographics is not None and self.interactions.attributes is None:
            attributes = Attributes.of_frame(self.demographics, self.interactions.user_ids)
            described = replace(self.interactions, attributes=attributes)
            object.__setattr__(self, "interactions", described)

    @property
    def label(self) -> str:
        """A short name that tells this data set from all others, and shows no folder.

        For a path, the file name and a hash of the whole path: `a/ratings.csv` and `b/ratings.csv`
        differ.
        """
        return label_of(self.name, self.path)

    @property
    def namespace(self) -> str:
        """The numbering of its film ids, never empty: `numbering`, or `label` for its own."""
        return self.numbering or self.label

    def viewer(self, user_id: str) -> Query:
        """The query of one viewer of this data set: their history and attributes.

        Raises:
            UnknownNameError: an unknown viewer.
        """
        row = self.interactions.user_ids.row(user_id)
        attributes = self.interactions.attributes
        words = attributes.words(row) if attributes else ()
        return replace(Query.of(self.interactions.history(row)), attributes=words)

    def liking(self, *titles: str) -> Query:
        """The query of a new viewer who gave these films the highest rating.

        Raises:
            UnknownNameError: an unknown title; suggests similar ones.
            InputError: a title of several films.
        """
        rows = list(dict.fromkeys(self.film(title) for title in titles))
        best = self.interactions.scale[1]
        return Query(
            items=np.array(rows, dtype=np.int32),
            values=np.full(len(rows), best, dtype=np.float32),
            times=np.zeros(len(rows), dtype=np.int64),
        )

    def film(self, title: str) -> int:
        """Row of the film with this title (see `TitleIndex.find`)."""
        return self.titles.find(title)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title, indexed at the first look-up."""
        return TitleIndex(self.catalog)


def label_of(name: str, path: Path | None = None) -> str:
    """See `Dataset.label`; a name that is not a plain word is taken for a path."""
    if path is None and _LABEL.fullmatch(name):
        return name
    place = (path or Path(name)).expanduser().resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "replace")).hexdigest()[:8]
    word = re.sub(r"[^\w.-]", "-", place.name)[:64]
    return f"{word}-{digest}"


def require_dataset(value: object) -> Dataset:
    """The value, if it is a data set.

    Raises:
        InputError: it is something else.
    """
    if not isinstance(value, Dataset):
        raise InputError(
            f'data is a {type(value).__name__}; load it first: matinee.load("ml-100k")'
        )
    return value
