from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Film, Histories, Interactions, Query
from matinee.errors import InputError
from matinee.models import Model, create
from matinee.pipeline import Recommender
from matinee.pipeline.best import best
from matinee.pipeline.rows import ViewerScores


class Fixed(Model):
    """Scores every film by a fixed number, for every viewer."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["scores"] = np.zeros(len(catalog), dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["scores"], (len(histories), 1))


def fixed(catalog: Catalog, scores: list[float]) -> Recommender:
    model = Fixed()
    model.arrays["scores"] = model.arrays["prior"] = np.array(scores, dtype=np.float32)
    return Recommender(model, catalog)


def of_rows(*rows: int, exclude: tuple[int, ...] = (), n: int = 10) -> Query:
    return Query(
        items=np.array(rows, dtype=np.int32),
        values=np.full(len(rows), 4, dtype=np.float32),
        times=np.zeros(len(rows), dtype=np.int64),
        exclude=np.array(exclude, dtype=np.int32),
        n=n,
    )


@pytest.fixture(scope="module")
def five() -> Catalog:
    return Catalog.of(Film(id=str(row), title=f"Film {row}", runtime=90 + row) for row in range(5))


UNDER_92 = Constraints(max_runtime=92)


@pytest.mark.parametrize(
    ("scores", "query", "rows"),
    [
        ([1, 5, 3, 4, 2], of_rows(n=3), [1, 3, 2]),
        ([1, 5, 3, 4, 2], of_rows(1, exclude=(3,)), [2, 4, 0]),  # seen and excluded films
        ([7, 9, 9, 7, 7], of_rows(n=4), [1, 2, 0, 3]),  # equal scores by row
        ([1, 2, 3, 4, 5], of_rows(0, 1, 2, n=10), [4, 3]),
        ([1, 2, 3, 4, 5], of_rows(0, 1, 2, 3, 4), []),
        ([1, 2, 3, 4, 5], Query(constraints=UNDER_92), [1, 0]),
    ],
)
def test_the_best_films_are_ranked_by_score(
    five: Catalog, scores: list[float], query: Query, rows: list[int]
) -> None:
    recommender = fixed(five, scores)
    ranking = recommender.recommend(query)
    assert ranking.items.tolist() == rows
    assert ranking.scores.tolist() == [scores[row] for row in rows]
    assert [line.rank for line in ranking] == list(range(1, len(rows) + 1))
    assert recommender.model.arrays["scores"].tolist() == scores  # they stay as they were


def test_the_reason_starts_with_the_facts_that_meet_the_constraints(five: Catalog) -> None:
    query = Query(constraints=UNDER_92)
    reason = fixed(five, [1, 2, 3, 4, 5]).recommend(query).reasons[0]
    assert reason.text() == "91 minutes. A favourite with most viewers."


def test_too_few_films_come_with_the_smallest_change_for_more(five: Catalog) -> None:
    recommender = fixed(five, [1, 2, 3, 4, 5])
    few = recommender.recommend(Query(constraints=UNDER_92, n=4))
    assert [(each.text, each.films) for each in few.relaxations] == [
        ("2 minutes longer (under 94)", 4)
    ]
    assert few.items.tolist() == [1, 0]  # nothing was applied
    enough = recommender.recommend(Query(constraints=UNDER_92, n=2))
    assert enough.relaxations == ()


def test_without_any_match_one_film_is_offered_before_enough(five: Catalog) -> None:
    query = replace(of_rows(0, n=3), constraints=Constraints(max_runtime=50))
    ranking = fixed(five, [1, 2, 3, 4, 5]).recommend(query)
    assert len(ranking) == 0
    assert [(each.text, each.films) for each in ranking.relaxations] == [
        ("42 minutes longer (under 92)", 1),
        ("44 minutes longer (under 94)", 3),
    ]


def test_films_lacking_a_fact_are_counted(five: Catalog) -> None:
    catalog = Catalog.of([*five.films(), Film("x", "Unknown length")])
    ranking = fixed(catalog, [1, 2, 3, 4, 5, 6]).recommend(Query(constraints=UNDER_92))
    assert [(each.fact, each.films) for each in ranking.lacking] == [("runtime", 1)]


KIDS = Constraints(kids=True)


@pytest.fixture(scope="module")
def for_all_ages() -> Catalog:
    """Dramas and children's films in turn, the last without a certificate."""
    genres = ["Drama", "Children"] * 3
    films = [
        Film(str(row), each, genres=(each,), certificate="PG") for row, each in enumerate(genres)
    ]
    return Catalog.of([*films, Film("6", "Unknown", genres=("Children",))])


@pytest.mark.parametrize("diverse", [0.0, 0.5])
def test_for_kids_films_made_for_children_come_first(for_all_ages: Catalog, diverse: float) -> None:
    recommender = fixed(for_all_ages, [9, 1, 8, 2, 7, 3, 10])
    query = Query(constraints=KIDS, diverse=diverse)
    for n, children in ((2, 2), (3, 3), (5, 3), (10, 3)):
        found = recommender.recommend(query, n).items.tolist()
        assert set(found[:children]) <= {1, 3, 5}
        assert len(found) == min(n, 6)
    assert recommender.recommend(replace(query, diverse=0.0)).items.tolist() == [5, 3, 1, 0, 2, 4]
    (lacking,) = recommender.recommend(query).lacking
    assert (lacking.fact, lacking.films) == ("age rating", 1)
    assert (lacking.known, lacking.total) == (6, 7)


@pytest.mark.parametrize("n", [2, 10])
def test_for_kids_every_film_that_meets_it_has_a_place(for_all_ages: Catalog, n: int) -> None:
    recommender = fixed(for_all_ages, [9, 1, 8, 2, 7, 3, 10])
    query = Query(constraints=KIDS, n=n)
    answers = [recommender.why(query, f"#{film}") for film in (5, 3, 1, 0, 2, 4)]
    assert [each.rank for each in answers] == [1, 2, 3, 4, 5, 6]
    assert {each.ranked for each in answers} == {6}
    scores = ViewerScores(recommender, query)
    assert [scores.standing(film).rank for film in (5, 3, 1, 0, 2, 4)] == [1, 2, 3, 4, 5, 6]  # type: ignore[union-attr]
    unknown = recommender.why(query, "#6")
    assert (unknown.rank, unknown.obstacle) == (None, "it does not meet: for kids")


@pytest.mark.parametrize("rule", ["average", "least-misery", "fair"])
def test_for_kids_a_group_gets_films_made_for_children_first(
    for_all_ages: Catalog, rule: str
) -> None:
    recommender = fixed(for_all_ages, [9, 1, 8, 2, 7, 3, 10])
    group = [of_rows(0), of_rows(2)]
    few = recommender.recommend_group(group, 2, rule=rule, where=KIDS).items.tolist()
    assert set(few) <= {1, 3, 5}
    whole = recommender.recommend_group(group, 4, rule=rule, where=KIDS).items.tolist()
    assert whole == [5, 3, 1, 4]


@pytest.mark.parametrize("n", [0, -3])
def test_a_number_of_films_below_one_is_refused(five: Catalog, n: int) -> None:
    recommender = fixed(five, [1, 2, 3, 4, 5])
    with pytest.raises(InputError, match="at least 1"):
        recommender.recommend(of_rows(n=n))
    with pytest.raises(InputError, match="at least 1"):
        recommender.similar(0, n)


def test_a_ranking_says_which_model_and_version_made_it(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    ranking = Recommender(model, planted_catalog, "abc").recommend(of_rows(3))
    assert (ranking.model, ranking.version) == ("ease", "abc")
    assert len(ranking.reasons) == len(ranking)


@given(
    scores=hnp.arrays(
        np.float32, st.integers(0, 30), elements=st.sampled_from([-np.inf, -1, 0, 0.5, 2])
    ),
    n=st.integers(1, 40),
)
def test_best_is_the_beginning_of_a_stable_sort(scores: NDArray[np.float32], n: int) -> None:
    expected = [row for row in np.argsort(-scores, kind="stable") if scores[row] > -np.inf][:n]
    assert best(scores, n).tolist() == expected
