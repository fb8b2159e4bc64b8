"""The plots of films as words, genre words and sentence vectors, without the films' own titles."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matinee.content.description import words_of
from matinee.content.embeddings import text_embeddings
from matinee.data import Catalog

__all__ = ["genre_words", "plot_sentences", "plot_words"]

_MASK = "This film"
_MOST_FILMS = 0.1
"""Share of the plots in which a word says nothing: "film", "directed", "american"."""
_DIMENSIONS = 256
_MIN_COMMON = 100
"""Plots that must have a word before it is too common; among few plots every word counts."""
_IS_A_FILM = re.compile(
    r"""\bis\san?\s
    ((?: (?!\b(?:who|whose|that|which|This)\b|film|movie) [^.,] ){1,120}?)  # one noun phrase
    \b(?:film|movie)\b
    (?!\W(?:maker|director|producer|star|critic|studio)s?\b)  # people and companies
    """,
    re.VERBOSE,
)
"""What a plot says the film is: "is a 1997 American epic romance and disaster film"."""
_YEAR = re.compile(r"(?:18|19|20)\d\d")


def plot_words(catalog: Catalog) -> list[list[str]]:
    """The words of each overview in lower case, without years and common words.

    The first mention of the film's title is masked: it names the film. Otherwise a film would be
    similar to all those of whose titles it has a word. Later ones often name a person, a ship or
    the series.
    """
    documents = [_words(plot) for plot in _plots(catalog, mentions=1)]
    films = Counter(word for document in documents for word in set(document))
    most = max(_MIN_COMMON, _MOST_FILMS * sum(map(bool, documents)))
    return [[word for word in document if films[word] <= most] for document in documents]


def genre_words(catalog: Catalog) -> list[list[str]]:
    """The words by which each overview names the genre of its film, in lower case.

    "Fargo is a 1996 black comedy crime film" gives black, comedy and crime. Encyclopedias begin
    like that, teasers do not: a list may be empty.
    """
    found = map(_IS_A_FILM.search, _plots(catalog, mentions=1))
    return [_words(match[1]) if match else [] for match in found]


def plot_sentences(catalog: Catalog, encoder: Path) -> NDArray[np.float32]:
    """Sentence embeddings of the overviews without the films' titles, see `text_embeddings`.

    `float32[n_items, d]`; zeros for films without an overview.
    """
    return text_embeddings(_plots(catalog, mentions=None), encoder, _DIMENSIONS)


def _words(text: str) -> list[str]:
    return [word for word in words_of(text) if not _YEAR.fullmatch(word)]


def _plots(catalog: Catalog, mentions: int | None) -> list[str]:
    """The overviews; a mask replaces so many mentions of the film's title, or all of them."""
    return [
        _without(title, overview, mentions) if title and title in overview else overview
        for title, overview in zip(catalog.titles, catalog.overviews, strict=True)
    ]


def _without(title: str, text: str, mentions: int | None) -> str:
    """The text with a mask for the title, where it is no part of a word."""
    whole = re.compile(rf"(?<![^\W_]){re.escape(title)}(?![^\W_])")
    return whole.sub(_MASK, text, mentions or 0)
