"""Lists of all viewers against single recommendations."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.errors import InputError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.pipeline.top_lists import top_lists


@pytest.mark.parametrize("name", ["ials", "ease", "popular", "item-knn"])
def test_every_viewer_gets_the_list_of_a_single_query(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create(name).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    rows = planted.matrix[:6].toarray()
    rows[2] = 0
    rows[4] = 3
    rows[5, :37] = 4
    histories = sp.csr_array(rows)
    items, scores = top_lists(model, Histories(histories), 5)
    assert (items[4] == -1).all()
    recommender = Recommender(model, planted_catalog)
    for row, listed, values in zip(rows, items, scores, strict=True):
        seen = np.flatnonzero(row).astype(np.int32)
        times = np.zeros(len(seen), dtype=np.int64)
        alone = recommender.recommend(Query(seen, row[seen], times, n=5))
        np.testing.assert_array_equal(listed[listed >= 0], alone.items)
        np.testing.assert_allclose(values[listed >= 0], alone.scores, rtol=1e-4, atol=1e-5)


def test_no_viewers_are_fine_and_no_films_are_not(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("popular").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert top_lists(model, Histories(planted.matrix[:0]), 3)[0].shape == (0, 3)
    with pytest.raises(InputError, match="at least 1"):
        top_lists(model, Histories(planted.matrix), 0)
