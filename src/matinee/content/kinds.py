"""The kinds of films that viewers name when they say what they dislike: genres, makers, themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.billing import billed
from matinee.content.features import multi_hot
from matinee.data import Catalog
from matinee.display import formats

__all__ = ["FilmKinds", "kinds_in_words"]

_STARS = 3
"""Names at the head of a cast that count."""
_MIN_FILMS = 2
"""Films a kind must have."""
_WEIGHTS = {"genres": 1.0, "directors": 0.3, "cast": 0.3, "keywords": 0.3}
"""Of the fields; a name of few films is rare, and so weighs much by its rarity alone."""
_GENRES: Mapping[str, str] = MappingProxyType(
    {
        "animation": "animated films",
        "biography": "biographical films",
        "children": "children's films",
        "documentary": "documentaries",
        "film-noir": "films noirs",
        "history": "historical films",
        "imax": "IMAX films",
        "music": "films about music",
        "musical": "musicals",
        "romance": "romantic films",
        "sci-fi": "science fiction films",
        "sport": "sports films",
        "tv movie": "television films",
        "western": "westerns",
    }
)
"""Films of the genres whose names cannot stand before "films"."""


@dataclass(frozen=True, eq=False)
class FilmKinds:
    """Which films have which genre, director, star and keyword.

    Attributes:
        films: sparse `float32[n_items, n_kinds]`, ones.
        weights: `float32[n_kinds]`: the logarithm of the number of all films over that of the kind
            (inverse document frequency), times the weight of the field. Crime says more than Drama.
        names: of the kinds, in words: "crime films", "romantic films", "films by Martin
            Scorsese".
    """

    films: sp.csr_array
    weights: NDArray[np.float32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """The kinds of the films of a catalogue."""
        cast = [names[:_STARS] for names in billed(catalog).cast]
        fields: tuple[tuple[str, str, Sequence[Sequence[str]]], ...] = (
            ("genres", "{}", catalog.genres),
            ("directors", "films by {}", catalog.directors),
            ("cast", "films with {}", cast),
            ("keywords", "films tagged {}", catalog.keywords),
        )
        blocks: list[sp.csr_array] = []
        weights: list[NDArray[np.float64]] = []
        names: list[str] = []
        for field, phrase, lists in fields:
            films, found = multi_hot(lists, _MIN_FILMS)
            counts = np.bincount(films.indices, minlength=len(found))
            blocks.append(films)
            weights.append(np.log(len(catalog) / counts) * _WEIGHTS[field])
            words = map(_films_of, found) if field == "genres" else found
            names += map(phrase.format, words)
        return cls(
            sp.csr_array(sp.hstack(blocks, format="csr", dtype=np.float32)),
            np.concatenate(weights).astype(np.float32),
            tuple(names),
        )

    def __len__(self) -> int:
        return len(self.names)


def kinds_in_words(names: Sequence[str]) -> str:
    """Kinds in a sentence: "crime and drama films", "musicals and films by Bob Fosse"."""
    if all(name.endswith(" films") and not name.startswith("films ") for name in names):
        return formats.listed(name.removesuffix(" films") for name in names) + " films"
    return formats.listed(names)


def _films_of(genre: str) -> str:
    return _GENRES.get(genre.lower(), f"{genre.lower()} films")
