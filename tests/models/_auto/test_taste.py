"""Predicted stars in the sum: where there are dislikes, and what they change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.models.conftest import Fit

from matinee.data import Catalog, Histories, Interactions, Vocabulary
from matinee.models._auto.choice import Choice
from matinee.models._auto.taste import TASTE, with_taste
from matinee.models.auto import Auto, AutoConfig
from matinee.testing import Subject
from matinee.testing.contribution_rules import contributions_add_up
from matinee.testing.dislike_rules import dislikes_lower_films_like_them

_OPTIONS = {"choose_on": "random", "like_from": 3.5}


def test_stars_are_added_to_what_is_personal_where_some_ratings_are_dislikes(
    planted: Interactions,
) -> None:
    choice = Choice(("ials", "item-knn"), (0.75, 0.25), None)
    rule, added = with_taste("Likes", choice, planted, 3.5)
    assert added.texts == ("ials", "item-knn", TASTE)
    assert added.shares[:2] == (0.75, 0.25)
    assert rule.startswith("Likes; ")
    assert TASTE in rule
    popular = Choice(("popular",), (1.0,), None)
    liked = planted.select(planted.values >= 3.5)
    for other, ratings, like_from in (
        (popular, planted, 3.5),
        (choice, planted, None),
        (choice, planted, 1.0),
        (choice, liked, 3.5),
    ):
        assert with_taste("Likes", other, ratings, like_from) == ("Likes", other)


def test_without_dislikes_the_answers_are_those_of_likes(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    liked = planted.select(planted.values >= 3.5)
    model = fit("auto", liked, _OPTIONS, catalog=planted_catalog)
    assert isinstance(model, Auto)
    assert TASTE not in model.winner


def test_only_drawn_likes_add_stars(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    for choose_on in ("future", "next", "random"):
        model = fit("auto", planted, _OPTIONS | {"choose_on": choose_on}, catalog=planted_catalog)
        assert isinstance(model, Auto)
        assert model.selection is not None
        assert (TASTE in model.winner) == (choose_on == "random") == (TASTE in model.selection.rule)


def test_contributions_and_dislikes_keep_the_contract() -> None:
    subject = Subject(Auto, AutoConfig.model_validate(_OPTIONS))
    assert TASTE in subject.model.winner  # type: ignore[attr-defined]
    contributions_add_up(subject)
    dislikes_lower_films_like_them(subject)


def test_films_that_others_of_a_taste_rate_low_sink(fit: Fit) -> None:
    """Everybody watches what is popular; halves of the viewers love what the others hate."""
    audience = _halves()
    model = fit("auto", audience, _OPTIONS)
    assert isinstance(model, Auto)
    mixture = model._mixture()
    assert [part.name for part in mixture.parts][-1] == "svd"
    without = replace(mixture, weights=np.append(mixture.weights[:-1], np.float32(0)))
    histories = Histories.of_users(audience, np.arange(audience.n_users))
    hated = np.arange(30) % 2 != np.arange(audience.n_users)[:, None] % 2
    unseen = histories.ratings.toarray() == 0

    def misses(scores: np.ndarray) -> float:
        best = np.argsort(np.where(unseen, -scores, np.inf), axis=1, kind="stable")[:, :5]
        return float(np.take_along_axis(hated, best, axis=1).mean())

    before, after = misses(without.scores(histories)), misses(mixture.scores(histories))
    assert after < 0.8 * before


def _halves() -> Interactions:
    rng = np.random.default_rng(3)
    users, items = np.nonzero(rng.random((400, 30)) < np.linspace(0.4, 0.05, 30))
    agrees = (users % 2 == items % 2) ^ (rng.random(len(users)) < 0.2)
    return Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=np.where(agrees, 5, 2).astype(np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(400)),
        item_ids=Vocabulary.of("film", range(30)),
    )
