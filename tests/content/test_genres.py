"""Genres as a matrix, and their overlap."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.content.genres import genre_matrix, genre_overlap


def test_overlap_is_the_jaccard_index_of_the_genres() -> None:
    matrix = genre_matrix([("Comedy", "Crime"), ("Crime",), ("Crime", "Drama"), ("War",), ()])
    assert genre_overlap(matrix, 0).tolist() == pytest.approx([1, 1 / 2, 1 / 3, 0, 0])


def test_a_film_without_genres_overlaps_with_none() -> None:
    matrix = genre_matrix([("Comedy",), ()])
    assert genre_overlap(matrix, 1).tolist() == [0, 0]


def test_a_genre_named_twice_counts_once() -> None:
    matrix = genre_matrix([("Comedy", "Comedy"), ("Comedy",)])
    assert np.array_equal(genre_overlap(matrix, 0), [1, 1])


def test_a_catalogue_without_any_genre_has_no_overlap() -> None:
    assert genre_overlap(genre_matrix([(), ()]), 0).tolist() == [0, 0]
