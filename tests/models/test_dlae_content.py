"""Features as viewers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.content.features import encode
from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Model, create

FIELDS = ("genres", "people", "keywords", "decade")


def test_features_are_weighted_viewers_of_the_autoencoder(
    fit: Callable[..., Model], planted: Interactions, planted_catalog: Catalog
) -> None:
    options = {"activity_discount": 0, "lowest_worth": 1, "dropout": 0.5, "l2": 4}
    model = fit("dlae-content", planted, {**options, "facts_weight": 3}, planted_catalog)
    facts = encode(planted_catalog, FIELDS).matrix.toarray().astype(np.float64)
    seen = (planted.matrix.toarray() > 0).astype(np.float64)
    rows = np.vstack([seen, np.sqrt(3) * facts.T])
    gram = rows.T @ rows
    expected = np.linalg.solve(gram + np.diag(np.diag(gram)) + 4 * np.eye(len(gram)), gram)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-3, atol=1e-5)


def test_a_film_that_nobody_rated_is_placed_by_its_facts(
    fit: Callable[..., Model],
    planted: Interactions,
    planted_catalog: Catalog,
    history: Callable[..., Query],
) -> None:
    known = planted.select((planted.items != 9) & (planted.items != 29))
    scores = fit("dlae-content", known, None, planted_catalog).score(history([0, 1, 2, 3]))
    assert scores[9] > scores[29] + 0.01  # a comedy as they are, and a horror film


def test_a_catalogue_of_other_films_is_refused(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    fewer = Catalog.of(planted_catalog.films(range(5)))
    with pytest.raises(InputError, match="same rows"):
        create("dlae-content").fit(planted, fewer, rng=np.random.default_rng(0))
