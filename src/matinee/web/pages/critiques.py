"""Links on a film's page to films like it, but shorter, newer, lighter ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from matinee.data import Catalog, Film
from matinee.data.certificates import age_of
from matinee.pipeline.critique import CRITIQUES, opposite
from matinee.web.pages.render import film_path

__all__ = ["CritiqueLink", "critique_links"]


@dataclass(frozen=True)
class CritiqueLink:
    """One critique: its words, its address, and whether it is chosen."""

    label: str
    address: str
    chosen: bool


def critique_links(catalog: Catalog, film: Film, chosen: Sequence[str]) -> list[CritiqueLink]:
    """Links for the critiques a film has the facts for.

    A link adds its critique to the chosen ones and removes the opposite, or removes its own.
    """
    needs = {
        "shorter": film.runtime,
        "longer": film.runtime,
        "newer": film.year,
        "older": film.year,
        "lighter": film.genres,
        "darker": film.genres,
        "kids": any(age_of(each) >= 0 for each in catalog.certificates.coded[1]),
    }
    return [
        CritiqueLink(label, _address(film, _toggled(kind, chosen)), kind in chosen)
        for kind, label in CRITIQUES.items()
        if needs.get(kind, True)
    ]


def _toggled(kind: str, chosen: Sequence[str]) -> list[str]:
    if kind in chosen:
        return [each for each in chosen if each != kind]
    return [*(each for each in chosen if each != opposite(kind)), kind]


def _address(film: Film, kinds: Sequence[str]) -> str:
    query = urlencode([("but", each) for each in kinds])
    return f"{film_path(film)}{'?' if query else ''}{query}#similar"
