"""Films listed under several ids: seen under each, and once in every list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.pipeline.test_recommender import fixed, of_rows
from tests.pipeline.test_similar_films import alike

from matinee.data import Catalog, Constraints, Film, Histories, Query
from matinee.pipeline import critique
from matinee.pipeline.copies import Copies
from matinee.pipeline.top_lists import top_lists

TWICE = Catalog.of(
    [
        Film("0", "Chasing Amy", 1997, imdb_id="tt0118842"),
        Film("1", "Toy Story", 1995, runtime=81, certificate="G", imdb_id="tt0114709"),
        Film("2", "Chasing Amy", 1997, runtime=113, imdb_id="tt0118842"),
        Film("3", "Emma", 1996, runtime=120),
        Film("4", "Toy Story", 1995, runtime=81, certificate="G", imdb_id="tt0114709"),
        Film("5", "Emma", 1996, runtime=107),
    ]
)
"""Two films under two ids, and two films of one title and year."""


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (of_rows(), [5, 4, 3, 2]),
        (of_rows(0), [5, 4, 3]),
        (of_rows(2), [5, 4, 3]),
        (of_rows(3, exclude=(1,)), [5, 2]),
        (replace(of_rows(), constraints=Constraints(max_runtime=115)), [5, 4, 2]),
    ],
)
def test_a_film_is_seen_under_all_its_ids_and_listed_once(query: Query, rows: list[int]) -> None:
    assert fixed(TWICE, [1, 2, 3, 4, 5, 6]).recommend(query).items.tolist() == rows


def test_of_several_rows_the_one_that_meets_the_constraints_is_listed() -> None:
    query = replace(of_rows(), constraints=Constraints(max_runtime=115))
    ranking = fixed(TWICE, [9, 2, 3, 4, 5, 6]).recommend(query)
    assert ranking.items.tolist() == [5, 4, 2]  # the length of row 0 is unknown


def test_relaxations_count_a_film_once() -> None:
    query = replace(of_rows(n=3), constraints=Constraints(max_runtime=100))
    ranking = fixed(TWICE, [1, 2, 3, 4, 5, 6]).recommend(query)
    assert ranking.items.tolist() == [4]
    assert [(each.text, each.films) for each in ranking.relaxations] == [
        ("14 minutes longer (under 114)", 3)
    ]


def test_a_film_is_not_similar_to_itself_under_another_id() -> None:
    recommender = alike(TWICE, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert recommender.similar(0).items.tolist() == [5, 4, 3]
    assert recommender.similar(3).items.tolist() == [5, 4, 2]
    assert critique(1, "kids", recommender).items.tolist() == []


def test_a_catalogue_without_copies_has_none() -> None:
    copies = Copies(Catalog.of([Film("1", "Emma", 1996), Film("2", "Emma", 1996)]))
    assert (bool(copies), copies.surplus, copies.most_listed) == (False, 0, 1)
    assert not Copies(Catalog.of([]))


@st.composite
def listed_twice(draw: st.DrawFn) -> tuple[Catalog, NDArray[np.float32], sp.csr_array]:
    """A catalogue with few distinct films, scores with ties, and what viewers have rated."""
    films = draw(st.lists(st.integers(1, 6), min_size=1, max_size=12))
    catalog = Catalog.of(
        Film(str(row), "", imdb_id=f"tt000000{film}") for row, film in enumerate(films)
    )
    scores = draw(st.lists(st.sampled_from([0, 1, 2, 5]), min_size=len(films), max_size=len(films)))
    seen = [draw(st.sets(st.integers(0, len(films) - 1), max_size=4)) for _ in range(3)]
    cells = [(viewer, row) for viewer, rows in enumerate(seen) for row in sorted(rows)]
    viewers, rows = np.array(cells, dtype=np.int32).reshape(-1, 2).T
    stored = (np.zeros(len(cells), dtype=np.float32), (viewers, rows))  # a 0 is a rating, too
    return catalog, np.array(scores, dtype=np.float32), sp.csr_array(stored, shape=(3, len(films)))


@given(listed_twice(), st.integers(1, 14))
def test_lists_of_all_viewers_are_those_of_single_queries(
    case: tuple[Catalog, NDArray[np.float32], sp.csr_array], n: int
) -> None:
    catalog, scores, seen = case
    recommender = fixed(catalog, scores.tolist())
    items, values = top_lists(recommender.model, Histories(seen), n, recommender.copies)
    assert items.shape == values.shape == (3, n)
    for viewer in range(3):
        rows = seen.indices[seen.indptr[viewer] : seen.indptr[viewer + 1]].tolist()
        alone = recommender.recommend(of_rows(*rows, n=n))
        listed = items[viewer] >= 0
        assert items[viewer][listed].tolist() == alone.items.tolist()
        assert values[viewer][listed].tolist() == alone.scores.tolist()
        assert (values[viewer][~listed] == -np.inf).all()
        films = catalog.first_rows[alone.items].tolist()
        assert len(set(films)) == len(films)
        assert set(films).isdisjoint(catalog.first_rows[rows].tolist())
