"""TF-IDF, compared with scikit-learn and with the formula."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matinee.content.tfidf import tfidf

DOCUMENTS = [
    ["alien", "ship", "ship", "horror"],
    ["alien", "war", "action"],
    ["the", "ship", "war", "war", "war"],
    [],
    ["nothing", "shared"],
]


def test_cosines_equal_those_of_scikit_learn() -> None:
    expected = TfidfVectorizer(
        analyzer=list, sublinear_tf=True, vocabulary=["alien", "ship", "war"]
    ).fit_transform(DOCUMENTS)
    ours = tfidf(DOCUMENTS)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(
        (ours @ ours.T).toarray(), (expected @ expected.T).toarray(), atol=1e-6
    )


def test_one_cosine_by_hand() -> None:
    # both words are in both lists: idf 1; "ship" is twice in the first: 1 + ln 2
    films = tfidf([["alien", "ship", "ship"], ["alien", "ship"]])
    twice = 1 + np.log(2)
    expected = (1 + twice) / np.sqrt(2 * (1 + twice**2))
    np.testing.assert_allclose((films[[0]] @ films[[1]].T).toarray(), [[expected]], rtol=1e-6)


def test_words_of_one_list_and_stop_words_are_dropped() -> None:
    assert tfidf(DOCUMENTS).shape == (5, 3)
    assert tfidf([["the"], ["the"]]).shape == (2, 0)
    assert tfidf([["one-off"], ["another"]]).shape == (2, 0)
    assert tfidf([[], []]).shape == (2, 0)
