"""Metrics of all lists: by hand, against SciPy, and by invariants."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from matinee.metrics.coverage import catalogue_coverage, entropy, gini

N_FILMS = 12
lists = arrays(
    np.int64, st.tuples(st.integers(1, 8), st.integers(1, 6)), elements=st.integers(-1, 11)
)


def test_coverage_counts_a_film_once_and_the_empty_end_of_a_short_list_not_at_all() -> None:
    assert catalogue_coverage(np.array([[0, 1], [1, 2], [2, 0]]), n_items=12) == 3 / 12
    assert catalogue_coverage(np.array([[4, -1], [-1, -1]]), n_items=5) == 1 / 5
    assert catalogue_coverage(np.empty((0, 10), dtype=np.int32), n_items=0) == 0.0


def test_gini_is_half_the_relative_mean_difference() -> None:
    items = np.random.default_rng(0).zipf(1.6, (40, 5)) % N_FILMS
    counts = np.bincount(items.ravel(), minlength=N_FILMS)
    differences = np.abs(counts[:, None] - counts[None]).mean()
    assert gini(items, N_FILMS) == pytest.approx(differences / (2 * counts.mean()), abs=1e-12)


def test_unlisted_films_raise_the_gini_index() -> None:
    everybody_the_same_two = np.tile([0, 1], (10, 1))
    assert gini(everybody_the_same_two, 2) == 0.0
    assert gini(everybody_the_same_two, 100) == pytest.approx(0.98)


@settings(deadline=None)
@given(items=lists, times=st.integers(2, 4))
def test_gini_and_entropy_do_not_depend_on_the_number_of_lists(
    items: NDArray[np.int64], times: int
) -> None:
    for measure in (gini, entropy):
        once, often = measure(items, N_FILMS), measure(np.tile(items, (times, 1)), N_FILMS)
        assert once == pytest.approx(often, abs=1e-12, nan_ok=True)


@settings(deadline=None)
@given(items=lists)
def test_entropy_is_scipys_and_highest_for_a_uniform_distribution(
    items: NDArray[np.int64],
) -> None:
    counts = np.bincount(items[items >= 0], minlength=N_FILMS)
    if not counts.any():
        assert np.isnan(entropy(items, N_FILMS))
        return
    ours = entropy(items, N_FILMS)
    assert ours == pytest.approx(scipy.stats.entropy(counts, base=2), abs=1e-12)
    assert ours <= np.log2(N_FILMS) + 1e-12
    assert entropy(items, N_FILMS, normalised=True) == pytest.approx(ours / np.log2(N_FILMS))


def test_every_film_once_is_the_most_uniform() -> None:
    items = np.arange(N_FILMS).reshape(3, 4)
    assert entropy(items, N_FILMS, normalised=True) == pytest.approx(1.0, abs=1e-12)
    assert gini(items, N_FILMS) == pytest.approx(0.0, abs=1e-12)
    assert catalogue_coverage(items, N_FILMS) == 1.0
