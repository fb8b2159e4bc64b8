"""Predicted ratings for a table of viewers and films."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Dataset, Histories
from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns, column_choice, columns_by_role, rating_columns
from matinee.data.tables.film_facts import film_ids
from matinee.data.tables.id_column import id_texts
from matinee.data.tables.layout import Table
from matinee.data.tables.open_table import as_frame, open_table
from matinee.errors import DataError, InputError
from matinee.models import Model

__all__ = ["predicted_pairs"]

_BLOCK = 4096
"""Users predicted at a time."""
_PREDICTED = ("predicted", "low", "high")


def predicted_pairs(
    model: Model, dataset: Dataset, pairs: object, columns: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The columns of a table and predicted, low, high: one rating in stars a row, at no known time.

    A viewer is predicted from their ratings in the data set. `low` and `high` are the ends of the
    80% interval, null where the model has none.

    Args:
        model: fitted on the films of `dataset`; predicts ratings.
        dataset: of the viewers and films.
        pairs: a path, or a polars or pandas frame, with a viewer and a film in every row, as
            `read_ratings` names the columns. Films are ids or titles, see `TitleIndex.finder`.
        columns: "user" and "item" to columns whose names are not recognised.

    Raises:
        OptionError: `columns` is no mapping of roles to columns.
        DataError: the table cannot be read, or names an unknown viewer or film; says in which line.
    """
    whole = as_frame(pairs)
    table = open_table(pairs if whole is None else whole)
    known = _columns(table, columns, every=whole is None)
    blocks = list(table.blocks(known, Cleaning(limit=0)))
    if not any(block.frame.height for block in blocks):
        raise DataError(f"{table.source} has no rows to predict")
    frame = pl.concat([block.frame for block in blocks], how="vertical_relaxed")
    lines = np.concatenate([block.line_numbers for block in blocks])
    users, items = _rows(table.source, frame, known, lines, dataset)
    stars, low, high = _predicted(model, dataset, users, items)
    added = {"predicted": stars, "low": low, "high": high}
    answered = frame.select(table.names) if whole is None else whole
    return answered.drop(*_PREDICTED, strict=False).with_columns(
        pl.lit(None, dtype=pl.Float32).alias(name)
        if values is None
        else pl.Series(name, values, dtype=pl.Float32)
        for name, values in added.items()
    )


@dataclass(frozen=True)
class _PairColumns(Columns):
    """The columns of viewers and films, and those that stay as they are."""

    others: tuple[str, ...] = ()

    @property
    def by_role(self) -> dict[str, str]:
        return {role: name for role, name in super().by_role.items() if role != "others"}

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*super().names, *self.others]))


def _columns(table: Table, choice: Mapping[str, str] | None, *, every: bool) -> _PairColumns:
    """The columns to read: what identifies viewers and films, or `every` one."""
    source, names = table.source, table.names
    known = rating_columns(
        source, names, column_choice(choice), has_names=table.has_names, rated=False
    )
    roles = columns_by_role(source, names, known.by_role, ("rating",))
    return _PairColumns(**roles, others=names if every else ())


def _rows(
    source: str,
    frame: pl.DataFrame,
    columns: Columns,
    lines: NDArray[np.int64],
    dataset: Dataset,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows of the viewers and of the films, `int32[n]` each."""

    def found(texts: pl.Series, what: str, row: Callable[[str], int]) -> NDArray[np.int32]:
        rows: dict[str | None, int] = {}
        for text in texts.unique(maintain_order=True):
            try:
                if text is None:
                    raise InputError(f"there is no {what}")
                rows[text] = row(text)
            except InputError as error:
                place = int(lines[(texts.eq_missing(text)).arg_max() or 0])
                raise DataError(f"{source}, line {place}: {error}") from None
        return np.array([rows[text] for text in texts], dtype=np.int32)

    viewers = id_texts(frame[columns.user or ""])
    films = film_ids(frame, columns).cast(pl.String)
    film = dataset.titles.finder(films.drop_nulls().unique())
    return found(viewers, "viewer", dataset.interactions.user_ids.row), found(films, "film", film)


def _predicted(
    model: Model, dataset: Dataset, users: NDArray[np.int32], items: NDArray[np.int32]
) -> tuple[NDArray[np.floating], NDArray[np.floating] | None, NDArray[np.floating] | None]:
    """Predictions and the ends of their intervals, `[n]` each; a repeated pair is one question."""
    n_items = len(dataset.catalog)
    keys, places = np.unique(users.astype(np.int64) * n_items + items, return_inverse=True)
    of_keys, films = np.divmod(keys, n_items)
    viewers, starts = np.unique(of_keys, return_index=True)
    bounds = np.append(starts, len(keys))
    answers = []
    for start in range(0, len(viewers), _BLOCK):
        some = bounds[start : start + _BLOCK + 1]
        columns = films[some[0] : some[-1]].astype(np.int32)
        times = np.zeros(len(columns), dtype=np.int64)
        wanted = sp.csr_array(
            (times, columns, (some - some[0]).astype(np.int32)), shape=(len(some) - 1, n_items)
        )
        histories = Histories.of_users(dataset.interactions, viewers[start : start + _BLOCK])
        stars, ends = model.predictions(histories, wanted), model.intervals(histories, wanted)
        answers.append((stars, *(ends or ())))
    stars, *ends_of_all = (np.concatenate(each)[places] for each in zip(*answers, strict=True))
    low, high = ends_of_all or (None, None)
    return stars, low, high
