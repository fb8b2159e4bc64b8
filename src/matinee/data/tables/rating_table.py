"""Reads any table of ratings: CSV, TSV, JSON, Parquet, polars and pandas frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import Columns, rating_columns
from matinee.data.tables.film_facts import FilmFacts, read_films
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.open_table import open_table
from matinee.data.tables.rating_rows import RatingRows
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
    known = rating_columns(table.source, table.names, columns, has_names=table.has_names)
    facts = FilmFacts()
    with RatingRows(table.source, known, cleaning, capacity=table.height) as rows:
        for each in table.blocks(known, cleaning):
            rows.add(each)
            if known.title or known.genres or known.year:
                facts.add(each.frame, known)
    if not len(rows.values):
        first = next((f" ({finding.examples[0]})" for finding in cleaning.findings), "")
        raise DataError(f"{table.source} holds no rows that can be used{first}")
    interactions = rows.pop(scale)
    if films is not None:
        facts = read_films(films, cleaning)
    catalog = facts.catalog(interactions.item_ids, others=films is not None)
    notes = [f"columns: {known}", _scale_note(interactions, known, guessed=scale is None)]
    lacking = sum(each not in facts for each in interactions.item_ids.ids.tolist())
    if lacking:
        films_without = f"{lacking:,} of {interactions.n_items:,} films have no title"
        notes.append(f"{films_without}: called by their ids")
    return Dataset(
        name=table.source,
        interactions=replace(interactions, item_ids=catalog.item_ids),
        catalog=catalog,
        licence=_LICENCE,
        notes=tuple(notes),
        findings=cleaning.findings,
    )


def _scale_note(interactions: Interactions, columns: Columns, *, guessed: bool) -> str:
    if columns.rating is None:
        return "no rating column: every row counts 1"
    low, high = interactions.scale
    return f"scale {low:g} to {high:g}, {'guessed from the ratings' if guessed else 'as given'}"
