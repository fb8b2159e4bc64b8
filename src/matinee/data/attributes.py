"""What is known of viewers beside what they watched, as words: "gender=F", "age=25-34"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

__all__ = ["AGE_BANDS", "Attributes", "age_bands", "attribute_words"]

_AGES = (18, 25, 35, 45, 50, 56)
AGE_BANDS = ("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56 and over")
"""The bands of MovieLens 1M, whose files give the first year of a band as the age."""
_MOST_VALUES = 30
"""A column with more distinct values (a postcode) says too little of each of its viewers."""


@dataclass(frozen=True, eq=False)
class Attributes:
    """Attributes of many viewers.

    Attributes:
        names: every attribute that anyone has, "column=value".
        matrix: `float32[n, len(names)]`, 1 where a viewer has an attribute.

    Raises:
        DataError: a name for every column is wanting.
    """

    names: tuple[str, ...]
    matrix: sp.csr_array

    def __post_init__(self) -> None:
        if self.matrix.shape[1] != len(self.names):
            raise DataError(
                f"{len(self.names):,} attributes are named and the matrix has "
                f"{self.matrix.shape[1]:,} columns"
            )

    def __len__(self) -> int:
        """How many viewers there are."""
        return int(self.matrix.shape[0])

    @classmethod
    def of_frame(cls, demographics: pl.DataFrame, user_ids: Vocabulary) -> Attributes:
        """From a table of viewers, first column their id; ages in bands, unknown ones left out.

        Columns with more than thirty values (a postcode) are left out; of a viewer with two rows
        the first counts, and one without any has no attribute.
        """
        viewer, *columns = demographics.columns
        known = demographics.unique(subset=viewer, keep="first", maintain_order=True)
        asked = pl.DataFrame({"id": user_ids.ids.astype(str)})
        names: list[str] = []
        entries: list[NDArray[np.int64]] = []
        for column in columns:
            words = _words(known[column])
            values = words.drop_nulls().unique().sort().to_list()
            if len(values) > _MOST_VALUES:
                continue
            own = pl.DataFrame({"id": known[viewer].cast(pl.String), "word": words})
            found = asked.join(own, on="id", how="left", maintain_order="left")["word"]
            places = {value: len(names) + place for place, value in enumerate(values)}
            rows = np.flatnonzero(found.is_not_null().to_numpy())
            taken = np.array([places[word] for word in found.drop_nulls()], dtype=np.int64)
            entries.append(np.stack([rows, taken]))
            names += [f"{column}={value}" for value in values]
        rows, taken = np.concatenate([np.empty((2, 0), dtype=np.int64), *entries], axis=1)
        ones = np.ones(len(rows), dtype=np.float32)
        shape = (len(user_ids), len(names))
        return cls(tuple(names), sp.csr_array((ones, (rows, taken)), shape=shape))

    @classmethod
    def of_words(cls, viewers: Sequence[Sequence[str]]) -> Attributes:
        """From what each viewer is said to be, one sequence of words a viewer."""
        names = tuple(dict.fromkeys(word for words in viewers for word in words))
        columns = {name: column for column, name in enumerate(names)}
        dense = np.zeros((len(viewers), len(names)), dtype=np.float32)
        for row, words in enumerate(viewers):
            dense[row, [columns[word] for word in words]] = 1
        return cls(names, sp.csr_array(dense))

    def words(self, row: int) -> tuple[str, ...]:
        """The attributes of one viewer."""
        start, end = self.matrix.indptr[row], self.matrix.indptr[row + 1]
        return tuple(self.names[column] for column in self.matrix.indices[start:end])

    def take(self, rows: NDArray[np.integer] | slice) -> Attributes:
        """The same for some of the viewers, in the order given."""
        return Attributes(self.names, self.matrix[rows])

    def aligned(self, names: Sequence[str]) -> sp.csr_array:
        """The matrix with the columns a model has learned, `float32[n, len(names)]`.

        Attributes the model has not met say nothing to it and are left out.
        """
        columns = {name: column for column, name in enumerate(names)}
        places = [(row, columns[name]) for row, name in enumerate(self.names) if name in columns]
        moved, to = np.array(places, dtype=np.int64).reshape(-1, 2).T
        ones = np.ones(len(moved), dtype=np.float32)
        mapping = sp.csr_array((ones, (moved, to)), shape=(len(self.names), len(names)))
        return sp.csr_array(self.matrix @ mapping)


def attribute_words(facts: Mapping[str, str | int]) -> tuple[str, ...]:
    """One viewer's attributes from what they say of themselves: {"age": 34} is "age=25-34"."""
    words = []
    for column, value in facts.items():
        text = str(value).strip()
        banded = column == "age" and text.isdecimal()
        words.append(f"{column}={age_bands(np.array([int(text)]))[0] if banded else text}")
    return tuple(words)


def age_bands(ages: NDArray[np.integer]) -> NDArray[np.str_]:
    """The band of every age in years."""
    bands: NDArray[np.str_] = np.array(AGE_BANDS)[np.searchsorted(_AGES, ages, side="right")]
    return bands


def _words(values: pl.Series) -> pl.Series:
    if values.name == "age" and values.dtype.is_numeric():
        bands = age_bands(values.fill_null(0).cast(pl.Int64).to_numpy())
        return pl.Series(values.name, bands).set(values.is_null(), None)
    return values.cast(pl.String)
