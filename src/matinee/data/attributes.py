"""Facts about users beside their ratings, as words: "gender=F", "age=25-34"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.vocabulary import Vocabulary
from matinee.display import formats
from matinee.errors import DataError

__all__ = ["AGE_BANDS", "MOST_VALUES", "Attributes", "age_bands", "attribute_words"]

_AGES = (18, 25, 35, 45, 50, 56)
AGE_BANDS = ("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56 and over")
"""The bands of MovieLens 1M, whose files have the first year of the band as the age."""
MOST_VALUES = 30
"""A column with more distinct values (a postcode) has too few users for each value."""


@dataclass(frozen=True, eq=False)
class Attributes:
    """Attributes of many users.

    Attributes:
        names: distinct attributes, "column=value".
        matrix: `float32[n_users, len(names)]`, 1 where a user has an attribute.

    Raises:
        DataError: the matrix does not have one column for each name.
    """

    names: tuple[str, ...]
    matrix: sp.csr_array

    def __post_init__(self) -> None:
        if self.matrix.shape[1] != len(self.names):
            raise DataError(
                f"a matrix of attributes needs {len(self.names):,} columns, one for each name, not "
                f"{self.matrix.shape[1]:,}"
            )

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def __repr__(self) -> str:
        return f"Attributes of {formats.count(len(self), 'viewer')}: {formats.several(self.names)}"

    @classmethod
    def of_frame(cls, demographics: pl.DataFrame, user_ids: Vocabulary) -> Attributes:
        """Attributes from a table of users; its first column is their id.

        Ages become bands. Unknown values and columns with more than thirty values are left out. The
        first of several rows of a user counts; a user without a row has no attributes.
        """
        user, *columns = demographics.columns
        table = demographics.unique(subset=user, keep="first", maintain_order=True)
        users = pl.DataFrame({"id": user_ids.ids.astype(str)})
        names: list[str] = []
        entries: list[NDArray[np.int64]] = []
        for column in columns:
            words = _words(table[column])
            values = words.drop_nulls().unique().sort().to_list()
            if len(values) > MOST_VALUES:
                continue
            own = pl.DataFrame({"id": table[user].cast(pl.String), "word": words})
            of_user = users.join(own, on="id", how="left", maintain_order="left")["word"]
            places = {value: len(names) + place for place, value in enumerate(values)}
            rows = np.flatnonzero(of_user.is_not_null().to_numpy())
            word_columns = np.array([places[word] for word in of_user.drop_nulls()], dtype=np.int64)
            entries.append(np.stack([rows, word_columns]))
            names += [f"{column}={value}" for value in values]
        rows, word_columns = np.concatenate([np.empty((2, 0), dtype=np.int64), *entries], axis=1)
        ones = np.ones(len(rows), dtype=np.float32)
        shape = (len(user_ids), len(names))
        return cls(tuple(names), sp.csr_array((ones, (rows, word_columns)), shape=shape))

    @classmethod
    def of_words(cls, users: Sequence[Sequence[str]]) -> Attributes:
        """Attributes from the words of each user."""
        names = tuple(dict.fromkeys(word for words in users for word in words))
        columns = {name: column for column, name in enumerate(names)}
        dense = np.zeros((len(users), len(names)), dtype=np.float32)
        for row, words in enumerate(users):
            dense[row, [columns[word] for word in words]] = 1
        return cls(names, sp.csr_array(dense))

    def words(self, row: int) -> tuple[str, ...]:
        """The attributes of one user."""
        start, end = self.matrix.indptr[row], self.matrix.indptr[row + 1]
        return tuple(self.names[column] for column in self.matrix.indices[start:end])

    def take(self, rows: NDArray[np.integer] | slice) -> Attributes:
        """The attributes of some of the users, in the order of `rows`."""
        return Attributes(self.names, self.matrix[rows])

    def aligned(self, names: Sequence[str]) -> sp.csr_array:
        """The matrix with other columns, `float32[n_users, len(names)]`.

        Attributes without a column, which a model has not learned, are left out.
        """
        columns = {name: column for column, name in enumerate(names)}
        places = [(row, columns[name]) for row, name in enumerate(self.names) if name in columns]
        source, target = np.array(places, dtype=np.int64).reshape(-1, 2).T
        ones = np.ones(len(source), dtype=np.float32)
        mapping = sp.csr_array((ones, (source, target)), shape=(len(self.names), len(names)))
        return sp.csr_array(self.matrix @ mapping)


def attribute_words(facts: Mapping[str, str | int]) -> tuple[str, ...]:
    """One user's attributes from facts by column: {"age": 34} is "age=25-34"."""
    words = []
    for column, value in facts.items():
        text = str(value).strip()
        banded = column == "age" and text.isdecimal()
        words.append(f"{column}={age_bands(np.array([int(text)]))[0] if banded else text}")
    return tuple(words)


def age_bands(ages: NDArray[np.integer]) -> NDArray[np.str_]:
    """The age bands of ages in years."""
    return np.array(AGE_BANDS)[np.searchsorted(_AGES, ages, side="right")]


def _words(values: pl.Series) -> pl.Series:
    if values.name == "age" and values.dtype.is_numeric():
        bands = age_bands(values.fill_null(0).cast(pl.Int64).to_numpy())
        return pl.Series(values.name, bands).set(values.is_null(), None)
    return values.cast(pl.String)
