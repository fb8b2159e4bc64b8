"""Films for several viewers, by hand and against other ways to say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Dataset, Film, Histories, Interactions, Query
from matinee.errors import InputError, UnknownNameError
from matinee.models import Model, create
from matinee.pipeline import Recommender
from matinee.pipeline.groups import RULES

PLACES = {6: (1, 2, 3, 4, 5, 6), 7: (5, 3, 1, 6, 4, 2)}
"""Places of six films for two viewers, by the film they have seen."""


class OfViewers(Model):
    """Scores films by `PLACES`: a viewer is known by the one film they have seen."""

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        scores = np.zeros((8, 8), dtype=np.float32)
        for seen, places in PLACES.items():
            scores[seen] = [*(-10.0 * place for place in places), 9, 9]
        self.arrays["scores"] = scores
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.array(self.arrays["scores"][histories.items])


@pytest.fixture(scope="module")
def eight() -> Recommender:
    catalog = Catalog.of(
        Film(str(row), f"Film {row}", 1990 + row, genres=("Comedy" if row % 2 else "Drama",))
        for row in range(8)
    )
    nothing = Interactions.empty(catalog.item_ids)
    return Recommender(OfViewers().fit(nothing, catalog, rng=np.random.default_rng(0)), catalog)


@pytest.fixture(scope="module")
def planted_group(planted: Interactions, planted_catalog: Catalog) -> Recommender:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    data = Dataset("planted", planted, planted_catalog, "")
    return Recommender(model, planted_catalog, scale=planted.scale, data=data)


def viewer(seen: int) -> Query:
    return Query(items=[seen], values=[5])  # type: ignore[arg-type]


A, B = viewer(6), viewer(7)


@pytest.mark.parametrize(
    ("rule", "rows", "scores"),
    [
        ("average", [2, 0, 1, 5, 4, 3], [3**-0.5, 5**-0.5, 6**-0.5, 12**-0.5, 20**-0.5, 24**-0.5]),
        ("least-misery", [2, 1, 0, 4, 5, 3], [1 / 3, 1 / 3, 1 / 5, 1 / 5, 1 / 6, 1 / 6]),
        ("fair", [2, 0, 1, 5], [0.75, 0.458333, 0.229167, 0.139881]),
    ],
)
def test_the_rules_by_hand(
    eight: Recommender, rule: str, rows: list[int], scores: list[float]
) -> None:
    ranking = eight.recommend_group([A, B], len(rows), rule=rule)
    assert ranking.items.tolist() == rows
    assert ranking.scores == pytest.approx(scores, abs=1e-5)


def test_each_member_has_a_place_a_score_and_a_reason(eight: Recommender) -> None:
    ranking = eight.recommend_group([A, B], 2, names=["Ann", "Bob"])
    ann, bob = ranking.reasons[0].members
    assert (ann.name, ann.place, ann.score) == ("Ann", 3, -30)
    assert (bob.name, bob.place, bob.score) == ("Bob", 1, -10)
    assert ranking.reasons[0].text() == (
        "Ann: chosen from their first rating; Bob: chosen from their first rating"
    )
    frame = ranking.to_frame()
    assert frame["place_Ann"].to_list() == [3, 1]
    assert frame["place_Bob"].to_list() == [1, 5]


def test_places_are_among_the_films_that_meet_the_conditions(eight: Recommender) -> None:
    ranking = eight.recommend_group([A, B], 9, where="comedy")  # films 1, 3 and 5
    assert ranking.to_frame()["place_member 1"].to_list() == [1, 3, 2]
    assert ranking.to_frame()["place_member 2"].to_list() == [2, 1, 3]
    assert ranking.items.tolist() == [1, 5, 3]
    assert ranking.reasons[0].text().startswith("comedy. member 1: chosen")
    among = eight.recommend_group([A, B], 9, among=["#5", "#3"])
    assert among.items.tolist() == [3, 5]  # a tie: each is the first of one member


def test_stars_are_in_the_frame_if_the_model_predicts_them(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("baseline", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    data = Dataset("planted", planted, planted_catalog, "")
    recommender = Recommender(model, planted_catalog, data=data)
    ranking = recommender.recommend_group(["1", 31], 3)
    for member in ("1", "31"):
        stars = [recommender.predict(member, "#" + line.film.id).stars for line in ranking]
        assert ranking.to_frame()[f"stars_{member}"].to_list() == pytest.approx(stars)


@pytest.mark.parametrize("rule", RULES)
def test_a_group_of_one_is_that_viewer(planted_group: Recommender, rule: str) -> None:
    alone = planted_group.recommend("1", 5, where="comedy", diverse=0.2)
    group = planted_group.recommend_group([1], 5, rule=rule, where="comedy", diverse=0.2)
    assert group.to_frame().equals(alone.to_frame())


@pytest.mark.parametrize("rule", RULES)
def test_nobody_has_seen_the_films_and_the_order_of_members_does_not_matter(
    planted_group: Recommender, rule: str
) -> None:
    members = ["1", "31", "59"]
    ranking = planted_group.recommend_group(members, 10, rule=rule, diverse=0.1)
    again = planted_group.recommend_group(members[::-1], 10, rule=rule, diverse=0.1)
    assert ranking.items.tolist() == again.items.tolist()
    for member in members:
        assert not set(ranking.items) & set(planted_group.query(member).items)


def test_fair_lists_have_films_for_both_tastes(planted_group: Recommender) -> None:
    lists = planted_group.recommend_group(["1", "31"], 6, rule="fair")
    assert {line.film.genres for line in lists} == {("Comedy",), ("Horror",)}


def test_members_of_every_kind(planted_group: Recommender) -> None:
    ratings = {planted_group.catalog.film(3).title: 5}
    group = [1, {**ratings}, planted_group.query("31")]
    ranking = planted_group.recommend_group(group, 3)  # type: ignore[arg-type]
    names = [each.name for each in ranking.reasons[0].members]
    assert names == ["1", "member 2", "member 3"]


def test_the_words_are_about_four_members_at_most(planted_group: Recommender) -> None:
    text = planted_group.recommend_group(range(1, 8), 1).reasons[0].text()
    assert text.count(": because they") == 4
    assert text.endswith("; and 3 more")


def test_groups_that_are_none_are_refused(planted_group: Recommender) -> None:
    bad: list[tuple[object, str]] = [
        ("196", "a list of viewers"),
        ({"Comedy 3": 5}, "a list of viewers"),
        (5.5, "a list of viewers"),
        ([], "1 to 50 members, not 0"),
        (range(1, 52), "1 to 50 members, not 51"),
        (["1", 1], "1 is in the group twice"),
        ([A, A], "member 2 is in the group twice"),
        ([1, replace(A, constraints=Constraints(kids=True))], "member 2 has conditions"),
        (["1", None], "a viewer id is text"),
    ]
    for viewers, complaint in bad:
        with pytest.raises(InputError, match=complaint):
            planted_group.recommend_group(viewers)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="'nobody'"):
        planted_group.recommend_group(["1", "nobody"])
    with pytest.raises(UnknownNameError, match="average, least-misery, fair"):
        planted_group.recommend_group(["1", "2"], rule="best")
    with pytest.raises(InputError, match="2 members and 1 names"):
        planted_group.recommend_group(["1", "2"], names=["Ann"])
    with pytest.raises(InputError, match="Ann is in the group twice"):
        planted_group.recommend_group(["1", "2"], names=["Ann", "Ann"])
