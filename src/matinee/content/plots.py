"""The plots of films as words and as sentence vectors, without the films' own titles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matinee.content.description import words_of
from matinee.content.embeddings import text_embeddings
from matinee.data import Catalog

__all__ = ["plot_sentences", "plot_words"]

_MASK = "This film"
_MOST_FILMS = 0.1
"""Share of the plots in which a word says nothing: "film", "directed", "american"."""
_DIMENSIONS = 256
_FEW = 100
"""Films; among fewer plots every word may say something."""


def plot_words(catalog: Catalog) -> list[list[str]]:
    """The words of each overview in lower case, without the film's title and without common words.

    Otherwise a film would be similar to all those of whose titles it has a word.
    """
    documents = [words_of(plot) for plot in _plots(catalog)]
    films = Counter(word for document in documents for word in set(document))
    most = max(_FEW, _MOST_FILMS * sum(map(bool, documents)))
    return [[word for word in document if films[word] <= most] for document in documents]


def plot_sentences(catalog: Catalog, encoder: Path) -> NDArray[np.float32]:
    """Sentence embeddings of the overviews without the films' titles, see `text_embeddings`.

    `float32[n_items, d]`; zeros for films without an overview.
    """
    return text_embeddings(_plots(catalog), encoder, _DIMENSIONS)


def _plots(catalog: Catalog) -> list[str]:
    return [
        _without(title, overview) if title and title in overview else overview
        for title, overview in zip(catalog.titles, catalog.overviews, strict=True)
    ]


def _without(title: str, text: str) -> str:
    """The text with a mask for the title, where it is no part of a word."""
    parts = text.split(title)
    masked = parts[0]
    for part in parts[1:]:
        within = masked[-1:].isalnum() or part[:1].isalnum()
        masked += (title if within else _MASK) + part
    return masked
