"""Terms keep the best films of each viewer, and the spread of all."""

from __future__ import annotations

import numpy as np

from matinee.models._auto.terms import Terms
from matinee.models._blend.weights import spread_of


def _scores() -> np.ndarray:
    scores = np.random.default_rng(3).standard_normal((4, 30)).astype(np.float32)
    scores[0, :5] = scores[3] = -np.inf
    return scores


def test_few_films_are_kept_all() -> None:
    scores = _scores()
    np.testing.assert_array_equal(Terms.of(scores).dense(), scores)


def test_of_many_films_the_best_are_kept_and_the_others_are_not_above_them() -> None:
    scores = _scores()
    terms = Terms.of(scores, most=8)
    dense = terms.dense()
    assert terms.films.shape == (4, 8)
    for row in range(3):
        best = np.argsort(-scores[row])[:8]
        np.testing.assert_array_equal(dense[row, best], scores[row, best])
        assert (np.delete(dense[row], best) == scores[row, best].min()).all()
    np.testing.assert_array_equal(terms.spreads, spread_of(scores))


def test_a_viewer_who_has_seen_everything_has_finite_terms_beside() -> None:
    terms = Terms.of(_scores(), most=8)
    assert np.isfinite(terms.lowest).all()
