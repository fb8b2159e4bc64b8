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

_SIZE = Size(ratings=500_000, pairs=1e8, viewers=6_000, films=3_500, facts=28)


def of_many(choose_on: ChooseOn) -> list[list[str]]:
    """Candidates where nothing is too large or too expensive."""
    return candidates(choose_on, _SIZE, most_films=4000, n_items=3500, budget=100)


@pytest.mark.parametrize("choose_on", ["future", "next", "random"])
def test_every_candidate_is_a_model_with_contributions_or_popularity(choose_on: ChooseOn) -> None:
    for kind in of_many(choose_on):
        for text in kind:
            (part,) = read_parts(text)
            model = plugins.get("models", part.name)
            assert model.contributions is not Model.contributions or not model.personal


def test_what_predicts_ratings_by_taste_is_given_all_of_them() -> None:
    names = ("ials", "prefix-knn", "svd", "popular", "slit")
    knowing = [name for name in names if knows_dislikes(read_parts(name)[0].model())]
    assert knowing == ["ials", "prefix-knn", "svd", "slit"]


def test_a_fit_costs_more_with_more_data_and_less_for_a_sample() -> None:
    for text in {text for kind in of_many("random") for text in kind}:
        (part,) = read_parts(text)
        cost = fit_seconds(part, _SIZE)
        twice = replace(_SIZE, ratings=1e6, pairs=4e8, viewers=12_000, films=7_000)
        assert 0 < fit_seconds(part, _SIZE.sample(0.1)) < cost < fit_seconds(part, twice)


def test_a_matrix_of_all_films_is_tried_where_its_fit_is_within_the_budget() -> None:
    few_viewers = replace(_SIZE, viewers=600, films=9_700, ratings=80_000, pairs=3e7)
    many_viewers = replace(few_viewers, viewers=6_000)
    many_facts = replace(few_viewers, facts=18_000)

    def tried(size: Size, n_items: int = 9_700) -> bool:
        kinds = candidates("random", size, most_films=10_000, n_items=n_items, budget=3)
        assert ["item-knn"] in kinds
        return ["dlae-content l2=200"] in kinds

    assert tried(few_viewers)
    assert not tried(many_viewers)
    assert not tried(many_facts)
    assert not tried(few_viewers, n_items=10_001)


def test_for_the_next_film_neighbours_of_prefixes_are_tried_and_cost_their_answers() -> None:
    assert ["prefix-knn"] in of_many("next")
    (part,) = read_parts("prefix-knn")
    few, many = (replace(_SIZE, viewers=viewers) for viewers in (150, 1500))
    assert fit_seconds(part, many) == pytest.approx(10 * fit_seconds(part, few))


def test_for_the_next_film_a_low_rating_speaks_against_films_like_it() -> None:
    dislikes_lower_films_like_them(Subject(Auto, AutoConfig(choose_on="next")))
