"""The links of a film's page that ask for films like it, but shorter, newer, lighter ..."""

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
    """One critique: its words, where it leads, and whether it is in force."""

    label: str
    address: str
    chosen: bool


def critique_links(catalog: Catalog, film: Film, chosen: Sequence[str]) -> list[CritiqueLink]:
    """The critiques that can be made of a film.

    A link adds its critique to those in force in place of its opposite, or takes it away.
    """
    starts_from = {
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
        if starts_from.get(kind, True)
    ]


def _toggled(kind: str, chosen: Sequence[str]) -> list[str]:
    if kind in chosen:
        return [each for each in chosen if each != kind]
    return [*(each for each in chosen if each != opposite(kind)), kind]


def _address(film: Film, kinds: Sequence[str]) -> str:
    query = urlencode([("but", each) for each in kinds])
    return f"{film_path(film)}{'?' if query else ''}{query}#similar"
