"""Discounts for kinds of films that a viewer rated low, against sums by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Catalog, Dataset, Film, Histories, Interactions, Query, Vocabulary
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.pipeline.discounts import Discounts
from matinee.pipeline.top_lists import top_lists

SCALE = (1.0, 5.0)
STARS = {1: -0.6, 2: -0.3, 3: 0.25, 4: 0.6 + 0.4 / 3, 5: 1.0}
"""Weights of whole stars by the default of `levels`."""


@pytest.fixture(scope="module")
def data(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, licence="")


def recommender(name: str, data: Dataset) -> Recommender:
    model = create(name, {"like_from": 3.5})
    model.fit(data.interactions, data.catalog, rng=np.random.default_rng(0))
    return Recommender(model, data.catalog, scale=SCALE, data=data)


def evidence(ratings: dict[int, int], film: Film, catalog: Catalog) -> float:
    """Of the genres alone, which are all that the films of this file have."""
    total = 0.0
    for genre in film.genres:
        films = [row for row in range(len(catalog)) if genre in catalog.film(row).genres]
        weights = [STARS[ratings[row]] for row in films if row in ratings]
        rarity = np.log(len(catalog) / len(films))
        total += rarity * sum(weights) / (sum(map(abs, weights)) + 10)
    return max(-total, 0)


@pytest.mark.parametrize(
    "ratings", [{0: 1}, {0: 1, 1: 2, 2: 1}, {0: 1, 1: 1, 2: 1, 3: 1, 6: 5}, {0: 1, 3: 4, 6: 5}]
)
def test_losses_are_those_of_the_sums(ratings: dict[int, int]) -> None:
    genres = [("Crime",)] * 3 + [("Crime", "Drama")] * 3 + [("Sci-Fi",)] * 4
    catalog = Catalog.of(Film(str(row), f"F {row}", genres=of) for row, of in enumerate(genres))
    scores = np.linspace(-1, 3, 10, dtype=np.float32)[None, ::-1]
    query = Query(items=list(ratings), values=list(ratings.values()), scale=SCALE)  # type: ignore[arg-type]
    losses = Discounts(catalog, SCALE).of(Histories.of(query, 10), scores)
    expected = [
        -max(score - 1, 0) * (1 - np.exp(-0.7 * evidence(ratings, catalog.film(row), catalog) ** 2))
        for row, score in enumerate(scores[0].tolist())
    ]
    found = np.zeros(10) if losses is None else losses[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert (losses is None) == (len(ratings) == 3 and 6 in ratings)  # likes of the kind outweigh


@pytest.mark.parametrize("name", ["ease", "ials", "item-knn", "svd"])
def test_likes_alone_change_nothing(name: str, data: Dataset) -> None:
    fitted = recommender(name, data) if name != "svd" else recommender_of_ratings(data)
    histories: tuple[dict[str | int, float], ...] = (
        {"Horror 22": 5, "Horror 30": 4},
        {"Horror 22": 3, "Comedy 1": 3.5},
    )
    for ratings in histories:
        query = data.history(ratings)
        scored = fitted.score(query)
        assert scored.discount is None
        assert np.array_equal(scored.total, fitted.model.score(query))
        assert fitted.why(query, "Horror 25").discount is None


def recommender_of_ratings(data: Dataset) -> Recommender:
    model = create("svd").fit(data.interactions, data.catalog, rng=np.random.default_rng(0))
    return Recommender(model, data.catalog, scale=SCALE, data=data)


def test_a_count_is_a_like_and_a_dismissal_a_dislike(planted_catalog: Catalog) -> None:
    discounts = Discounts(planted_catalog, (0, float("inf")))
    scores = np.ones((1, 40), dtype=np.float32)
    scores[0, 30] = 3
    played = Query(items=[20, 21], values=[1, 7], scale=(0, float("inf")))  # type: ignore[arg-type]
    assert discounts.of(Histories.of(played, 40), scores) is None
    marked = replace(played, items=[1], values=[2], times=[0], dismissed=[20, 21])  # type: ignore[arg-type]
    losses = discounts.of(Histories.of(marked, 40), scores)
    assert losses is not None
    assert np.flatnonzero(losses[0]).tolist() == [30]


_N_SPACE, _N_GANG, _N_LOVE = 10, 10, 78
_PAGE = 8


def gangsters() -> Dataset:
    """Fans of space films also love two gangster films; ten other ones have their own audience."""
    genres = {"Space": ("Sci-Fi",), "Gangster": ("Crime", "Drama"), "Love": ("Romance",)}
    names = [f"Space {row}" for row in range(_N_SPACE)]
    names += [f"Gangster {row}" for row in range(2 + _N_GANG)]
    names += [f"Love {row}" for row in range(_N_LOVE)]
    catalog = Catalog.of(
        Film(
            name,
            name,
            year=1990,
            genres=genres[name.split()[0]],
            keywords=("mafia",) if name.startswith("Gangster") else (),
        )
        for name in names
    )
    rng = np.random.default_rng(0)
    classics_end = _N_SPACE + 2
    users, items = [], []
    for user in range(60):
        own = np.arange(classics_end) if user < 45 else classics_end + np.arange(_N_GANG)
        love = np.arange(classics_end + _N_GANG, len(names))
        users += [user] * 8
        items += [*rng.choice(own, 6, replace=False), *rng.choice(love, 2, replace=False)]
    ratings = Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.full(len(users), 5, dtype=np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(60)),
        item_ids=catalog.item_ids,
    )
    return Dataset("gangsters", ratings, catalog, licence="")


def fans() -> list[Query]:
    """One of space films, the same with ten gangster films at one star, and with them dismissed."""
    data = gangsters()
    fan = data.history({"Space 0": 5, "Space 1": 5})
    lowest, dismissed = fan, fan
    for row in range(2, 2 + _N_GANG):
        lowest = lowest.plus(f"Gangster {row}", 1)
        dismissed = dismissed.dismiss(f"Gangster {row}")
    return [fan, lowest, dismissed]


@pytest.mark.parametrize("name", ["ease", "ease-sparse", "slim", "item-knn", "auto"])
def test_gangster_films_at_one_star_take_gangster_films_off_the_first_page(name: str) -> None:
    fitted = recommender(name, gangsters())
    fan, lowest, dismissed = fans()
    before = [line.film.title for line in fitted.recommend(fan, _PAGE)]
    assert "Gangster 0" in before
    for query in (lowest, dismissed):
        after = [line.film.title for line in fitted.recommend(query, _PAGE)]
        assert set(after) == {f"Space {row}" for row in range(2, _N_SPACE)}
    rated, marked = (str(fitted.why(each, "Gangster 0")) for each in (lowest, dismissed))
    kind, others = "Fewer crime and drama films for you: you", "Gangster 2 (1990)"
    assert f"{kind} rated {others} 1, and 9 others low." in rated
    assert f"{kind} marked {others} and 9 others as not for you." in marked


@pytest.mark.parametrize("name", ["ease", "ials"])  # without factors, and with them
def test_lists_of_many_viewers_have_the_same_discounts(name: str) -> None:
    fitted = recommender(name, gangsters())
    queries = fans()
    rows = [Histories.of(each, fitted.model.n_items).ratings for each in queries]
    together = Histories(sp.csr_array(sp.vstack(rows, format="csr")))
    lists = top_lists(fitted.model, together, 10, fitted.copies, discounts=fitted.discounts)
    for items, scores, query in zip(*lists, queries, strict=True):
        ranking = fitted.recommend(query)
        assert items.tolist() == ranking.items.tolist()
        np.testing.assert_allclose(scores, ranking.scores, rtol=1e-4)
    without = top_lists(fitted.model, together, 10, fitted.copies)[0]
    assert [(a == b).all() for a, b in zip(lists[0], without, strict=True)] == [True, False, False]


@pytest.mark.parametrize("name", ["ease", "ials", "auto"])
def test_the_ledger_sums_to_the_score(name: str) -> None:
    fitted = recommender(name, gangsters())
    fan, *others = fans()
    for query in others:
        for film, loses in (("Gangster 0", True), ("Love 3", False)):
            answer = fitted.why(query, film)
            assert (answer.discount is not None) == loses
            terms = answer.to_frame()
            assert terms["part"].sum() == pytest.approx(answer.score, rel=1e-4, abs=1e-6)
            assert terms["share"].abs().sum() == pytest.approx(1, rel=1e-4)
            assert terms["item_id"].null_count() == len(answer.other_terms)
            labels = [label for label, *_ in answer.other_terms]
            assert ("for its kind (crime and drama films)" in labels) == loses
    assert fitted.why(fan, "Gangster 0").discount is None


def test_a_score_that_is_no_sum_is_one_term_beside_the_discount() -> None:
    answer = recommender("ials-content", gangsters()).why(fans()[1], "Gangster 0")
    assert (answer.parts, answer.common) == ((), 0)
    assert answer.discount
    loss = answer.discount.part
    by_model = answer.score - loss
    assert answer.discount.share == pytest.approx(loss / (abs(by_model) - loss), rel=1e-4)


@pytest.mark.parametrize(
    ("rated", "marked", "words"),
    [
        (1, 0, "rated Gangster 2 (1990) 1."),
        (2, 0, "rated Gangster 2 (1990) 1, and 1 other low."),
        (1, 2, "rated Gangster 2 (1990) 1, and marked 2 others as not for you."),
        (3, 1, "rated Gangster 2 (1990) 1, and 2 others low, and marked 1 other as not for you."),
        (0, 1, "marked Gangster 2 (1990) as not for you."),
        (0, 4, "marked Gangster 2 (1990) and 3 others as not for you."),
    ],
)
def test_rated_and_marked_films_are_counted_apart(rated: int, marked: int, words: str) -> None:
    fitted = recommender("ease", gangsters())
    query = fans()[0]
    for row in range(2, 2 + rated):
        query = query.plus(f"Gangster {row}", 1)
    for row in range(2 + rated, 2 + rated + marked):
        query = query.dismiss(f"Gangster {row}")
    discount = fitted.why(query, "Gangster 0").discount
    assert discount
    assert discount.text() == f"Fewer crime and drama films for you: you {words}"
