"""Prefix kNN: an example worked by hand, orders of equal times, and what is stored."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit
from tests.models.test_slit import interactions, random_sequences, timed

from matinee.data import Histories, Interactions
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.race import Setting
from matinee.models._blend.parts import read_parts
from matinee.testing.planted import TASTE, three_tastes
from matinee.testing.subject import query_of

PLAIN = {"rarity": 0, "popularity_discount": 0, "long_decay": 0.5}


def test_two_prefixes_by_hand(fit: Fit) -> None:
    # prefixes: [0] before 1; [0, 1] before 2, a minute apart; [3] before 4
    ratings = interactions([[0, 1, 2], [3, 4]], [[60, 120, 180], [60, 120]])
    scores = fit("prefix-knn", ratings, PLAIN).score(timed([0], [60]))
    cosine = 0.5 / np.sqrt(1.25)  # both decays leave half of film 0
    similar = np.array([0, 1, cosine**1.5 * cosine**2, 0, 0])
    np.testing.assert_allclose(scores, similar / similar.sum(), rtol=1e-5)


def test_scores_sum_to_one_over_the_films_outside_the_history(fit: Fit) -> None:
    ratings = random_sequences()
    model = fit("prefix-knn", ratings)
    own = ratings.history(3)
    scores = model.scores(Histories.of_users(ratings, np.arange(ratings.n_users)))
    assert scores[3, np.setdiff1d(np.arange(5), own.items)].sum() == pytest.approx(1)
    assert scores[3, own.items].sum() > 0  # by the viewer's own prefixes


def test_a_history_of_all_films_has_finite_scores(fit: Fit) -> None:
    scores = fit("prefix-knn", random_sequences()).score(timed([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]))
    assert np.isfinite(scores).all()


def test_scores_are_divided_by_popularity(fit: Fit) -> None:
    # film 1 followed sixteen times, film 2 four times
    ratings = interactions([*[[0, 1]] * 16, *[[0, 2]] * 4], [[60, 120]] * 20)
    for discount, ratio in ((0, 4), (0.5, 2)):
        model = fit("prefix-knn", ratings, PLAIN | {"popularity_discount": discount})
        scores = model.score(timed([0], [1]))
        assert scores[1] / scores[2] == pytest.approx(ratio, rel=1e-5)


def test_rare_films_in_common_say_more(fit: Fit) -> None:
    # film 0 is liked by all, film 2 by one; film 1 followed both, for one viewer
    ratings = interactions([[0, 2, 1], *[[0, 3]] * 50], [[60, 60, 90], *[[60, 90]] * 50])
    model = fit("prefix-knn", ratings, PLAIN | {"rarity": 0.5})
    assert model.score(timed([2], [1]))[1] > 10 * model.score(timed([0], [1]))[1]


def test_equal_times_of_a_history_are_a_set(fit: Fit) -> None:
    model = fit("prefix-knn", random_sequences())
    scores = [model.score(timed(films, [5, 5, 5])) for films in ([0, 1, 2], [2, 0, 1])]
    np.testing.assert_array_equal(scores[0], scores[1])


def test_the_order_of_equal_times_is_drawn(fit: Fit) -> None:
    ratings = interactions([[0, 1]] * 4000, [[5, 5]] * 4000)
    model = fit("prefix-knn", ratings, PLAIN)
    ratio = model.score(timed([0], [1]))[1] / model.score(timed([1], [1]))[0]
    assert 0.9 < ratio < 1.1


def test_dislikes_are_no_part_of_a_history(fit: Fit, contributions: Contributions) -> None:
    model = fit("prefix-knn", random_sequences(), {"min_rating": 3})
    both, like = timed([0, 1], [1, 2], [5, 1]), timed([0], [1], [5])
    np.testing.assert_array_equal(model.score(both), model.score(like))
    assert not contributions(model, both, [2, 3])[:, 1].any()


def test_viewers_without_a_like_are_not_stored(fit: Fit, planted: Interactions) -> None:
    model = fit("prefix-knn", planted, {"min_rating": 5})
    liked = planted.values >= 5
    assert len(model.arrays["starts"]) == len(np.unique(planted.users[liked])) + 1
    assert len(model.arrays["items"]) == np.count_nonzero(liked)


def test_in_a_sum_a_low_rating_speaks_against_films_like_it() -> None:
    """The part that knows dislikes brings them in, and the neighbours leave them out."""
    catalog, ratings = three_tastes()
    setting = Setting(catalog, 3.5, 0)
    parts = tuple(setting.fit(part, ratings) for part in read_parts("slit l2=20 + prefix-knn"))
    no_films = np.zeros(0, dtype=np.bool_)
    mixture = Mixture(parts, np.ones(2, dtype=np.float32), 3.5, no_films)
    liked, disliked = list(range(6)), list(range(TASTE, TASTE + 6))
    times = list(range(1, 13))
    histories = Histories.of(query_of(liked + disliked, [5] * 6 + [1] * 6, times), ratings.n_items)
    second, third = np.arange(TASTE + 6, 2 * TASTE), np.arange(2 * TASTE, 3 * TASTE)
    own, other = (mixture.contributions(histories, films) for films in (second, third))
    assert own[:, 6:].sum(axis=1).mean() < min(0, other[:, 6:].sum(axis=1).mean())
    np.testing.assert_allclose(own.sum(axis=1), mixture.scores(histories)[0, second], rtol=1e-4)
