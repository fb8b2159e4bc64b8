"""The films of a catalogue by the spellings of their titles: one index for all look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from matinee.data.spelling import loose, natural_title, normalise, title_keys, title_parts

__all__ = ["RowsBy", "TitleRows"]

RowsBy = Mapping[str, Sequence[int]]
"""Rows of the films that share a spelling, in ascending order."""


class TitleRows:
    """Rows of films by title, from the strictest spelling to the loosest; built as asked for.

    Attributes:
        whole: the normalised title of every row, articles in front, a year in brackets kept.
        years: of every row; 0 where unknown.
    """

    def __init__(self, titles: Iterable[str], years: Iterable[int | None]) -> None:
        self._titles = list(titles)
        self.whole = [normalise(natural_title(title)) for title in self._titles]
        self.years = [year or 0 for year in years]

    @cached_property
    def by_whole(self) -> RowsBy:
        """By the whole title."""
        return _rows_by({key} for key in self.whole)

    @cached_property
    def by_form(self) -> RowsBy:
        """By each of the title's forms (see `title_keys`)."""
        return _rows_by(self._forms())

    @cached_property
    def by_loose_form(self) -> RowsBy:
        """By each of its forms, loosely (see `loose`)."""
        return _rows_by({loose(key) for key in keys} for keys in self._forms())

    @cached_property
    def by_loose_part(self) -> RowsBy:
        """By what stands before or after a colon or dash (see `title_parts`), loosely."""
        return _rows_by(set(map(loose, title_parts(title))) for title in self._titles)

    def of_any_year(self, rows_by: RowsBy, keys: Iterable[str]) -> set[int]:
        """Rows under any of the keys in one of the parts of this index."""
        return {row for key in keys for row in rows_by.get(key, ())}

    def in_year(self, rows_by: RowsBy, keys: Iterable[str], year: int | None) -> set[int]:
        """The same, of films of that year; an unknown year is equal to none."""
        if not year:
            return set()
        return {row for row in self.of_any_year(rows_by, keys) if self.years[row] == year}

    def _forms(self) -> Iterator[Iterable[str]]:
        for title, whole in zip(self._titles, self.whole, strict=True):
            # Brackets alone make other forms of a title.
            yield title_keys(title) if "(" in title else {whole}


def _rows_by(keys_of_rows: Iterable[Iterable[str]]) -> RowsBy:
    rows = defaultdict(list)
    for row, keys in enumerate(keys_of_rows):
        for key in keys:
            rows[key].append(row)
    return dict(rows)
