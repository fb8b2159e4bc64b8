"""Which films are parts of one series: by rules about titles, and by what plots say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from matinee.content.series import bare_title, series_name
from matinee.data import Catalog
from matinee.data.spelling import normalise

__all__ = ["Parts", "series_by_plots", "series_by_titles"]

Parts = dict[int, frozenset[int]]
"""Row of a film -> rows of the other parts of its series."""

_SHORTEST = 3
"""Letters of a name; "M" and "It" are no series."""
_NAME = r"((?:[A-Z][\w'\u2019-]*\.?|\d+)(?: (?:of|the|and|in|[A-Z][\w'\u2019-]*\.?|\d+))*)"
_IN_A_SERIES = re.compile(
    rf"\b(?:in|of) (?:the|his|her) {_NAME} (?:(?:film|movie) )?(?:series|franchise|trilogy|saga)\b"
)
_MOST_PARTS = 40
"""A name of more films is no series: "Marvel", "Disney"."""


def series_by_titles(catalog: Catalog) -> Parts:
    """By `series_name`, which no similarity reads.

    Titles that differ in an article at most are those of remakes and namesakes: a name that only
    such titles share is no series.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    titles = [bare_title(each) for each in catalog.titles]
    for row, title in enumerate(catalog.titles):
        rows_of[series_name(title)].append(row)
    return _others(
        rows
        for name, rows in rows_of.items()
        if len(name) >= _SHORTEST and len({titles[row] for row in rows}) > 1
    )


def series_by_plots(catalog: Catalog) -> Parts:
    """By what the overviews say: "the third film in the James Bond series".

    It judges similarities that have not read the overviews.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, overview in enumerate(catalog.overviews):
        for name in {normalise(each) for each in _IN_A_SERIES.findall(overview)}:
            rows_of[name.removeprefix("the ")].append(row)
    return _others(rows for rows in rows_of.values() if len(rows) <= _MOST_PARTS)


def _others(groups: Iterable[list[int]]) -> Parts:
    parts: dict[int, set[int]] = defaultdict(set)
    for rows in groups:
        for row in rows:
            parts[row].update(rows)
    return {row: frozenset(rows - {row}) for row, rows in parts.items() if len(rows) > 1}
