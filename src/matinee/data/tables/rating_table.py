"""Reads any table of ratings: CSV, TSV, JSON, Parquet, polars and pandas frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import FILM_ROLES, Columns, column_choice, rating_columns
from matinee.data.tables.film_facts import FilmFacts, read_films
from matinee.data.tables.layout import Table
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.open_table import open_table
from matinee.data.tables.rating_rows import RatingRows
from matinee.data.tables.viewer_table import read_viewers
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
    viewers: object | None = None,
    times: str | None = None,
    implicit: bool = False,
    block: int = BLOCK,
) -> Dataset:
    """The data set in a table with a viewer, a film and perhaps a rating per row.

    Ids that are whole numbers are in numerical order, others in alphabetical order; unrated films
    of `films` follow. If a viewer rated a film more than once, the last rating by time, then by
    row, counts. Counts of plays add up instead, see `Interactions.counts`.

    Args:
        path_or_frame: a CSV, TSV, JSON or Parquet file, text also as gzip; or a polars or pandas
            frame.
        columns: "user", "item", "rating" or "count", "time", "title", "year", "genres", "imdb_id"
            and "tmdb_id" to columns whose names are not recognised. Without ratings and counts
            every row counts 1.
        scale: lowest and highest rating; guessed by default, see `scale_of`.
        cleaning: records everything that is left out or repaired.
        films: a table of ids, titles, years and genres, in any of these forms; `columns` that it
            has apply to it as well.
        viewers: a table of viewers' ids and attributes, in any of these forms; see `read_viewers`.
        times: what the times are, a key of `TIME_FORMS`; guessed by default, see `TimeColumn`.
        implicit: whether rows are events, such as plays, that add up: a column of ratings is not
            read.
        block: bytes of delimited text that are read at a time.

    Raises:
        OptionError: an unknown kind of column, a scale whose ends are not in order, or a scale or
            a column of ratings for counts.
        DataError: the table cannot be read, the columns are ambiguous, or more lines are
            malformed than `cleaning` allows; names file, line and reason.
    """
    _check_scale(scale)
    table = open_table(path_or_frame, block)
    of_films = None if films is None else open_table(films)
    of_viewers = None if viewers is None else open_table(viewers)
    choice, choice_of_films = _choices(column_choice(columns), table, of_films)
    choice, choice_of_viewers = _of_viewers(choice, table, of_viewers)
    known = _columns(table, choice, scale, implicit=implicit)
    interactions, facts, notes = _rated(
        table, known, scale, cleaning=cleaning, times=times, counts=implicit
    )
    if of_films is not None:
        facts, known = read_films(of_films, cleaning, interactions.item_ids, choice_of_films)
        notes.append(f"columns of the films: {known}")
    catalog = facts.catalog(interactions.item_ids, others=films is not None)
    demographics = None
    if of_viewers is not None:
        user_ids = interactions.user_ids
        demographics, remarks = read_viewers(of_viewers, cleaning, user_ids, choice_of_viewers)
        notes += remarks
    lacking = sum(each not in facts for each in interactions.item_ids.ids.tolist())
    if lacking:
        films_without = f"{lacking:,} of {interactions.n_items:,} films have no title"
        notes.append(f"{films_without}: called by their ids")
    return Dataset(
        name=table.source,
        interactions=replace(interactions, item_ids=catalog.item_ids),
        catalog=catalog,
        licence=_LICENCE,
        demographics=demographics,
        notes=tuple(notes),
        findings=cleaning.findings,
    )


def _check_scale(scale: tuple[float, float] | None) -> None:
    if scale is not None and not (len(np.atleast_1d(scale)) == 2 and scale[0] < scale[1]):
        raise OptionError(f"scale {scale} must be the lowest and the highest rating, as (1, 5)")


def _rated(
    table: Table,
    known: Columns,
    scale: tuple[float, float] | None,
    *,
    cleaning: Cleaning,
    times: str | None,
    counts: bool,
) -> tuple[Interactions, FilmFacts, list[str]]:
    """The ratings or counts of a table, the facts about films beside them, and what to say of both.

    Raises:
        DataError: no row can be used, or more are malformed than `cleaning` allows.
    """
    facts, counts = FilmFacts(), counts or known.count is not None
    with RatingRows(table.source, known, cleaning, table.height, times, counts=counts) as rows:
        for each in table.blocks(known, cleaning):
            rows.add(each)
            if known.title or known.genres or known.year:
                facts.add(each.frame, known)
    if not len(rows.values):
        first = next(
            (f" ({finding.examples[0]})" for finding in cleaning.findings if finding.examples), ""
        )
        raise DataError(f"{table.source} holds no rows that can be used{first}")
    interactions = rows.pop(scale)
    notes = [f"columns: {known}", _value_note(rows, interactions)]
    return interactions, facts, notes + ([rows.remark] if rows.remark else [])


def _choices(
    choice: Mapping[str, str], table: Table, of_films: Table | None
) -> tuple[dict[str, str], dict[str, str]]:
    """The columns chosen for the ratings, and for the films; a column of both is for both."""
    if of_films is None:
        return dict(choice), {}
    elsewhere = {
        role: name
        for role, name in choice.items()
        if role in FILM_ROLES and (name in of_films.names or name not in table.names)
    }
    return {
        role: name for role, name in choice.items() if name in table.names or role not in elsewhere
    }, elsewhere


def _of_viewers(
    choice: Mapping[str, str], table: Table, of_viewers: Table | None
) -> tuple[dict[str, str], dict[str, str]]:
    """The columns chosen for the ratings, and for the viewers; an id of both is for both."""
    name = choice.get("user")
    if of_viewers is None or name is None or name not in of_viewers.names:
        return dict(choice), {}
    others = {role: each for role, each in choice.items() if role != "user"}
    return dict(choice) if name in table.names else others, {"user": name}


def _columns(
    table: Table, choice: Mapping[str, str], scale: tuple[float, float] | None, *, implicit: bool
) -> Columns:
    if implicit and "rating" in choice:
        raise OptionError(
            "ratings are no implicit feedback; leave out the column of ratings, or --implicit"
        )
    known = rating_columns(
        *(table.source, table.names, choice), has_names=table.has_names, rated=not implicit
    )
    if scale is not None and (implicit or known.count is not None):
        raise OptionError(
            "a scale is for ratings, and counts have no upper bound; leave it out, or name the "
            "column of ratings with --column rating=NAME"
        )
    return known


def _value_note(rows: RatingRows, interactions: Interactions) -> str:
    """What the values are: ratings of a scale, or counts, or every row alike."""
    columns, values = rows.columns, interactions.values
    if columns.rating is not None:
        return f"scale {rows.scale}, {rows.scale.origin}"
    again = f"{rows.repeated:,} rows repeat a viewer and a film"
    if not rows.counts:
        added = f"; {again}: --implicit adds them up" if rows.repeated else ""
        return f"no rating column: every row counts 1{added}"
    source = f"in {columns.count!r}" if columns.count else "of rows"
    added = f"; {again} and add up" if rows.repeated else ""
    return f"counts {source}, {values.min():g} to {values.max():g}{added}"
