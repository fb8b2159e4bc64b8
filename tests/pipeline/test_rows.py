from __future__ import annotations

from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog, Constraints, Film, Histories, Interactions, Query
from matinee.models import Model
from matinee.pipeline import Recommender
from matinee.pipeline.rows import ViewerScores


class Known(Model):
    """Scores and prior are set by hand; counts how often it is asked for scores."""

    asked = 0

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        raise NotImplementedError

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        type(self).asked += 1
        known = histories.ratings.sum(axis=1)[:, None] > 0
        return np.where(known, self.arrays["scores"], 0).astype(np.float32)


def recommender(*, copies: bool = False) -> Recommender:
    """Seven films: the viewer's order is by row, the prior's is the reverse; five are like #6."""
    ids = ["tt1", "tt1"] if copies else ["tt1", "tt2"]
    films = [
        Film(str(n), f"Film {n}", 1990, 80 + 5 * n, ("Drama",), imdb_id=(ids[n] if n < 2 else ""))
        for n in range(7)
    ]
    model = Known()
    model.arrays = {
        "scale": np.array([1, 5], dtype=np.float32),
        "scores": np.arange(7, 0, -1, dtype=np.float32),
        "prior": np.arange(1, 8, dtype=np.float32),
    }
    near, values = np.full((7, 5), -1, np.int32), np.zeros((7, 5), np.float16)
    near[6], values[6] = [4, 3, 2, 1, 5], [0.8, 0.6, 0.4, 0.2, 0.1]
    similarity = FilmSimilarity(near, values, values > 0)
    return Recommender(model, Catalog.of(films), scale=(1.0, 5.0), similarity=similarity)


def query(*rows: int) -> Query:
    return Query(items=rows, values=[5.0] * len(rows))  # type: ignore[arg-type]


def test_one_call_of_scores_makes_all_lists() -> None:
    Known.asked = 0
    scores = ViewerScores(recommender(), query(6))
    lists = scores.rankings([scores.favourites(), scores.similar(6), scores.popular()], [2, 2, 2])
    assert Known.asked == 1
    assert lists[0].items.tolist() == [0, 1]
    assert [reason.kind for each in lists for reason in each.reasons] == [
        *("model", "model", "similar", "similar", "popular", "popular")
    ]


def test_a_film_is_in_the_first_list_alone_that_has_it() -> None:
    scores = ViewerScores(recommender(), query(6))
    lists = scores.rankings([scores.favourites(), scores.popular(), scores.favourites()], [3, 2, 9])
    assert [each.items.tolist() for each in lists] == [[0, 1, 2], [5, 4], [3]]


def test_a_film_under_two_ids_is_one_film() -> None:
    scores = ViewerScores(recommender(copies=True), query(6))
    lists = scores.rankings([scores.favourites(), scores.popular()], [1, 9])
    assert lists[0].items.tolist() == [0]
    assert 1 not in lists[1].items


def test_similar_films_are_ranked_by_both_places() -> None:
    scores = ViewerScores(recommender(), query(6))
    # Places by similarity and by score: 4 (0, 3), 3 (1, 2), 2 (2, 1), 1 (3, 0), 5 (4, 4); not 0.
    order = scores.similar(6)
    assert len(order) == 5
    assert scores.page(order, 9, 1).items.tolist() == [1, 2, 3, 4, 5]


def test_pages_continue_each_other_and_end() -> None:
    scores = ViewerScores(recommender(), query(6))
    order = scores.favourites()
    pages = [scores.page(order, 4, page).items.tolist() for page in (1, 2, 3)]
    assert pages == [[0, 1, 2, 3], [4, 5], []]
    assert len(order) == 6


def test_where_a_film_stands_is_what_why_says() -> None:
    fitted = recommender()
    scores = ViewerScores(fitted, query(6))
    for item in range(6):
        place, why = scores.standing(item), fitted.why(query(6), f"#{item}")
        assert place is not None
        assert (place.rank, place.ranked) == (why.rank, why.ranked) == (item + 1, 6)
    assert scores.standing(6) is None


def test_constraints_and_masks_leave_the_order() -> None:
    scores = ViewerScores(recommender(), query(6))
    short = scores.page(scores.favourites(constraints=Constraints(max_runtime=90)), 9, 1)
    assert short.items.tolist() == [0, 1]
    assert short.reasons[0].text().startswith("80 minutes")
    odd = np.arange(7) % 2 == 1
    assert scores.page(scores.favourites(odd), 9, 1).items.tolist() == [1, 3, 5]
    assert scores.page(scores.popular(odd), 9, 1).items.tolist() == [5, 3, 1]


@pytest.mark.parametrize(("rows", "personal"), [((), False), ((6,), True)])
def test_only_a_history_is_personal(*, rows: tuple[int, ...], personal: bool) -> None:
    scores = ViewerScores(recommender(), query(*rows))
    assert scores.personal is personal
    first = scores.page(scores.favourites(), 1, 1).items.tolist()
    assert first == ([0] if personal else [6])


def test_the_first_list_is_what_recommend_answers(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    from matinee.models import create

    model = create("ease").fit(planted, planted_catalog, rng=np.random.default_rng(0))
    fitted = Recommender(model, planted_catalog, scale=planted.scale)
    mine = Query.of(planted.history(3), n=7)
    scores = ViewerScores(fitted, mine)
    one = scores.page(scores.favourites(), 7, 1)
    assert one.to_frame().equals(fitted.recommend(mine).to_frame())


def test_a_dismissal_alone_makes_a_list_personal() -> None:
    dismissed = ViewerScores(recommender(), Query(dismissed=[6], scale=(1, 5)))  # type: ignore[arg-type]
    assert dismissed.personal
    assert dismissed.page(dismissed.favourites(), 3, 1).items.tolist() == [0, 1, 2]
    assert not ViewerScores(recommender(), Query()).personal
