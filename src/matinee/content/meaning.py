"""What films are about as a few numbers each: sentence embeddings along their main directions."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matinee.content.embeddings import embed, film_texts
from matinee.content.sentence_encoder import SentenceEncoder
from matinee.data import Catalog
from matinee.errors import OptionError

__all__ = ["main_directions", "meanings"]

_KEPT = "embeddings"
"""The folder within an encoder's own where its answers are kept, if that can be written."""


def meanings(catalog: Catalog, encoder: str, dimensions: int) -> NDArray[np.float32]:
    """The films of a catalogue by what is written about them, see `main_directions`.

    Computed once for every catalogue and encoder, and kept with the encoder where its folder can be
    written; about ten films a second of one core where they have overviews.

    Args:
        catalog: of `n` films.
        encoder: folder of a sentence encoder, in the layout of sentence-transformers.
        dimensions: how many numbers a film is to have.

    Returns:
        `float32[n, d]`, `d` at most `dimensions`, rows of length 1; 0 where nothing is written.

    Raises:
        OptionError: no such folder.
        InputError: the extra `text` is not installed.
        DataError: the folder holds no encoder that can be computed here.
    """
    folder = Path(encoder)
    if not encoder or not folder.is_dir():
        raise OptionError(
            "embeddings need the folder of a sentence encoder, "
            + (f"and {encoder} is none; " if encoder else "")
            + "name it as encoder=FOLDER; `matinee fetch all-minilm-l6-v2` prints that of one"
        )
    loaded = SentenceEncoder.load(folder)
    texts = film_texts(catalog)
    kept = os.access(folder, os.W_OK)
    embeddings = embed(texts, loaded, folder / _KEPT) if kept else loaded.encode(texts)
    written = np.array([bool(text) for text in texts], dtype=np.bool_)
    found = np.zeros((len(texts), min(dimensions, loaded.dimensions)), dtype=np.float32)
    if written.any():
        found[written] = main_directions(embeddings[written], dimensions)
    return found


def main_directions(embeddings: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    """Embeddings less their mean, along the directions in which they differ most, of length 1.

    Args:
        embeddings: `float32[n, k]`.
        dimensions: how many directions, at most.

    Returns:
        `float32[n, min(k, dimensions)]`; rows of zeros where a text is the mean of all.
    """
    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  not always needed

    centred = (embeddings - embeddings.mean(axis=0)).astype(np.float64)
    with one_blas_thread_each():  # as many threads as there may be would change the last bit
        _, directions = np.linalg.eigh(centred.T @ centred)
        along = centred @ directions[:, ::-1][:, :dimensions]
    lengths = np.linalg.norm(along, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.where(lengths > 1e-6, along / np.maximum(lengths, 1e-6), 0)
    return unit.astype(np.float32)
