from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

import matinee
from matinee.data import Catalog, Dataset, Interactions
from matinee.errors import InputError, UnknownNameError
from matinee.models import Model
from matinee.pipeline.similarity_map import similarity_map


class Fixed(Model):
    """A model whose similarities are a table."""

    table: NDArray[np.float32]

    def fit(self, interactions, catalog, *, rng):  # type: ignore[no-untyped-def]
        return self

    def scores(self, histories):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return self.table[items]


@pytest.fixture(scope="module")
def data(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, "ours")


def test_rows_are_scaled_to_their_film_and_both_directions_are_averaged() -> None:
    model = Fixed()
    model.table = np.array([[4, 2, 1], [1, 8, 3], [0, 0, 0]], dtype=np.float32)
    model.arrays["prior"] = np.zeros(3, dtype=np.float32)
    mean = (2 / 4 + 1 / 8) / 2
    assert similarity_map(model, np.array([0, 1])).tolist() == [[1, mean], [mean, 1]]
    assert similarity_map(model, np.array([0, 2]))[1, 1] == 1  # nobody rated the last film


@pytest.mark.parametrize("name", ["item-knn", "ease", "ials", "content", "svd"])
def test_a_map_is_symmetric_with_a_diagonal_of_1_and_nothing_above(
    data: Dataset, name: str
) -> None:
    model = matinee.train(data, name).model
    similar = similarity_map(model, np.arange(20))
    assert similar.dtype == np.float32
    assert np.array_equal(similar, similar.T)
    assert np.diag(similar).tolist() == [1] * 20
    assert similar.max() <= 1 + 1e-6


def test_a_plot_names_films_by_title(data: Dataset) -> None:
    recommender = matinee.train(data, "ease")
    titles = [film.title for film in data.catalog.films([0, 1, 2])]
    plot = recommender.plot_similar(titles)
    assert list(plot.layout.xaxis.ticktext) == [
        film.label for film in data.catalog.films([0, 1, 2])
    ]
    own = similarity_map(recommender.model, np.array([0, 1, 2]))
    assert np.asarray(plot.data[0].z) == pytest.approx(own, abs=0.001)


def test_films_that_make_no_map_are_refused_in_a_sentence(data: Dataset) -> None:
    recommender = matinee.train(data, "ease")
    ids = data.catalog.item_ids.ids.tolist()
    for films, message in (
        (ids[:1], "a map needs 2 to 30 films, not 1"),
        (ids[:31], "a map needs 2 to 30 films, not 31"),
        ([ids[0], ids[0]], "a film is named twice"),
        ("Fargo", "films are a list, as ['Fargo'], not 'Fargo'"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            recommender.plot_similar(films)
    with pytest.raises(UnknownNameError):
        recommender.plot_similar([ids[0], "no such film"])
