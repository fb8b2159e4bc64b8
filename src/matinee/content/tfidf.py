"""Films as weighted words, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp

__all__ = ["tfidf", "weighted_fields"]


def tfidf(documents: Sequence[Sequence[str]]) -> sp.csr_array:
    """TF-IDF of lists of words, rows of length 1 (or 0), `float32[n, n_words]`.

    A word counts by the logarithm of how often it stands in a list and of how few lists have it.
    English stop words, and words of one list only, which cannot make two films alike, are left out.
    """
    from sklearn.feature_extraction.text import (  # noqa: PLC0415  slow to import
        ENGLISH_STOP_WORDS,
        CountVectorizer,
        TfidfTransformer,
    )

    kept = [[word for word in words if word not in ENGLISH_STOP_WORDS] for words in documents]
    if not any(kept):
        return sp.csr_array((len(documents), 0), dtype=np.float32)
    counts = CountVectorizer(analyzer=list, dtype=np.float32).fit_transform(kept)
    shared = counts[:, counts.getnnz(axis=0) > 1]
    if shared.nnz == 0:
        return sp.csr_array((len(documents), 0), dtype=np.float32)
    return sp.csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(shared))


def weighted_fields(
    fields: Mapping[str, Sequence[Sequence[str]]], weights: Mapping[str, float]
) -> sp.csr_array:
    """TF-IDF of every field side by side, rows of length 1 (or 0), `float32[n, n_words]`.

    The cosine of two films that have all fields is the mean of their cosines in each, weighted by
    the squares of `weights`; a field that a film lacks takes no part.
    """
    blocks = [
        tfidf(documents) * np.float32(weights[field])
        for field, documents in fields.items()
        if weights[field] > 0
    ]
    matrix = sp.csr_array(sp.hstack(blocks, format="csr", dtype=np.float32))
    norms = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    matrix.data /= np.repeat(np.maximum(norms, 1e-12), np.diff(matrix.indptr)).astype(np.float32)
    return matrix
