"""Films as numbers that a linear model learns from: every field, weighted, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import encode
from matinee.content.fields import words_by_field
from matinee.content.tfidf import tfidf
from matinee.data import Catalog

__all__ = ["FIELD_WEIGHTS", "described", "field_blocks"]

FIELD_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "title": 0.9,
        "overview": 0.5,
        "genres": 1.0,
        "keywords": 0.5,
        "people": 1.5,
        "decade": 0.5,
        "origin": 0.5,
        "runtime": 0.3,
        "certificate": 0.6,
        "known": 0.5,
    }
)
"""How far two films differ that have nothing of a field in common; found on validation, see
docs/decisions. `known` is which fields the catalogue has at all: much is written about what many
watch."""


def described(catalog: Catalog) -> sp.csr_array:
    """The films of a catalogue by their weighted features, `float32[n_items, n_features]`.

    Fields of words are TF-IDF of length 1 before they are weighted, the others ones and zeros. The
    last column is a constant, so that a linear model of it has an intercept. The order of the films
    does not matter to the product of two of them.
    """
    blocks = field_blocks(catalog)
    weighted = [block * np.float32(FIELD_WEIGHTS[field]) for field, block in blocks.items()]
    constant = sp.csr_array(np.full((len(catalog), 1), FIELD_WEIGHTS["known"], dtype=np.float32))
    return sp.csr_array(sp.hstack([*weighted, constant], format="csr", dtype=np.float32))


def field_blocks(catalog: Catalog) -> dict[str, sp.csr_array]:
    """The features of `described` before they are weighted, by field, without the constant."""
    blocks = {field: tfidf(words) for field, words in words_by_field(catalog).items()}
    blocks["runtime"] = encode(catalog, ("runtime_bins",)).matrix
    blocks["certificate"] = encode(catalog, ("certificate",)).matrix
    blocks["known"] = _known(blocks)
    return blocks


def _known(blocks: Mapping[str, sp.csr_array]) -> sp.csr_array:
    """Ones where a film has anything in a field, `float32[n_items, n_fields]`."""
    columns: list[NDArray[np.bool_]] = [np.diff(block.indptr) > 0 for block in blocks.values()]
    return sp.csr_array(np.stack(columns, axis=1).astype(np.float32))
