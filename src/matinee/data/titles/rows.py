"""Rows of films by the spellings of their titles: the one index for all look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from matinee.data.spelling import loose, natural_title, normalise, title_keys, title_parts

__all__ = ["RowsBy", "TitleRows", "rows_by"]

RowsBy = Mapping[str, Sequence[int]]
"""Rows of the films that share a key, ascending."""


class TitleRows:
    """Rows of films by title, from the strictest spelling to the loosest.

    Each index is built at its first use.

    Attributes:
        years: year of every row; 0 where unknown.
    """

    def __init__(self, titles: Iterable[str], years: Iterable[int | None]) -> None:
        self._titles = list(titles)
        self.years = [year or 0 for year in years]

    @cached_property
    def normalised(self) -> list[str]:
        """The normalised title of every row, articles in front; a year in brackets stays."""
        return [normalise(natural_title(title)) for title in self._titles]

    @cached_property
    def by_title(self) -> RowsBy:
        """Rows by the whole title."""
        return rows_by([key] for key in self.normalised)

    @cached_property
    def by_form(self) -> RowsBy:
        """Rows by each form of the title (see `title_keys`)."""
        return rows_by(self._forms())

    @cached_property
    def by_loose_form(self) -> RowsBy:
        """Rows by each form of the title, made loose (see `loose`)."""
        return rows_by({loose(key) for key in keys} for keys in self._forms())

    @cached_property
    def by_loose_part(self) -> RowsBy:
        """Rows by each part of the title (see `title_parts`), made loose."""
        return rows_by(set(map(loose, title_parts(title))) for title in self._titles)

    def of_any_year(self, index: RowsBy, keys: Iterable[str]) -> set[int]:
        """Rows under any of the keys of one of these indexes."""
        return {row for key in keys for row in index.get(key, ())}

    def in_year(self, index: RowsBy, keys: Iterable[str], year: int | None) -> set[int]:
        """The rows of one year among them; an unknown year has no rows."""
        if not year:
            return set()
        return {row for row in self.of_any_year(index, keys) if self.years[row] == year}

    def _forms(self) -> Iterator[Iterable[str]]:
        for title, whole in zip(self._titles, self.normalised, strict=True):
            # A title has a second form only by its brackets.
            yield title_keys(title) if "(" in title else {whole}


def rows_by(keys_of_rows: Iterable[Iterable[str]]) -> RowsBy:
    """Rows by each of their keys; an empty key has no rows."""
    rows = defaultdict(list)
    for row, keys in enumerate(keys_of_rows):
        for key in keys:
            if key:
                rows[key].append(row)
    return dict(rows)
