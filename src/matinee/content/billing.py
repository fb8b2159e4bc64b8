"""The order in which a cast is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from matinee.data import Catalog
from matinee.data.people import is_alphabetical
from matinee.data.texts import TextLists

__all__ = ["billed"]

_MIN_NAMES = 4
"""Shorter lists are in alphabetical order by chance too often, and are shown whole anyway."""


def billed(catalog: Catalog) -> Catalog:
    """The catalogue with the best-known actors of every film in front.

    Most sources have casts in the order of billing, which is kept. A list in alphabetical order has
    none: its actors are sorted by the number of films of the catalogue they appear in.
    """
    casts = list(catalog.cast)
    films = Counter(name for cast in casts for name in set(cast))
    return replace(
        catalog,
        cast=TextLists.of(
            tuple(sorted(cast, key=lambda name: -films[name])) if _is_unbilled(cast) else cast
            for cast in casts
        ),
    )


def _is_unbilled(cast: tuple[str, ...]) -> bool:
    return len(cast) >= _MIN_NAMES and is_alphabetical(cast)
