"""Any table of ratings as a data set: CSV, TSV, JSON lines, Parquet, polars and pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.columns import Columns, rating_columns
from matinee.data.dataset import Dataset
from matinee.data.film_facts import FilmFacts, read_films
from matinee.data.interactions import Interactions
from matinee.data.rating_rows import RatingRows
from matinee.data.rating_scales import guess_scale
from matinee.data.tables import open_table
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
) -> Dataset:
    """The data set in a table with a viewer, a film and mostly a rating in every row.

    Ids that are whole numbers are put in their order, others in that of the alphabet; films of
    `films` without a rating follow. Of several ratings of one film by one viewer the last by time,
    then by row, stays.

    Args:
        path_or_frame: a CSV, TSV, JSON lines or Parquet file, the former also as gzip; or a polars
            or pandas frame.
        columns: "user", "item", "rating", "time", "title", "year" and "genres" to column names,
            where the names do not say it themselves. Without a rating column every row counts 1.
        scale: lowest and highest rating; guessed where not given.
        cleaning: is told of everything that is left out or repaired.
        films: a table of ids, titles, years and genres, in any of these forms.

    Raises:
        OptionError: an unknown kind of column, or a scale that is none.
        DataError: not a table that can be read, no telling which column is which, or more
            malformed lines than `cleaning` allows; names file, line and reason.
    """
    if scale is not None and not scale[0] < scale[1]:
        raise OptionError(f"scale {scale} must be the lowest and the highest rating, as (1, 5)")
    table = open_table(path_or_frame)
    known = rating_columns(table.source, table.names, columns, named=table.named)
    rows = RatingRows(table.source, known, cleaning)
    facts = FilmFacts()
    for block in table.blocks(known, cleaning):
        rows.add(block)
        if known.title or known.genres or known.year:
            facts.add(block[0], known)
    if not any(map(len, rows.values)):
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
    """All blocks together, each let go as soon as it is copied."""
    values = np.concatenate(rows.values)
    if columns.rating is None:
        scale, note = (0.0, 1.0), "no rating column: every row counts 1"
    elif scale is None:
        scale = guess_scale(values)
        note = f"scale {scale[0]:g} to {scale[1]:g}, guessed from the ratings"
    else:
        note = f"scale {scale[0]:g} to {scale[1]:g}, as given"
    kept = _in_scale(rows, values, scale)
    users, user_ids = _coded("viewer", rows.users)
    items, item_ids = _coded("film", rows.items)
    times = np.concatenate(rows.times)
    rows.times.clear()
    rows.values.clear()
    interactions = Interactions(users, items, values, times, user_ids, item_ids, scale)
    if kept is not None:
        interactions = _compact(interactions.select(kept))
    return _last_of_each(interactions, rows.source, rows.cleaning), note


def _in_scale(
    rows: RatingRows, values: NDArray[np.float32], scale: tuple[float, float]
) -> NDArray[np.bool_] | None:
    """A mask of the ratings on the scale, the others told; `None` where all are."""
    low, high = np.float32(scale[0]), np.float32(scale[1])
    if low <= values.min() and values.max() <= high:
        return None
    kept: NDArray[np.bool_] = (values >= low) & (values <= high)
    for row in np.flatnonzero(~kept).tolist():
        reason = f"rating {values[row]:g} is outside {scale[0]:g} to {scale[1]:g}"
        rows.cleaning.bad_line(rows.source, rows.line(row), reason)
    if not kept.any():
        raise DataError(f"{rows.source} holds no rating from {scale[0]:g} to {scale[1]:g}")
    return kept


def _coded(kind: str, blocks: list[pl.Series]) -> tuple[NDArray[np.int32], Vocabulary]:
    """Rows of ids in a vocabulary of them, in order; empties `blocks`."""
    if not all(block.dtype.is_integer() for block in blocks if len(block)):
        texts = pl.concat([block.cast(pl.String) for block in blocks], rechunk=True)
        blocks.clear()
        ids = texts.unique().sort()
        codes = texts.cast(pl.Enum(ids)).to_physical().to_numpy().astype(np.int32)
        return codes, Vocabulary.of(kind, ids)
    arrays = [block.to_numpy() for block in blocks if len(block)]
    blocks.clear()
    numbers = np.concatenate(arrays)
    arrays.clear()
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > 4 * len(numbers) + (1 << 20):
        sparse = pl.Series(numbers).unique().sort().to_numpy()
        return np.searchsorted(sparse, numbers).astype(np.int32), Vocabulary.of(kind, sparse)
    numbers -= low
    present = np.zeros(high - low + 1, dtype=np.bool_)
    present[numbers] = True
    if present.all():
        return numbers.astype(np.int32, copy=False), Vocabulary.of(kind, range(low, high + 1))
    row_of = (np.cumsum(present) - 1).astype(np.int32)
    return row_of[numbers], Vocabulary.of(kind, np.flatnonzero(present) + low)


def _compact(interactions: Interactions) -> Interactions:
    """Without the ids that no row is left of."""
    users, user_rows = np.unique(interactions.users, return_inverse=True)
    items, item_rows = np.unique(interactions.items, return_inverse=True)
    return replace(
        interactions,
        users=user_rows.astype(np.int32),
        items=item_rows.astype(np.int32),
        user_ids=Vocabulary("viewer", interactions.user_ids.ids[users]),
        item_ids=Vocabulary("film", interactions.item_ids.ids[items]),
    )


def _last_of_each(interactions: Interactions, source: str, cleaning: Cleaning) -> Interactions:
    """The last rating of every viewer and film; the order is kept."""
    pairs = interactions.users * np.int64(interactions.n_items)
    pairs += interactions.items
    if (pairs[1:] > pairs[:-1]).all():
        return interactions
    pairs.sort()
    repeated = np.unique(pairs[1:][pairs[1:] == pairs[:-1]])
    del pairs
    if not len(repeated):
        return interactions
    # Only the rows of repeated pairs are sorted by time: they are few in most tables.
    pairs = interactions.users * np.int64(interactions.n_items) + interactions.items
    rows = _rows_among(pairs, repeated)
    order = rows[np.lexsort((rows, interactions.times[rows], pairs[rows]))]
    earlier = order[:-1][pairs[order[1:]] == pairs[order[:-1]]]
    viewer = interactions.user_ids.ids[interactions.users[earlier[0]]]
    film = interactions.item_ids.ids[interactions.items[earlier[0]]]
    cleaning.found(
        "repeated ratings, the last kept",
        len(earlier),
        f"{source}: viewer {viewer} rated film {film} more than once",
    )
    kept = np.ones(len(interactions), dtype=np.bool_)
    kept[earlier] = False
    return interactions.select(kept)


def _rows_among(pairs: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions of the wanted pairs: sifted by their last bits first, which a cache holds."""
    sieve = np.zeros(1 << 20, dtype=np.bool_)
    sieve[wanted & (len(sieve) - 1)] = True
    likely = np.flatnonzero(sieve[pairs & (len(sieve) - 1)])
    at = np.minimum(np.searchsorted(wanted, pairs[likely]), len(wanted) - 1)
    rows: NDArray[np.intp] = likely[wanted[at] == pairs[likely]]
    return rows


def _facts_note(facts: FilmFacts, interactions: Interactions) -> Iterable[str]:
    known = sum(1 for each in interactions.item_ids.ids.tolist() if each in facts)
    if known < interactions.n_items:
        lacking = interactions.n_items - known
        yield f"{lacking:,} of {interactions.n_items:,} films have no title: called by their ids"
