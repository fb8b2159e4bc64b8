"""Films without ratings are scored by a part that can, or by one model more."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Histories, Interactions
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.new_films import with_new_films
from matinee.models._auto.race import Setting
from matinee.models._auto.spreads import sample_histories
from matinee.models._blend.parts import read_parts
from matinee.testing.planted import three_tastes

_NEW = np.array([4, 34])


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("popular", 1),
        ("item-knn", 1),
        ("dlae-content", 0),
        ("ranker", 0),
        ("trending + ranker", 0),
        ("ials + popular", 0),
    ],
)
def test_a_model_is_added_only_where_no_part_scores_new_films(
    text: str, added: int, planted: Interactions, planted_catalog: Catalog
) -> None:
    seen = planted.select(~np.isin(planted.items, _NEW))
    setting = Setting(planted_catalog, None, 0)
    parts = tuple(setting.fit(part, seen) for part in read_parts(text))
    before = Mixture(parts, np.ones(len(parts), dtype=np.float32), None, np.zeros(0, np.bool_))
    after = with_new_films(before, setting, seen)
    assert len(after.parts) == len(parts) + added
    histories = Histories.of_users(seen, np.arange(3))
    scores = after.scores(histories)[:, _NEW]
    assert (scores[:, 0] != scores[:, 1]).all()
    if added:
        items = np.arange(seen.n_items, dtype=np.int32)
        own = after.contributions(histories.take(np.array([0])), items)
        filler = after.parts[-1].contributions(histories.take(np.array([0])), items)
        assert filler is not None
        np.testing.assert_allclose(own[_NEW], after.weights[-1] * filler[_NEW], rtol=1e-5)
        sample = sample_histories(seen)
        level, found = (each.scores(sample)[:, _NEW].mean() for each in (before, after))
        np.testing.assert_allclose(found, level, atol=1e-4)


def test_new_films_do_not_crowd_lists_of_the_next_film() -> None:
    """Scores of two parts are near 0 but for a few films, and those of the filler are not."""
    catalog, ratings = three_tastes()
    new = np.arange(0, 36, 4)
    seen = ratings.select(~np.isin(ratings.items, new))
    setting = Setting(catalog, None, 0)
    parts = tuple(setting.fit(part, seen) for part in read_parts("slit l2=20 + prefix-knn"))
    before = Mixture(parts, np.array([300, 300], dtype=np.float32), None, np.zeros(0, np.bool_))
    after = with_new_films(before, setting, seen)
    scores = after.scores(Histories.of_users(seen, np.unique(seen.users)))
    best = np.argsort(-scores, axis=1)[:, :5]
    assert np.isin(best, new).mean() < 0.05
    assert np.unique(scores[:, new]).size > len(new)
