"""Names as ones and zeros, compared with scikit-learn."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer

from matinee.content.multi_hot import multi_hot

LISTS = st.lists(st.lists(st.sampled_from(["War", "Drama", "Comedy", "Éire"]), max_size=5))


@given(LISTS)
def test_columns_equal_those_of_scikit_learn(lists: list[list[str]]) -> None:
    binarizer = MultiLabelBinarizer()
    expected = binarizer.fit_transform(lists)
    matrix, names = multi_hot(lists)
    assert matrix.dtype == np.float32
    assert list(names) == binarizer.classes_.tolist()
    np.testing.assert_array_equal(matrix.toarray(), expected.reshape(len(lists), len(names)))


def test_repeated_names_count_once_and_rare_names_get_no_column() -> None:
    matrix, names = multi_hot([("War", "War"), ("Drama",), ("War", "Drama", "Comedy")], min_count=2)
    assert names == ("Drama", "War")
    assert matrix.toarray().tolist() == [[0, 1], [1, 0], [1, 1]]
