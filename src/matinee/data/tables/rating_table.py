"""Reads any table of ratings: CSV, TSV, JSON, Parquet, polars and pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import Columns, rating_columns
from matinee.data.tables.film_facts import FilmFacts, read_films
from matinee.data.tables.id_column import IdColumn
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.open_table import open_table
from matinee.data.tables.rating_rows import RatingRows
from matinee.data.tables.rating_scales import guess_scale
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, OptionError

__all__ = ["read_ratings"]

_LICENCE = "The terms of this table are those of whoever it came from; matinee does not know them."


def read_ratings(
    path_or_frame: object,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
    cleaning: Cleaning,
    films: object | None = None,
    block: int = BLOCK,
) -> Dataset:
    """The data set in a table with a viewer, a film and perhaps a rating per row.

    Ids that are whole numbers are in numerical order, others in alphabetical order; unrated films
    of `films` follow. If a viewer rated a film more than once, the last rating by time, then by
    row, counts.

    Args:
        path_or_frame: a CSV, TSV, JSON or Parquet file, text also as gzip; or a polars or pandas
            frame.
        columns: "user", "item", "rating", "time", "title", "year" and "genres" to column names, for
            columns whose names do not tell. Without a rating column every row counts 1.
        scale: lowest and highest rating; guessed by default.
        cleaning: records everything that is left out or repaired.
        films: a table of ids, titles, years and genres, in any of these forms.
        block: bytes of delimited text that are read at a time.

    Raises:
        OptionError: an unknown kind of column, or a scale whose ends are not in order.
        DataError: the table cannot be read, the columns cannot be told apart, or more lines are
            malformed than `cleaning` allows; names file, line and reason.
    """
    if scale is not None and not scale[0] < scale[1]:
        raise OptionError(f"scale {scale} must be the lowest and the highest rating, as (1, 5)")
    table = open_table(path_or_frame, block)
    known = rating_columns(table.source, table.names, columns, named=table.named)
    facts = FilmFacts()
    with RatingRows(table.source, known, cleaning, capacity=table.height) as rows:
        for each in table.blocks(known, cleaning):
            rows.add(each)
            if known.title or known.genres or known.year:
                facts.add(each.frame, known)
    if not len(rows.values):
        first = next((f" ({finding.examples[0]})" for finding in cleaning.findings), "")
        raise DataError(f"{table.source} holds no rows that can be used{first}")
    interactions, scale_note = _interactions(rows, known, scale)
    if films is not None:
        facts = read_films(films, cleaning)
    catalog = facts.catalog(interactions.item_ids, others=films is not None)
    return Dataset(
        name=table.source,
        interactions=replace(interactions, item_ids=catalog.item_ids),
        catalog=catalog,
        licence=_LICENCE,
        notes=(f"columns: {known}", scale_note, *_facts_note(facts, interactions)),
        findings=cleaning.findings,
    )


def _interactions(
    rows: RatingRows, columns: Columns, scale: tuple[float, float] | None
) -> tuple[Interactions, str]:
    """All rows without ratings off the scale and without repeated ratings; a note on the scale."""
    values = rows.values.pop()
    if columns.rating is None:
        scale, note = (0.0, 1.0), "no rating column: every row counts 1"
    elif scale is None:
        scale = guess_scale(values)
        note = f"scale {scale[0]:g} to {scale[1]:g}, guessed from the ratings"
    else:
        note = f"scale {scale[0]:g} to {scale[1]:g}, as given"
    kept = _in_scale(rows, values, scale)
    with ThreadPoolExecutor() as pool:
        users_and_items = pool.map(IdColumn.pop, (rows.users, rows.items))
        (users, user_ids), (items, item_ids) = users_and_items
    times = rows.times.pop()
    interactions = Interactions(users, items, values, times, user_ids, item_ids, scale)
    if kept is not None:
        interactions = _compact(interactions.select(kept))
    return last_ratings(interactions, rows.source, rows.cleaning), note


def _in_scale(
    rows: RatingRows, values: NDArray[np.float32], scale: tuple[float, float]
) -> NDArray[np.bool_] | None:
    """A mask of the ratings on the scale, `None` if all are; the others are malformed lines."""
    low, high = np.float32(scale[0]), np.float32(scale[1])
    if low <= values.min() and values.max() <= high:
        return None
    kept: NDArray[np.bool_] = (values >= low) & (values <= high)
    for row in np.flatnonzero(~kept).tolist():
        reason = f"rating {values[row]:g} is outside {scale[0]:g} to {scale[1]:g}"
        rows.cleaning.bad_line(rows.source, rows.lines[row], reason)
    if not kept.any():
        raise DataError(f"{rows.source} holds no rating from {scale[0]:g} to {scale[1]:g}")
    return kept


def _compact(interactions: Interactions) -> Interactions:
    """Drops ids without rows."""
    users, user_rows = np.unique(interactions.users, return_inverse=True)
    items, item_rows = np.unique(interactions.items, return_inverse=True)
    return replace(
        interactions,
        users=user_rows.astype(np.int32),
        items=item_rows.astype(np.int32),
        user_ids=Vocabulary("viewer", interactions.user_ids.ids[users]),
        item_ids=Vocabulary("film", interactions.item_ids.ids[items]),
    )


def _facts_note(facts: FilmFacts, interactions: Interactions) -> Iterable[str]:
    known = sum(1 for each in interactions.item_ids.ids.tolist() if each in facts)
    if known < interactions.n_items:
        lacking = interactions.n_items - known
        yield f"{lacking:,} of {interactions.n_items:,} films have no title: called by their ids"
