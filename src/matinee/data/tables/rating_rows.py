"""Rows of ratings, checked block by block and packed into arrays."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import Columns, scale_in, unit_of
from matinee.data.tables.film_facts import film_ids
from matinee.data.tables.id_column import GrowingArray, IdColumn, are_too_long, ids_of
from matinee.data.tables.layout import Block
from matinee.data.tables.rating_scales import RatedTable, RatingScale, rated_rows, scale_of
from matinee.data.tables.rating_times import TimeColumn, record_doubts, record_unknown
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import LONGEST_ID, Vocabulary
from matinee.errors import DataError

__all__ = ["RatingRows"]


class RatingRows:
    """Collects blocks of rows; a malformed row is left out and named by its line.

    Blocks are checked at once and copied in a thread while the next one is parsed, because fresh
    memory is slow to get. Add rows inside `with`, read and pop after it.

    `source` is the file or frame as messages call it, `capacity` the expected number of rows,
    `times` what times are, see `TimeColumn`.
    Values are `float32`, ones without a column of ratings or counts; times `int64` Unix seconds, 0
    if unknown. With `counts` they are counts: they have no upper bound, a row of 0 is left out, and
    rows that repeat a viewer and a film add up.

    Attributes:
        scale: how the scale is known, after `pop`; of counts that of `Interactions`.
        repeated: number of rows that repeated the viewer and the film of another, after `pop`.
        remark: what numbers in the column of times were taken for, after `pop`; "" for seconds.
    """

    def __init__(
        self,
        source: str,
        columns: Columns,
        cleaning: Cleaning,
        capacity: int = 0,
        times: str | None = None,
        *,
        counts: bool = False,
    ) -> None:
        self.source = source
        self.counts = counts
        self.columns = columns
        self.cleaning = cleaning
        self.users = IdColumn("viewer", capacity)
        self.items = IdColumn("film", capacity)
        self.values = GrowingArray(np.float32, capacity)
        self.times = GrowingArray(np.int64, capacity)
        self.scale = RatingScale(0.0, 1.0, "without ratings")
        self.remark = ""
        self.repeated = 0
        self._reader = TimeColumn(times)
        self._scales: set[str] = set()
        self._lines: list[tuple[int, int | NDArray[np.int64]]] = []
        self._copier = ThreadPoolExecutor(max_workers=1)
        self._copy: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._copier.shutdown()
        if self._copy is not None:
            self._copy.result()

    def add(self, block: Block) -> None:
        """Check a block and keep its usable rows."""
        block = self._without_empty(block)
        users, items, values = self._ids_and_values(block.frame)
        finite = values.is_finite() & (values >= 0) if self.counts else values.is_finite()
        long = [each for each in map(are_too_long, (users, items)) if each is not None]
        if users.null_count() or items.null_count() or long or not finite.all(ignore_nulls=False):
            bad = users.is_null() | items.is_null() | ~finite.fill_null(value=False)
            for mask in long:
                bad |= mask
            for row in bad.arg_true().to_list():
                reason = self._reason(block.frame, row, user=users[row], item=items[row])
                self.cleaning.bad_line(self.source, block.line(row), reason)
            block = block.where(~bad)
            users, items, values = (each.filter(~bad) for each in (users, items, values))
        if self.columns.scale is not None:
            texts = block.frame[self.columns.scale].cast(pl.String).str.strip_chars()
            self._scales |= set(texts.drop_nulls().unique().to_list()) - {""}
        times = self._times(block)
        self._lines.append((block.frame.height, block.lines))
        if self._copy is not None:
            self._copy.result()

        def keep() -> None:
            self.users.append(users)
            self.items.append(items)
            self.values.append(values)
            self.times.append(times)

        self._copy = self._copier.submit(keep)

    def pop(
        self,
        scale: tuple[float, float] | None = None,
        usual: tuple[float, float] | None = None,
    ) -> Interactions:
        """All ratings, without those off the scale and repeated ones; empties this object.

        See `scale_of` for the scale, `scale` being the one that is given; it is 0 to 1 without a
        rating column. Counts are added up.

        Raises:
            DataError: no rating is on the scale, or the numbers are counts instead of ratings.
        """
        values = self.values.pop()
        if self.columns.rating is not None:
            scale = scale or scale_in(self._scales, self.columns.scale or "")
            unit = unit_of(self.columns.rating)
            self.scale = scale_of(values, choice=scale, unit=unit, usual=usual)
        table = RatedTable(self.source, self.columns.rating or "", self._line)
        inside = (
            self._counted(values)
            if self.counts
            else rated_rows(values, self.scale, table, self.cleaning)
        )
        with ThreadPoolExecutor() as pool:
            (users, user_ids), (items, item_ids) = pool.map(IdColumn.pop, (self.users, self.items))
        times = self._settled(self.times.pop())
        every = Interactions(
            users, items, values, times, user_ids, item_ids, self.scale.ends, counts=self.counts
        )
        if inside is not None:
            every = _compact(every.select(inside))
        distinct = (
            every.latest() if self.counts else last_ratings(every, self.source, self.cleaning)
        )
        self.repeated = len(every) - len(distinct)
        return distinct

    def _counted(self, values: NDArray[np.float32]) -> NDArray[np.bool_] | None:
        """A mask `[n]` of the counts above 0; `None` if all are."""
        some: NDArray[np.bool_] = values > 0
        if some.all():
            return None
        zeros = np.flatnonzero(~some)
        example = f"{self.source}, line {self._line(int(zeros[0]))}"
        self.cleaning.count("counts of 0 left out", len(zeros), example)
        if not some.any():
            raise DataError(f"{self.source}: every count in {self.columns.count!r} is 0")
        return some

    def _settled(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Unix seconds of the whole column of times."""
        if self.columns.time is None:
            return codes
        times = self._reader.settled(codes)
        self.remark = times.remark
        record_doubts(times, self.cleaning, lambda row: f"{self.source}, line {self._line(row)}")
        return times.seconds

    def _line(self, row: int) -> int:
        """The line of a row of all blocks together."""
        for height, lines in self._lines:
            if row < height:
                return lines + row if isinstance(lines, int) else int(lines[row])
            row -= height
        raise IndexError(row)

    def _without_empty(self, block: Block) -> Block:
        if not block.frame[self.columns.user or ""].null_count():
            return block
        empty = block.frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if not empty.any():
            return block
        example = f"{self.source}, line {block.line(empty.arg_true()[0])}: empty"
        self.cleaning.count("empty lines left out", int(empty.sum()), example)
        return block.where(~empty)

    def _ids_and_values(self, frame: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
        users, items = ids_of(frame[self.columns.user or ""]), film_ids(frame, self.columns)
        if self.columns.value is None:
            return users, items, pl.repeat(1.0, frame.height, dtype=pl.Float32, eager=True)
        ratings = frame[self.columns.value]
        if ratings.dtype == pl.String:
            ratings = ratings.str.strip_chars().str.replace(r"^([+-]?[0-9]*),([0-9]+)$", "$1.$2")
        return users, items, ratings.cast(pl.Float32, strict=False)

    def _reason(self, frame: pl.DataFrame, row: int, *, user: object, item: object) -> str:
        for kind, known in (("viewer", user), ("film", item)):
            if known is None:
                return f"no {kind} id"
            if len(str(known)) > LONGEST_ID:
                count = f"{len(str(known)):,} characters"
                return f"{kind} id {str(known)[:20]!r}... has {count}, more than {LONGEST_ID}"
        value = frame[self.columns.value or ""][row]
        kind = "count" if self.counts else "rating"
        if value is None or not str(value).strip():
            return f"no {kind}"
        rule = "number from 0 on" if self.counts else "number"
        return f"{kind} {str(value)[:40]!r} is not a finite {rule}"

    def _times(self, block: Block) -> NDArray[np.int64]:
        if self.columns.time is None:
            return np.zeros(block.frame.height, dtype=np.int64)
        column = block.frame[self.columns.time]
        times = self._reader.read(column)
        record_unknown(
            times, column, self.cleaning, lambda row: f"{self.source}, line {block.line(row)}"
        )
        return times.codes


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
