"""TF-IDF of lists of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

__all__ = ["tfidf"]


def tfidf(documents: Sequence[Sequence[str]]) -> sp.csr_array:
    """TF-IDF with sublinear term frequency, rows of length 1 (or 0), `float32[n, n_words]`.

    English stop words are dropped, and words of a single list, which no two films share.
    """
    from sklearn.feature_extraction.text import (  # noqa: PLC0415  slow to import
        ENGLISH_STOP_WORDS,
        CountVectorizer,
        TfidfTransformer,
    )

    words = [
        [word for word in document if word not in ENGLISH_STOP_WORDS] for document in documents
    ]
    if not any(words):
        return sp.csr_array((len(documents), 0), dtype=np.float32)
    counts = CountVectorizer(analyzer=list, dtype=np.float32).fit_transform(words)
    shared = counts[:, counts.getnnz(axis=0) > 1]
    if shared.nnz == 0:
        return sp.csr_array((len(documents), 0), dtype=np.float32)
    return sp.csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(shared))
