"""Films as weighted words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

__all__ = ["tfidf"]


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
