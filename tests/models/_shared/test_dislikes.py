"""Weights by level, histories of dislikes, and viewers who dislike a kind of film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import matinee
from matinee.data import Histories, Query
from matinee.errors import InputError, OptionError
from matinee.models import DislikesConfig, create
from matinee.models._shared.dislikes import dislike_surplus, liked_alone, targets_of
from matinee.service.train import train
from matinee.testing.planted import TASTE, three_tastes
from matinee.testing.subject import query_of

_NEXT = (
    "The Godfather: Part III (1990)",
    "Donnie Brasco (1997)",
    "Carlito's Way (1993)",
    "Miller's Crossing (1990)",
    "Gangs of New York (2002)",
    "Eastern Promises (2007)",
    "American Gangster (2007)",
    "Road to Perdition (2002)",
)
_BEST_KNOWN = (
    "The Godfather: Part II (1974)",
    "Goodfellas (1990)",
    "Reservoir Dogs (1992)",
    "Casino (1995)",
    "Scarface (1983)",
    "The Departed (2006)",
    "The Untouchables (1987)",
)


LEVELS = "-0.5 -0.32 0.2 0.5 1"


def test_levels_are_interpolated_among_dislikes_and_among_likes() -> None:
    config = DislikesConfig(like_from=3.5, levels=LEVELS)
    stars = np.array([1, 2, 3, 3.4, 3.5, 4.25, 5], dtype=np.float32)
    expected = [-0.5, -0.32, 0.2, 0.2, 0.5, 0.75, 1]
    np.testing.assert_allclose(config.signed_weights(stars, (1, 5)), expected, rtol=1e-6)
    assert config.liked(stars).tolist() == [False] * 4 + [True] * 3


def test_half_stars_weigh_as_whole_ones() -> None:
    """2 and 2.5 are dislikes, and 3 is neither liked nor disliked, on either scale."""
    config = DislikesConfig(like_from=3.3125, levels=LEVELS)
    halves = np.array([0.5, 2, 2.5, 3, 3.5, 5], dtype=np.float32)
    expected = [-0.5, -0.32, -0.32, 0.2, 0.5 + 0.5 / 9, 1]
    np.testing.assert_allclose(config.signed_weights(halves, (0.5, 5)), expected, rtol=1e-5)


@pytest.mark.parametrize("like_from", [1, 2, 3, 5, 9])
def test_a_first_like_at_an_end_of_the_scale_has_weights(like_from: float) -> None:
    weights = DislikesConfig(like_from=like_from).signed_weights(
        np.array([1, 1.5, 2, 2.9, 3, 4, 5], dtype=np.float32), (1, 5)
    )
    assert np.isfinite(weights).all()
    assert (np.diff(weights) >= 0).all()


@pytest.mark.parametrize(
    "text", ["", "1", "-1 0 0 1", "0 -0.1 0 0.5 1", "-2 0 0 0.5 1", "0 0 0 0 0.5"]
)
def test_levels_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(OptionError, match="5 numbers from -1 to 1 are needed, ascending"):
        create("ease", {"levels": text})


def test_the_surplus_of_dislikes_is_counted_by_weight() -> None:
    ratings = sp.csr_array(np.array([[1, 0, 5], [1, 1, 0], [1, 2, 5], [0, 0, 5]], dtype=np.float32))
    histories = Histories(ratings)
    weights = np.array([-0.5, 1, -0.5, -0.2, -0.9, -0.6, 1, 1], dtype=np.float32)
    surplus = dislike_surplus(weights, histories)
    assert surplus is not None
    np.testing.assert_allclose(surplus, [0, 1, (0.5 / 2.5) ** 2, 0], rtol=1e-6)
    assert dislike_surplus(np.abs(weights), histories) is None


def test_factor_models_want_dislikes_below_films_that_were_not_seen() -> None:
    assert targets_of(np.array([1, 0.2, -0.1], dtype=np.float32)).tolist() == pytest.approx(
        [1, 1, -0.2]
    )


def test_likes_alone_are_those_from_the_threshold_on() -> None:
    _, ratings = three_tastes()
    liked = liked_alone(ratings, DislikesConfig(like_from=4))
    assert len(liked) == (ratings.values >= 4).sum()
    assert liked_alone(ratings, DislikesConfig()) is ratings
    with pytest.raises(InputError, match=r"reaches like_from.*lower like_from"):
        liked_alone(ratings, DislikesConfig(like_from=6))


@pytest.mark.parametrize("name", ["ease", "ials", "slim"])
def test_somebody_with_dislikes_alone_gets_popular_films_of_other_kinds(name: str) -> None:
    catalog, ratings = three_tastes()
    popular = ratings.items % TASTE < 6  # half of the films have five times the audience
    kept = ratings.select(popular | (np.arange(len(ratings)) % 5 == 0))
    model = create(name, {"like_from": 3.5}).fit(kept, catalog, rng=np.random.default_rng(0))
    scores = model.score(query_of(range(4), [1] * 4))
    best = np.argsort(-scores)[:6]
    assert (best % TASTE < 6).all()
    assert (best >= TASTE).mean() > 0.5
    histories = Histories.of(query_of(range(4), [1] * 4), model.n_items)
    factors = model.factors(histories)
    if factors is not None:
        np.testing.assert_allclose(factors[0] @ factors[1].T, [scores], rtol=1e-4)


def test_gangster_films_fall_for_somebody_who_rated_others_lowest(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path))
    data = matinee.load("ml-latest-small")
    recommender = train(data, "ease-sparse")
    viewer = data.history({"Alien (1979)": 5, "Star Wars: Episode IV - A New Hope (1977)": 5})
    lowest, dismissed = viewer, viewer
    for film in _NEXT:
        lowest, dismissed = lowest.plus(film, 1), dismissed.dismiss(film)
    rows = [data.titles.find(each) for each in _BEST_KNOWN]

    def place(query: Query) -> float:
        scores = recommender.model.score(query)
        return float(np.median([(scores > scores[row]).sum() for row in rows]))

    assert place(lowest) > 1.2 * place(viewer)
    assert place(dismissed) > 1.2 * place(viewer)
    first = {line.film.title for line in recommender.recommend(lowest, 12)}
    assert {"Aliens", "The Matrix"} <= first
