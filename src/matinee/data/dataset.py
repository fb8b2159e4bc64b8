"""A data set: interactions, films, licence, and how it was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.attributes import Attributes
from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Finding
from matinee.data.interactions import Interactions
from matinee.data.outputs import dataset_html, dataset_text
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

    def viewer(self, user_id: str | int) -> Query:
        """The query of one viewer of this data set: their history and attributes.

        Raises:
            UnknownNameError: an unknown viewer.
        """
        row = self.interactions.user_ids.row(user_id)
        attributes = self.interactions.attributes
        words = attributes.words(row) if attributes else ()
        query = Query.of(self.interactions.history(row))
        bounds = self.interactions.bounds
        return replace(query, attributes=words, titles=self.titles, scale=bounds)

    def history(self, ratings: Mapping[str | int, float]) -> Query:
        """The query of a new viewer with these ratings: `{"Toy Story": 5, "Alien": 2}`.

        Raises:
            UnknownNameError: an unknown title or id; suggests similar titles.
            InputError: no mapping, a title of several films, a film twice, or a rating off the
                scale.
        """
        return Query.of_films(ratings, self.titles, self.interactions.bounds)

    def liking(self, *titles: str | int) -> Query:
        """The query of a new viewer who gave these films the highest rating.

        Raises:
            UnknownNameError: an unknown title or id; suggests similar titles.
            InputError: a title of several films, or a list of titles.
        """
        for each in titles:
            if not isinstance(each, str | int):
                raise InputError(
                    f'liking takes titles one by one, as liking("Toy Story", "Alien"), not a '
                    f"{type(each).__name__}"
                )
        best = self.interactions.scale[1]
        return self.history({"#" + self.film(each).id: best for each in titles})

    def film(self, film: str | int) -> Film:
        """The facts of one film, by title or id (see `TitleIndex.find`)."""
        return self.catalog.film(self.row(film))

    def row(self, film: str | int) -> int:
        """Row of one film in `catalog`, by title or id (see `TitleIndex.find`)."""
        return self.titles.find(film)

    @cached_property
    def titles(self) -> TitleIndex:
        """The films by title, indexed at the first look-up."""
        return TitleIndex(self.catalog)

    def __repr__(self) -> str:
        return f"Dataset {dataset_text(self)}"

    def _repr_html_(self) -> str:
        return dataset_html(self)


def label_of(name: str, path: Path | None = None) -> str:
    """See `Dataset.label`; a name that is not a plain word is taken for a path."""
    if path is None and _LABEL.fullmatch(name):
        return name
    place = (path or Path(name)).expanduser().resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "replace")).hexdigest()[:8]
    word = re.sub(r"[^\w.-]", "-", place.name)[:64]
    return f"{word}-{digest}"


def require_dataset(value: object) -> Dataset:
    """Refuses what is no data set, with the way to one.

    Raises:
        InputError: it is none.
    """
    if isinstance(value, Dataset):
        return value
    if isinstance(value, Interactions):
        way = "name the films as well: Dataset(name, interactions, catalog, licence)"
    elif isinstance(value, str | Path):
        way = f'load it first: matinee.load("{value}")'
    else:
        way = "load a name, a file or a frame first: matinee.load(...)"
    raise InputError(f"data is {_article(type(value).__name__)} and no data set; {way}")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "AEIOUaeiou" else f"a {noun}"
