"""Films as weighted features for linear models: all fields of the catalogue, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp

from matinee.content.features import encode
from matinee.content.stop_words import STOP_WORDS
from matinee.data import Catalog

__all__ = ["FIELD_WEIGHTS", "field_blocks", "film_features", "tfidf", "words_by_field", "words_of"]

_WORD = re.compile(r"\w[\w']*\w")

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


def words_by_field(catalog: Catalog) -> dict[str, list[list[str]]]:
    """Words of every film by field, in lower case; an empty list where the field is unknown.

    Names of people, genres, keywords, languages and countries are one word each; titles and
    overviews are split. A year gives the decades five years before and after it, so that 1979 and
    1980 have a word in common.
    """
    return {
        "title": [words_of(title) for title in catalog.titles],
        "overview": [words_of(overview) for overview in catalog.overviews],
        "genres": [_names(genres) for genres in catalog.genres],
        "keywords": [_names(keywords) for keywords in catalog.keywords],
        "people": [
            _names([*directors, *cast])
            for directors, cast in zip(catalog.directors, catalog.cast, strict=True)
        ],
        "decade": [_decades(year) for year in catalog.years.tolist()],
        "origin": [
            _names([*languages, *countries])
            for languages, countries in zip(catalog.languages, catalog.countries, strict=True)
        ],
    }


def words_of(text: str) -> list[str]:
    """The words of two letters or more, in lower case."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def _names(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in dict.fromkeys(names)]


def _decades(year: int) -> list[str]:
    return sorted({f"{(year + shift) // 10 * 10}s" for shift in (-5, 0, 5)}) if year else []


def tfidf(documents: Sequence[Sequence[str]]) -> sp.csr_array:
    """TF-IDF with sublinear term frequency, rows of length 1 (or 0), `float32[n, n_words]`.

    English stop words are dropped, and words of a single list, which no two films share.
    """
    words = [[word for word in document if word not in STOP_WORDS] for document in documents]
    names = sorted({word for document in words for word in document})
    column = {name: place for place, name in enumerate(names)}
    rows = np.repeat(np.arange(len(words)), [len(document) for document in words])
    columns = np.array([column[word] for document in words for word in document], dtype=np.int64)
    ones = np.ones(len(columns), dtype=np.float32)
    counts = sp.csr_array((ones, (rows, columns)), shape=(len(words), len(names)))
    films = np.bincount(counts.indices, minlength=len(names))
    shared = sp.csr_array(counts[:, films > 1])
    rarity = np.log((1 + len(words)) / (1 + films[films > 1]).astype(np.float32)) + 1
    shared.data = (np.log(shared.data) + 1) * rarity[shared.indices]
    lengths = np.sqrt((shared * shared).sum(axis=1))
    shared.data /= np.repeat(np.maximum(lengths, 1e-30), np.diff(shared.indptr))
    return shared
