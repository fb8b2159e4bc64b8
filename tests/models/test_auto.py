"""Auto: the choice follows the data, and what is chosen answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Catalog, Interactions, Vocabulary
from matinee.models import Model, auto
from matinee.models._blend.parts import read_parts
from matinee.models.auto import Auto

Fit = Callable[..., Model]


def test_the_winner_answers_as_it_does_alone(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, catalog=planted_catalog)
    assert isinstance(model, Auto)
    shown = planted.matrix[:4]
    scores = model.scores(shown)
    inner = model._chosen()
    assert inner.name == (read_parts(model.winner)[0].name if "+" not in model.winner else "blend")
    np.testing.assert_array_equal(scores, inner.scores(shown))


def test_tastes_are_not_answered_by_popularity(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, catalog=planted_catalog)
    assert isinstance(model, Auto)
    assert model.winner != "popular"


def test_where_everybody_likes_the_same_popularity_is_kept(fit: Fit) -> None:
    rng = np.random.default_rng(5)
    chances = 0.9 ** np.arange(60)
    rated = rng.random((300, 60)) < 0.05 + 0.8 * chances
    users, items = np.nonzero(rated)
    audience = Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=np.full(len(users), 4, dtype=np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(300)),
        item_ids=Vocabulary.of("film", range(60)),
    )
    model = fit("auto", audience)
    assert isinstance(model, Auto)
    ranked = np.argsort(-model.scores(audience.matrix[:50]).mean(axis=0))
    assert set(ranked[:5]) <= set(range(9))


def test_where_nobody_has_five_ratings_popularity_answers(
    fit: Fit, ratings: Callable[..., Interactions]
) -> None:
    model = fit("auto", ratings([[5, 4, 0], [0, 3, 5]]))
    assert isinstance(model, Auto)
    assert model.winner == "popular"


def test_with_many_films_nothing_is_inverted(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, {"most_films": 39}, catalog=planted_catalog)
    assert isinstance(model, Auto)
    kinds = {part.name for part in read_parts(model.winner)}
    assert kinds <= {"popular", "item-knn", "ials", "ease-sparse"}


def test_with_many_films_the_sparse_autoencoder_takes_part(
    fit: Fit, planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto, "_SIMPLE", ("popular",))
    monkeypatch.setattr(auto, "_FACTORS", ("popular",))
    model = fit("auto", planted, {"most_films": 39})
    assert isinstance(model, Auto)
    assert "ease-sparse" in model.winner
    assert model.scores(planted.matrix[:4]).shape == (4, 40)
