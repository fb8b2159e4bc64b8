"""Auto: the choice follows the data, and the winner answers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Catalog, Histories, Interactions, Vocabulary
from matinee.models import Model, create
from matinee.models._blend.held_out import hold_out
from matinee.models._blend.parts import prefixed, read_parts
from matinee.models.auto import Auto, best_of


def chosen(model: Model) -> str:
    assert isinstance(model, Auto)
    return model.winner


def test_the_winner_answers_as_it_does_alone(
    fit: Fit,
    planted: Interactions,
    planted_catalog: Catalog,
    history: History,
    contributions: Contributions,
) -> None:
    model = fit("auto", planted, catalog=planted_catalog)
    parts = read_parts(chosen(model))
    alone = create("blend", {"parts": chosen(model)}) if len(parts) > 1 else parts[0].model()
    alone.arrays = prefixed(model.arrays, 0)
    histories = Histories.of_users(planted, np.arange(4))
    np.testing.assert_array_equal(model.scores(histories), alone.scores(histories))
    query = history([0, 1, 2])
    assert contributions(model, query, [5]).sum() == pytest.approx(model.score(query)[5], rel=1e-4)


def test_tastes_are_not_answered_by_popularity(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    assert chosen(fit("auto", planted, catalog=planted_catalog)) != "popular"


def test_popularity_ranks_where_everybody_likes_the_same(fit: Fit) -> None:
    rng = np.random.default_rng(5)
    rated = rng.random((300, 60)) < 0.05 + 0.8 * 0.9 ** np.arange(60)
    users, items = np.nonzero(rated)
    audience = Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=np.full(len(users), 4, dtype=np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(300)),
        item_ids=Vocabulary.of("film", range(60)),
    )
    scores = fit("auto", audience).scores(Histories.of_users(audience, np.arange(50)))
    assert set(np.argsort(-scores.mean(axis=0))[:5]) <= set(range(9))


def test_without_users_of_five_ratings_popularity_answers(
    fit: Fit, ratings: Ratings, history: History, contributions: Contributions
) -> None:
    model = fit("auto", ratings([[5, 4, 0], [0, 3, 5]]))
    assert chosen(model) == "popular"
    assert not contributions(model, history([0, 1]), [2]).any()


def test_with_many_films_no_item_item_matrix_is_inverted(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, {"most_films": 39}, catalog=planted_catalog)
    kinds = {part.name for part in read_parts(chosen(model))}
    assert kinds <= {"popular", "item-knn", "ials", "ease-sparse"}


def test_the_best_candidate_wins(planted: Interactions, planted_catalog: Catalog) -> None:
    held_out = hold_out(planted, np.random.default_rng(0))
    assert held_out is not None
    kinds = [["popular"], ["popular damping=1"], ["ease-sparse l2=60", "ease-sparse l2=200"]]
    winner = best_of(kinds, held_out, planted_catalog, np.random.default_rng(0))
    assert "ease-sparse" in winner
