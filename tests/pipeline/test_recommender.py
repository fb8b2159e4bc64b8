from __future__ import annotations

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
from matinee.pipeline.recommender import best, shared


class Fixed(Model):
    """Scores every film by a number given beforehand, whoever asks."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["scores"] = np.zeros(len(catalog), dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["scores"], (len(histories), 1))

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return np.tile(self.arrays["scores"], (len(items), 1))


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


def test_films_are_ranked_by_score(five: Catalog) -> None:
    ranking = fixed(five, [1, 5, 3, 4, 2]).recommend(of_rows(n=3))
    assert ranking.items.tolist() == [1, 3, 2]
    assert ranking.scores.tolist() == [5, 4, 3]
    assert [line.rank for line in ranking] == [1, 2, 3]


def test_seen_and_excluded_films_are_never_recommended(five: Catalog) -> None:
    ranking = fixed(five, [1, 5, 3, 4, 2]).recommend(of_rows(1, exclude=(3,)))
    assert ranking.items.tolist() == [2, 4, 0]


def test_equal_scores_are_ranked_by_row(five: Catalog) -> None:
    assert fixed(five, [7, 9, 9, 7, 7]).recommend(of_rows(n=4)).items.tolist() == [1, 2, 0, 3]


def test_fewer_films_than_asked_for_is_a_shorter_ranking(five: Catalog) -> None:
    assert len(fixed(five, [1, 2, 3, 4, 5]).recommend(of_rows(0, 1, 2, n=10))) == 2
    assert len(fixed(five, [1, 2, 3, 4, 5]).recommend(of_rows(0, 1, 2, 3, 4))) == 0


def test_films_against_a_constraint_are_left_out(five: Catalog) -> None:
    query = Query(constraints=Constraints(max_runtime=92))
    assert fixed(five, [1, 2, 3, 4, 5]).recommend(query).items.tolist() == [1, 0]


def test_the_reason_says_first_that_the_film_is_as_asked(five: Catalog) -> None:
    query = Query(constraints=Constraints(max_runtime=92))
    reason = fixed(five, [1, 2, 3, 4, 5]).recommend(query).reasons[0]
    assert reason.text.startswith("a film of 91 minutes, as you asked; popular")


def test_too_few_films_come_with_the_least_that_would_have_to_change(five: Catalog) -> None:
    recommender = fixed(five, [1, 2, 3, 4, 5])
    few = recommender.recommend(Query(constraints=Constraints(max_runtime=92), n=4))
    assert [(each.text, each.films) for each in few.relaxations] == [
        ("2 minutes longer (under 94)", 4)
    ]
    assert few.items.tolist() == [1, 0]  # nothing was applied
    enough = recommender.recommend(Query(constraints=Constraints(max_runtime=92), n=2))
    assert enough.relaxations == ()


def test_where_nothing_is_left_one_film_comes_before_enough(five: Catalog) -> None:
    query = Query(
        items=np.array([0], dtype=np.int32),
        values=np.array([4], dtype=np.float32),
        times=np.zeros(1, dtype=np.int64),
        constraints=Constraints(max_runtime=50),
        n=3,
    )
    ranking = fixed(five, [1, 2, 3, 4, 5]).recommend(query)
    assert len(ranking) == 0
    assert [(each.text, each.films) for each in ranking.relaxations] == [
        ("42 minutes longer (under 92)", 1),
        ("44 minutes longer (under 94)", 3),
    ]


def test_films_lacking_a_fact_are_counted(five: Catalog) -> None:
    catalog = Catalog.of([*five.films(), Film("x", "Unknown length")])
    ranking = fixed(catalog, [1, 2, 3, 4, 5, 6]).recommend(
        Query(constraints=Constraints(max_runtime=92))
    )
    assert [(each.fact, each.films) for each in ranking.lacking] == [("runtime", 1)]


def test_recommending_does_not_change_the_model(five: Catalog) -> None:
    recommender = fixed(five, [1, 5, 3, 4, 2])
    recommender.recommend(of_rows(1))
    assert recommender.model.arrays["scores"].tolist() == [1, 5, 3, 4, 2]


def test_a_film_is_not_similar_to_itself(five: Catalog) -> None:
    ranking = fixed(five, [1, 5, 3, 4, 2]).similar(1, 2)
    assert ranking.items.tolist() == [3, 2]
    assert ranking.reasons[0].films == ("1",)


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


def test_shared_names_genres_people_and_keywords_in_common() -> None:
    one = Film(
        "1", "A", genres=("Crime", "Drama"), directors=("Mann",), cast=("Pacino", "De Niro"),
        keywords=("heist", "night"),
    )  # fmt: skip
    two = Film(
        "2", "B", genres=("Drama",), directors=("Coppola",), cast=("De Niro",),
        keywords=("night", "family"),
    )  # fmt: skip
    assert shared(one, two) == "Drama; De Niro; night"
    assert shared(one, Film("3", "C")) == ""


def test_shared_genres_make_films_more_alike_where_the_model_knows_ratings_alone(
    planted_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    equal = fixed(planted_catalog, [1.0] * 40)
    assert (equal.similar(30, n=19).items >= 20).all()
    monkeypatch.setattr(Fixed, "reads_catalog", True)
    assert (equal.similar(30, n=19).items < 20).all()
