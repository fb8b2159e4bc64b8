"""Varied lists, checked against determinants of all possible lists and by hand."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Constraints, Film, Interactions, Query
from matinee.errors import InputError
from matinee.metrics.diversity import intra_list_diversity
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.pipeline.best import best
from matinee.pipeline.diversity import FilmFields, diversify

KNOWN = Catalog.of(
    [
        Film("0", "A", year=1991, genres=("Comedy",), directors=("Ann",)),
        Film("1", "B", year=1992, genres=("Comedy",), directors=("Ann",)),
        Film("2", "C", year=1975, genres=("Comedy", "Drama"), directors=("Bob",)),
        Film("3", "D", year=1975, genres=("Horror",), directors=("Bob",)),
        Film("4", "E", year=1994, genres=("Drama",)),
        Film("5", "F"),
    ]
)
FACTS = FilmFields.of(KNOWN)


def test_the_similarity_is_the_weighted_mean_of_known_fields() -> None:
    similar = FACTS.similarities(np.arange(6))
    assert similar == pytest.approx(similar.T)
    assert np.diag(similar) == pytest.approx(np.ones(6))
    assert similar[0, 1] == pytest.approx(1)
    assert similar[0, 2] == pytest.approx((4 / 2**0.5) / 7)  # genres 4, people 2, decade 1
    assert similar[2, 3] == pytest.approx(3 / 7)
    assert similar[0, 4] == pytest.approx(1 / 5)  # no people known: genres 4, decade 1
    assert similar[5] == pytest.approx(np.ones(6))  # nothing known: no variety


def test_a_film_like_the_first_comes_after_another_kind() -> None:
    scores = np.array([3, 2.9, 2.5, 2, 1.9, 1], dtype=np.float32)
    assert diversify(scores, 3, 0.0, FACTS).tolist() == [0, 1, 2]
    assert diversify(scores, 3, 0.3, FACTS).tolist() == [0, 2, 3]
    assert diversify(scores, 2, 1.0, FACTS).tolist() == [0, 3]
    assert diversify(scores, 6, 1.0, FACTS).tolist()[-2:] == [1, 5]  # copies and unknown ones last


@given(
    st.lists(st.floats(-5, 5, width=32), min_size=6, max_size=6),
    st.floats(0.05, 1),
    st.integers(1, 4),
)
def test_each_film_is_the_one_of_the_highest_determinant(
    numbers: list[float], diverse: float, n: int
) -> None:
    scores = np.array(numbers, dtype=np.float32)
    similar = FACTS.similarities(np.arange(6)).astype(float)
    span = np.ptp(scores)
    relevance = (scores - scores.min()) / span if span else np.zeros(6)

    def determinant(films: list[int]) -> float:
        return float(np.linalg.det(similar[np.ix_(films, films)]))

    films = diversify(scores, n, diverse, FACTS).tolist()
    assert len(set(films)) == n
    for place, film in enumerate(films):
        before = films[:place]
        if determinant(before) < 1e-3:
            break  # what is left repeats what is listed
        left = [each for each in range(6) if each not in before]
        variance = [determinant([*before, each]) / determinant(before) for each in left]
        gains = (1 - diverse) * relevance[left] + diverse * np.log(np.maximum(variance, 1e-6))
        assert gains[left.index(film)] == pytest.approx(gains.max(), abs=1e-3)


@given(st.lists(st.sampled_from([-1.0, 0, 0.5, 2, -np.inf]), min_size=6, max_size=6))
def test_zero_is_the_list_by_score(numbers: list[float]) -> None:
    scores = np.array(numbers, dtype=np.float32)
    assert diversify(scores, 4, 0.0, FACTS).tolist() == best(scores, 4).tolist()
    listed = diversify(scores, 4, 0.5, FACTS)
    assert (scores[listed] > -np.inf).all()
    assert len(listed) == min(4, np.count_nonzero(scores > -np.inf))


@pytest.fixture(scope="module")
def recommender(planted: Interactions, planted_catalog: Catalog) -> Recommender:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    return Recommender(model, planted_catalog)


def test_more_variety_is_more_variety_by_the_metric_and_by_the_model(
    recommender: Recommender, planted: Interactions
) -> None:
    query = Query.of(planted.history(0))
    genres = recommender.facts.rows[:, :2]
    lists = [recommender.recommend(query, 6, diverse=each) for each in (0, 0.3, 0.9, 1)]
    variety = [float(intra_list_diversity(each.items[None], genres)[0]) for each in lists]
    assert variety == sorted(variety)
    assert variety[0] < variety[-1]
    same = recommender.recommend(query, 6)
    assert np.array_equal(lists[0].items, same.items)
    assert np.array_equal(lists[0].scores, same.scores)
    assert all(each.reasons[0] == same.reasons[0] for each in lists)  # the best film comes first
    scores = recommender.model.score(query)
    assert all(np.array_equal(each.scores, scores[each.items]) for each in lists)


def test_variety_stays_within_the_conditions(recommender: Recommender) -> None:
    wanted = Constraints(genres=("Horror",))
    ranking = recommender.recommend(Query(), 5, where=wanted, diverse=1)
    assert all(line.film.genres == ("Horror",) for line in ranking)


@pytest.mark.parametrize("diverse", [-0.1, 1.1, float("nan")])
def test_a_variety_out_of_bounds_is_refused(recommender: Recommender, diverse: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        recommender.recommend(Query(), 5, diverse=diverse)


def test_lists_without_an_end_are_refused() -> None:
    facts = FilmFields.of(Catalog.of(Film(str(row), "A", year=1990) for row in range(2001)))
    with pytest.raises(InputError, match="at most 2,000 films"):
        diversify(np.zeros(2001, dtype=np.float32), 2001, 0.5, facts)


def test_ten_films_of_a_hundred_are_chosen_in_a_few_milliseconds() -> None:
    genres = list(itertools.combinations(("A", "B", "C", "D", "E", "F"), 3))
    films = (Film(str(row), "A", 1930 + row % 90, genres=genres[row % 20]) for row in range(1000))
    facts = FilmFields.of(Catalog.of(films))
    scores = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        diversify(scores, 10, 0.3, facts)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.005
