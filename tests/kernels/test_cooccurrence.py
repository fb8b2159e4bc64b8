"""Co-occurrence, compared with a matrix product."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matinee.kernels.compiled import csr
from matinee.kernels.cooccurrence import count_common, sum_common


@settings(deadline=None)
@given(
    hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 90))),
    st.integers(0, 10),
)
def test_counts_equal_the_product_of_transpose_and_matrix(
    seen: np.ndarray[tuple[int, int], np.dtype[np.bool_]], first: int
) -> None:
    n_items = seen.shape[1]
    first = min(first, n_items - 1)
    by_user = sp.csr_array(seen, dtype=np.float32)
    by_item = by_user.T.tocsr()
    counts = np.full((n_items - first, n_items), np.nan, dtype=np.float32)
    count_common(csr(by_user), csr(by_item), first, counts)
    wide = seen.astype(np.int64)
    np.testing.assert_array_equal(counts, (wide.T @ wide)[first:])


@settings(deadline=None)
@given(
    hnp.arrays(
        np.int8, st.tuples(st.integers(1, 12), st.integers(1, 90)), elements=st.integers(-3, 3)
    )
)
def test_sums_equal_the_product_of_transpose_and_matrix(
    values: np.ndarray[tuple[int, int], np.dtype[np.int8]],
) -> None:
    by_user = sp.csr_array(values, dtype=np.float32)
    by_item = by_user.T.tocsr()
    sums = np.full((values.shape[1],) * 2, np.nan, dtype=np.float32)
    sum_common(csr(by_user), csr(-by_item), 0, sums)
    wide = values.astype(np.int64)
    np.testing.assert_array_equal(sums, -wide.T @ wide)
