"""Weights: shares over the spread of the parts that answer."""

from __future__ import annotations

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.models._auto.mixture import part_scores
from matinee.models._auto.race import Setting
from matinee.models._auto.spreads import sample_histories, weights_of
from matinee.models._blend.parts import read_parts


def test_terms_have_the_spread_of_their_shares(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    setting = Setting(planted_catalog, None, 0)
    parts = [setting.fit(part, planted) for part in read_parts("ease-sparse + item-knn + popular")]
    shares = (0.5, 0.25, 0.25)
    weights = weights_of(parts, shares, setting, planted)
    histories = sample_histories(planted)
    for part, share, weight in zip(parts, shares, weights, strict=True):
        scores = weight * part_scores(part, histories).astype(np.float64)
        unseen = histories.ratings.toarray() == 0
        spreads = [row[mask].std() for row, mask in zip(scores, unseen, strict=True)]
        np.testing.assert_allclose(np.mean(spreads), share, rtol=1e-4)


def test_a_part_without_answers_has_no_weight(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    """Its spread of 0 would make it the only part that counts."""
    setting = Setting(planted_catalog, None, 0)
    parts = [setting.fit(part, planted) for part in read_parts("ials + ease-sparse")]
    for name in ("item_factors", "gram"):
        if name in parts[0].arrays:
            parts[0].arrays[name] = np.zeros_like(parts[0].arrays[name])
    weights = weights_of(parts, (0.5, 0.5), setting, planted)
    assert weights[0] == 0 < weights[1]


def test_stars_are_weighed_as_they_are(planted: Interactions, planted_catalog: Catalog) -> None:
    """Divided by their spread, stars of ratings that show no taste would be noise made large."""
    setting = Setting(planted_catalog, 3.5, 0)
    parts = [setting.fit(part, planted) for part in read_parts("ease-sparse + svd ranks_by=taste")]
    together = weights_of(parts, (1.0, 0.5), setting, planted)
    assert together[1] == 0.5
    assert together[0] == weights_of([parts[0], parts[0]], (1.0, 1.0), setting, planted)[0]
