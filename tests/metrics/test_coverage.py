"""Catalogue coverage by hand."""

from __future__ import annotations

import numpy as np

from matinee.metrics.coverage import catalogue_coverage


def test_films_count_once_however_many_lists_hold_them() -> None:
    assert catalogue_coverage(np.array([[0, 1], [1, 2], [2, 0]]), n_items=12) == 3 / 12


def test_the_empty_end_of_a_short_list_covers_nothing() -> None:
    assert catalogue_coverage(np.array([[4, -1], [-1, -1]]), n_items=5) == 1 / 5


def test_an_empty_catalogue_has_no_coverage() -> None:
    assert catalogue_coverage(np.empty((0, 10), dtype=np.int32), n_items=0) == 0.0
