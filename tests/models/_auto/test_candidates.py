"""Candidates: they exist, know their threshold, and cost what grows with the data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matinee import plugins
from matinee.models import Model
from matinee.models._auto.candidates import Size, candidates, fit_seconds, knows_dislikes
from matinee.models._auto.questions import ChooseOn
from matinee.models._blend.parts import read_parts
from matinee.models.auto import Auto, AutoConfig
from matinee.testing import Subject
from matinee.testing.dislike_rules import dislikes_lower_films_like_them

_SIZE = Size(ratings=500_000, pairs=1e8, viewers=6_000, films=3_500)


@pytest.mark.parametrize("choose_on", ["future", "next", "random"])
def test_every_candidate_is_a_model_with_contributions_or_popularity(choose_on: ChooseOn) -> None:
    for kind in candidates(choose_on, 4000, 1000):
        for text in kind:
            (part,) = read_parts(text)
            model = plugins.get("models", part.name)
            assert model.contributions is not Model.contributions or not model.personal


def test_what_predicts_ratings_by_taste_is_given_all_of_them() -> None:
    names = ("ials", "prefix-knn", "svd", "popular", "slit")
    knowing = [name for name in names if knows_dislikes(read_parts(name)[0].model())]
    assert knowing == ["ials", "prefix-knn", "svd", "slit"]


def test_a_fit_costs_more_with_more_data_and_less_for_a_sample() -> None:
    for text in {text for kind in candidates("random", 4000, 1000) for text in kind}:
        (part,) = read_parts(text)
        cost = fit_seconds(part, _SIZE)
        twice = replace(_SIZE, ratings=1e6, pairs=4e8, viewers=12_000, films=7_000)
        assert 0 < fit_seconds(part, _SIZE.sample(0.1)) < cost < fit_seconds(part, twice)


def test_for_the_next_film_neighbours_of_prefixes_are_tried_and_cost_their_answers() -> None:
    assert ["prefix-knn"] in candidates("next", 4000, 1000)
    (part,) = read_parts("prefix-knn")
    few, many = (replace(_SIZE, viewers=viewers) for viewers in (150, 1500))
    assert fit_seconds(part, many) == pytest.approx(10 * fit_seconds(part, few))


def test_for_the_next_film_a_low_rating_speaks_against_films_like_it() -> None:
    dislikes_lower_films_like_them(Subject(Auto, AutoConfig(choose_on="next")))
