"""Films as weighted features for linear models: all fields of the catalogue, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp

from matinee.content.features import encode
from matinee.content.fields import words_by_field
from matinee.content.tfidf import tfidf
from matinee.data import Catalog

__all__ = ["FIELD_WEIGHTS", "field_blocks", "film_features"]

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
"""Weights of the fields, chosen on validation (docs/decisions/0022). `known` marks the fields the
catalogue has at all: popular films have more of them."""


def film_features(catalog: Catalog) -> sp.csr_array:
    """Weighted features of all films, `float32[n_items, n_features]`.

    Fields of words are TF-IDF rows of length 1, the others ones and zeros, each times the weight
    of its field. The last column is constant and serves as the intercept of linear models. Inner
    products of films do not depend on their order.
    """
    blocks = field_blocks(catalog)
    weighted = [block * np.float32(FIELD_WEIGHTS[field]) for field, block in blocks.items()]
    constant = sp.csr_array(np.full((len(catalog), 1), FIELD_WEIGHTS["known"], dtype=np.float32))
    return sp.csr_array(sp.hstack([*weighted, constant], format="csr", dtype=np.float32))


def field_blocks(catalog: Catalog) -> dict[str, sp.csr_array]:
    """The features of each field before weighting, without the constant."""
    blocks = {field: tfidf(words) for field, words in words_by_field(catalog).items()}
    blocks |= {field: encode(catalog, (field,)) for field in ("runtime", "certificate")}
    known = np.stack([np.diff(block.indptr) > 0 for block in blocks.values()], axis=1)
    blocks["known"] = sp.csr_array(known.astype(np.float32))
    return blocks
