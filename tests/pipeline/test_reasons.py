from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.pipeline.test_recommender import Fixed, of_rows

from matinee.data import Catalog, Histories, Interactions, Query, Reason
from matinee.models import Model, create
from matinee.pipeline import Recommender
from matinee.pipeline.reasons import explain_each


class Summed(Fixed):
    """Scores are sums of fixed contributions, one per film of the history."""

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        return np.tile(self.arrays["parts"], (len(items), 1))


def summed(*parts: float) -> Summed:
    model = Summed()
    model.arrays["parts"] = np.array(parts, dtype=np.float32)
    model.arrays["prior"] = np.zeros(40, dtype=np.float32)
    model.arrays["scores"] = np.full(40, sum(parts), dtype=np.float32)
    return model


def rated(*values: float) -> Query:
    rows = of_rows(*range(len(values)))
    return replace(rows, values=np.array(values, dtype=np.float32))


def explain(model: Model, catalog: Catalog, query: Query, item: int) -> Reason:
    return reasons_of(model, catalog, query, item)[0]


def reasons_of(
    model: Model,
    catalog: Catalog,
    query: Query,
    *items: int,
    scale: tuple[float, float] = (1, 5),
) -> list[Reason]:
    recommender = Recommender(model, catalog, scale=scale)
    return explain_each(recommender, query, np.array(items), model.score(query))


def test_without_sums_over_the_history_no_film_is_named(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    assert explain(summed(), planted_catalog, Query(), 9) == Reason("popular")
    model = create("svd").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert explain(model, planted_catalog, rated(4, 5), 9) == Reason("model", history_size=2)


def test_a_history_without_likes_is_answered_by_the_prior(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {"min_rating": 3.5})
    model.fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert explain(model, planted_catalog, rated(1, 2), 9) == Reason("untouched")


@pytest.mark.parametrize(("parts", "values"), [((1, 6), (1, 2)), ((2,), (1,)), ((3, -1), (2, 5))])
def test_what_no_liked_film_raises_is_no_choice_from_ratings(
    planted_catalog: Catalog, parts: tuple[float, ...], values: tuple[float, ...]
) -> None:
    reasons = reasons_of(summed(*parts), planted_catalog, rated(*values), 9, 10)
    assert reasons == [Reason("untouched")] * 2


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ((1, 6, 3), {"101": 0.6, "102": 0.3}),
        ((1, 6, 2.9), {"101": 6 / 9.9}),  # the second is less than half as strong
        ((2, 2, 2, 3), {"103": 3 / 9, "100": 2 / 9}),  # two at most
        ((1, 6, 3, -2), {"101": 0.6, "102": 0.3}),  # shares are of what raises the score
        ((-1, 0), {}),
    ],
)
def test_the_films_that_add_most_are_named_with_their_shares(
    planted_catalog: Catalog, parts: tuple[float, ...], named: dict[str, float]
) -> None:
    reason = explain(summed(*parts), planted_catalog, rated(*[4.0] * len(parts)), 20)
    assert {film.id: film.share for film in reason.films} == pytest.approx(named)
    assert [film.id for film in reason.films] == list(named)
    assert reason.kind == ("history" if named else "untouched")


def test_a_named_film_has_its_rating_and_opinion(planted_catalog: Catalog) -> None:
    [film] = explain(summed(1, 9), planted_catalog, rated(3, 4.5), 9).films
    assert (film.label, film.rating, film.opinion) == ("Comedy 1 (1981)", 4.5, "loved")


def test_a_rating_is_named_as_the_viewer_gave_it(planted_catalog: Catalog) -> None:
    query = replace(rated(3, 4.6), own=np.array([6, 9], dtype=np.float32))
    [film] = explain(summed(1, 9), planted_catalog, query, 9).films
    assert (film.rating, film.opinion) == (9.0, "loved")
    [film] = explain(summed(1, 9), planted_catalog, rated(3, 4.6), 9).films
    assert film.rating == 4.6


def test_a_count_is_named_as_a_count_and_a_like_as_a_like(planted_catalog: Catalog) -> None:
    model = summed(1, 9)
    model.arrays["fitted_on_counts"] = np.ones(1, dtype=np.bool_)
    reason = explain(model, planted_catalog, rated(1, 12), 9)
    assert reason.text() == "Because you watched Comedy 1 (1981) 12 times"
    likes = replace(rated(1, 1), own=np.array([7, 9], dtype=np.float32))
    [reason] = reasons_of(model, planted_catalog, likes, 9, scale=(0, 1))
    assert (reason.text(), reason.films[0].rating) == ("Because you loved Comedy 1 (1981)", 9.0)


def test_the_shares_of_ease_are_those_of_its_weights(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    model = create("ease", {}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    query = Query.of(planted.history(2))
    item = int(np.argmax(model.score(query)))
    reason = explain(model, planted_catalog, query, item)
    alone = [_share(model, query, position, item) for position in range(len(query))]
    by_id = dict(zip(planted_catalog.item_ids.ids[query.items].tolist(), alone, strict=True))
    assert reason.films
    shares = [film.share for film in reason.films]
    assert shares == pytest.approx([by_id[film.id] for film in reason.films], rel=1e-4)
    assert shares == pytest.approx(sorted(alone, reverse=True)[: len(shares)], rel=1e-4)


def _share(model: Model, query: Query, position: int, item: int) -> float:
    """What the score loses without one film of the history, as a part of it all."""
    keep = np.arange(len(query)) != position
    without = Query(query.items[keep], query.values[keep], query.times[keep])
    whole = float(model.score(query)[item])
    return (whole - float(model.score(without)[item])) / whole


def test_a_film_without_a_large_share_is_not_named(planted_catalog: Catalog) -> None:
    even = explain(summed(*[1.0] * 36), planted_catalog, rated(*[4.0] * 36), 38)
    assert even == Reason("model", history_size=36)
    parts = [1.0] * 36
    parts[7] = 3.0  # 3 of 38 is more than a twentieth
    [film] = explain(summed(*parts), planted_catalog, rated(*[4.0] * 36), 38).films
    assert film.id == "107"
    assert film.share == pytest.approx(3 / 38)


def test_a_film_in_the_lower_half_of_the_scale_is_no_reason(planted_catalog: Catalog) -> None:
    [film] = explain(summed(6, 4), planted_catalog, rated(2, 3), 30).films
    assert (film.id, film.rating) == ("101", 3)
    assert explain(summed(6, 4), planted_catalog, rated(2, 2), 30).kind == "untouched"


def test_a_film_of_the_same_genre_is_the_better_reason(planted_catalog: Catalog) -> None:
    films = planted_catalog.films(np.arange(40))
    westerns = {1, 20}
    catalog = Catalog.of(
        [
            replace(film, genres=("Western",) if row in westerns else ("Drama",))
            for row, film in enumerate(films)
        ]
    )
    for item, first in ((20, "101"), (21, "100")):
        assert explain(summed(6, 4), catalog, rated(5, 5), item).films[0].id == first


def test_neighbours_in_a_list_have_different_sentences(planted_catalog: Catalog) -> None:
    reasons = reasons_of(summed(7, 3), planted_catalog, rated(5, 4), 20, 21, 22)
    named = [[film.id for film in reason.films] for reason in reasons]
    assert named == [["100"], ["100", "101"], ["100"]]


def test_a_maker_explains_more_than_two_films(planted_catalog: Catalog) -> None:
    films = planted_catalog.films(np.arange(40))
    people = {1: ("Ann Lee",), 20: ("Ann Lee",)}
    cast = {2: ("Bo Kim",), 21: ("X", "Y", "Bo Kim"), 22: ("X", "Y", "Z", "Bo Kim")}
    catalog = Catalog.of(
        [
            replace(film, directors=people.get(row, ()), cast=cast.get(row, ()))
            for row, film in enumerate(films)
        ]
    )
    model, query = summed(3.2, 3, 3, 1), rated(5, 5, 4, 4)
    texts = [each.text() for each in reasons_of(model, catalog, query, 20, 21, 22)]
    assert texts == [
        "Because you loved Comedy 0 (1980) and Comedy 1 (1981)",
        "Because you liked Comedy 2 (1982), also with Bo Kim",
        "Because you loved Comedy 0 (1980) and Comedy 1 (1981)",
    ]
    model = summed(1, 3, 1, 1)
    assert explain(model, catalog, query, 20).text() == (
        "Because you loved Comedy 1 (1981), also by Ann Lee"
    )


def test_a_genre_is_named_where_it_is_more_of_the_score_than_of_the_history(
    planted_catalog: Catalog,
) -> None:
    films = planted_catalog.films(np.arange(40))
    westerns = {0, 1, 2, 20}
    catalog = Catalog.of(
        [
            replace(film, genres=("Western",) if row in westerns else ("Drama",))
            for row, film in enumerate(films)
        ]
    )
    parts = [3.0, 3.1, 3.0, *[0.5] * 17]
    reasons = reasons_of(summed(*parts), catalog, rated(*[5.0] * 20), 20, 21)
    assert reasons[0].text() == "Because you loved Comedy 1 (1981) and other western films"
    assert reasons[1].kind == "history"  # a drama


def test_being_watched_a_lot_is_a_reason_where_it_is_most_of_the_score(
    planted_catalog: Catalog,
) -> None:
    class Common(Summed):
        common_part = True

        def scores(self, histories: Histories) -> NDArray[np.float32]:
            return np.tile(self.arrays["common"] + self.arrays["parts"].sum(), (len(histories), 1))

    model = Common()
    model.arrays |= summed(*[1.0] * 18).arrays
    model.arrays["common"] = np.zeros(40, dtype=np.float32)
    model.arrays["common"][[20, 22, 23]] = 90
    model.arrays["prior"][[20, 21, 22, 24]] = [2, 2, 2, 1]
    reasons = reasons_of(model, planted_catalog, rated(*[4.0] * 18), 20, 21, 22, 23)
    kinds = [reason.kind for reason in reasons]
    assert kinds[0] == kinds[2] == "widely"
    assert "widely" not in (kinds[1], kinds[3])  # the last has another thing for everybody
    assert reasons[0].text() == "Widely watched"
    model.arrays["parts"] = np.zeros(18, dtype=np.float32)
    assert explain(model, planted_catalog, rated(*[4.0] * 18), 20).kind == "widely"
