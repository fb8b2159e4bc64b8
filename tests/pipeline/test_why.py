"""Why a film stands where it stands, against the ranking it speaks of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.pipeline.test_copies import TWICE
from tests.pipeline.test_recommender import fixed, of_rows

from matinee.data import Catalog, Constraints, Dataset, Histories, Interactions, Query
from matinee.models import create
from matinee.pipeline import Recommender

LONG = Query().n + 30


@pytest.fixture(scope="module")
def data(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, licence="")


def recommender(name: str, data: Dataset, **options: object) -> Recommender:
    model = create(name, options).fit(data.interactions, data.catalog, rng=np.random.default_rng(0))
    return Recommender(model, data.catalog, scale=(1, 5), data=data)


@pytest.mark.parametrize("name", ["ease", "ials", "svd", "popular"])
def test_its_rank_is_the_place_in_the_list(name: str, data: Dataset) -> None:
    fitted = recommender(name, data)
    ranking = fitted.recommend(7, n=LONG)
    for line in ranking:
        answer = fitted.why(7, f"#{line.film.id}")
        assert (answer.rank, answer.ranked) == (line.rank, len(ranking))
        assert answer.score == pytest.approx(line.score, rel=1e-5)
        # neighbours in a list avoid each other's sentences, a film alone has the strongest reason
        assert answer.reason.history_size == line.reason.history_size
        if answer.reason.text() == line.reason.text():
            shares = [[film.share for film in one.reason.films] for one in (answer, line)]
            assert shares[0] == pytest.approx(shares[1], rel=1e-4)
        assert answer.obstacle == ""
    assert ranking.items.tolist()[0] not in data.viewer(7).items


def test_equal_scores_rank_by_row(data: Dataset) -> None:
    equal = fixed(data.catalog, [1.0] * 40)
    ranks = [equal.why(of_rows(0), f"#{100 + row}").rank for row in range(1, 5)]
    assert ranks == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["ease", "ials"])
def test_parts_sum_to_the_score_and_their_sizes_to_one(name: str, data: Dataset) -> None:
    fitted, query = recommender(name, data), data.viewer("7")
    answer = fitted.why(query, "Comedy 3")
    assert sum(each.part for each in answer.parts) == pytest.approx(answer.score, rel=1e-4)
    assert sum(abs(each.share) for each in answer.parts) == pytest.approx(1, rel=1e-5)
    assert [each.part for each in answer.parts] == sorted(
        (each.part for each in answer.parts), reverse=True
    )
    # against the model's own answer, which stands in the order of rows
    parts = fitted.model.contributions(Histories.of(query, 40), np.array([3]))
    assert parts is not None
    by_id = {each.id: each for each in answer.parts}
    for row, part in zip(np.sort(query.items).tolist(), parts[0].tolist(), strict=True):
        each = by_id[str(100 + row)]
        assert each.part == pytest.approx(part, abs=1e-7)
        assert each.rating == query.values[query.items.tolist().index(row)]


def test_models_without_parts_say_what_they_can(data: Dataset) -> None:
    answer = recommender("svd", data).why({"Comedy 1": 5, "Horror 30": 1}, "Comedy 3")
    assert answer.parts == ()
    assert answer.expected is not None
    assert str(answer) == (
        f"Comedy 3 (1983) is number {answer.rank} of 38 films for you, with an expected "
        f"rating of {answer.expected}. Chosen from your 2 ratings."
    )
    assert answer.to_frame().columns == ["item_id", "title", "rating", "part", "share"]


def test_a_new_viewer_is_told_of_the_audience(data: Dataset) -> None:
    answer = recommender("ease", data).why({}, "Comedy 3")
    assert (answer.ranked, answer.parts, answer.expected) == (40, (), None)
    assert str(answer).endswith(" for you. A favourite with most viewers.")


def test_films_that_speak_against_it_are_named(data: Dataset) -> None:
    answer = recommender("ials", data, min_rating=3.5).why({"Comedy 1": 5}, "Horror 31")
    assert [(each.id, each.share) for each in answer.parts] == [("101", -1)]
    assert str(answer) == (
        f"Horror 31 (2011) is number {answer.rank} of 39 films for you. "
        "Comedy 1 (1981) counts against it."
    )


def test_what_the_viewer_rated_is_not_recommended(data: Dataset) -> None:
    answer = recommender("ease", data).why({"Comedy 3": 4}, "comedy 3")
    assert (answer.rank, answer.rating) == (None, 4)
    assert str(answer) == "Comedy 3 (1983) is not recommended to you: you rated it 4."


def test_the_ratings_are_those_the_viewer_gave(data: Dataset) -> None:
    query = replace(data.history({"Comedy 3": 4.6, "Comedy 4": 5}), own=[9, 10])  # type: ignore[arg-type]
    fitted = recommender("ease", data)
    assert fitted.why(query, "Comedy 3").obstacle == "you rated it 9"
    assert {each.rating for each in fitted.why(query, "Comedy 5").parts} == {9, 10}


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"exclude": [3]}, "you have seen it or asked to leave it out"),
        ({"among": [1, 2]}, "it is not among the films to choose from"),
        (
            {"constraints": Constraints(genres=("Horror",), max_runtime=80)},
            "it does not meet: under 80 minutes, horror",
        ),
    ],
)
def test_other_obstacles_are_named(
    data: Dataset, changes: dict[str, object], obstacle: str
) -> None:
    query = replace(data.history({"Comedy 4": 5}), **changes)  # type: ignore[arg-type]
    answer = recommender("ease", data).why(query, "Comedy 3")
    assert (answer.rank, answer.obstacle) == (None, obstacle)


def test_films_under_several_ids_are_one() -> None:
    twice = fixed(TWICE, [1, 2, 3, 4, 5, 6])
    assert twice.why(of_rows(0), "#2").obstacle == "you rated it 4, as #0"
    assert twice.why(of_rows(), "#0").obstacle == "the same film is listed as #2"
    assert twice.why(of_rows(), "#2").rank == 4
    assert (
        twice.why(of_rows(exclude=(0,)), "#2").obstacle
        == "you have seen it or asked to leave it out"
    )
