"""Links on a film's page to films like it, but shorter, newer, lighter ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from matinee.data import Catalog, Film
from matinee.data.certificates import age_of
from matinee.pipeline.critique import CRITIQUES, NEEDS, opposite
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
    knows_ages = any(age_of(each) >= 0 for each in catalog.certificates.coded[1])
    return [
        CritiqueLink(label, _address(film, _toggled(kind, chosen)), kind in chosen)
        for kind, label in CRITIQUES.items()
        if (knows_ages if kind == "kids" else kind not in NEEDS or getattr(film, NEEDS[kind]))
    ]


def _toggled(kind: str, chosen: Sequence[str]) -> list[str]:
    if kind in chosen:
        return [each for each in chosen if each != kind]
    return [*(each for each in chosen if each != opposite(kind)), kind]


def _address(film: Film, kinds: Sequence[str]) -> str:
    query = urlencode([("but", each) for each in kinds])
    return f"{film_path(film)}{'?' if query else ''}{query}#similar"
