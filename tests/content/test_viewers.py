"""Profiles of viewers: by hand, by plain loops, and by what shrinkage promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.content.audience import Audience, popularity_percentiles
from matinee.content.features import encode
from matinee.content.viewers import ViewerProfile, viewer_profile, viewer_profiles
from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.errors import DataError, InputError, UnknownNameError

CATALOG = Catalog.of(
    [
        Film("1", "One", genres=("Drama", "War")),
        Film("2", "Two", genres=("Drama",)),
        Film("3", "Three", genres=("Comedy",)),
        Film("4", "Four"),
    ]
)
FEATURES = encode(CATALOG, ("genres",))
DAY = 86_400
AUDIENCE = Audience(
    mean=3.5,
    scale=(1.0, 5.0),
    percentiles=np.array([0.9, 0.6, 0.4, 0.1], dtype=np.float32),
    popularity=0.7,
    shrinkage=np.array([2.0]),
)


def profile(ratings: dict[int, float], audience: Audience = AUDIENCE) -> ViewerProfile:
    return viewer_profile(
        np.array(list(ratings), dtype=np.int32),
        np.array(list(ratings.values()), dtype=np.float32),
        np.arange(len(ratings), dtype=np.int64) * DAY + DAY,
        FEATURES,
        audience,
    )


def test_tastes_by_hand() -> None:
    # mean 4; Drama: (1 + 0) / (2 + 2), War: 1 / (1 + 2), Comedy: -1 / (1 + 2)
    tastes = profile({0: 5, 1: 4, 2: 3}).tastes("genres")
    assert [taste.name for taste in tastes] == ["War", "Drama", "Comedy"]
    assert [taste.effect for taste in tastes] == pytest.approx([1 / 3, 1 / 4, -1 / 3])
    assert [taste.weight for taste in tastes] == pytest.approx([1 / 3, 1 / 2, 1 / 3])


def test_habits_appetite_and_activity_by_hand() -> None:
    viewer = profile({0: 5, 1: 5, 2: 2})
    assert viewer.mean == 4
    assert viewer.spread == pytest.approx(np.sqrt(2))
    assert viewer.top_share == pytest.approx(2 / 3)
    assert viewer.popularity == pytest.approx((0.9 + 0.6 + 0.4) / 3)
    assert viewer.popularity_appetite == pytest.approx((0.9 + 0.6 + 0.4) / 3 - 0.7)
    assert (viewer.count, viewer.active_days) == (3, 3)
    assert (viewer.first, viewer.last) == (DAY, 3 * DAY)


def test_an_empty_history_is_like_the_audience_and_has_no_tastes() -> None:
    viewer = profile({})
    assert viewer.tastes("genres") == []
    assert (viewer.mean, viewer.spread, viewer.top_share) == (3.5, 0, 0)
    assert viewer.popularity == pytest.approx(0.7)
    assert viewer.popularity_appetite == 0
    assert (viewer.count, viewer.active_days, viewer.first, viewer.last) == (0, 0, 0, 0)


@given(
    st.dictionaries(st.integers(0, 3), st.sampled_from([1.0, 2.5, 4.0, 5.0]), min_size=1),
    st.floats(0.1, 100),
)
def test_an_effect_lies_between_the_viewers_mean_and_the_raw_difference(
    ratings: dict[int, float], shrinkage: float
) -> None:
    viewer = profile(ratings, replace(AUDIENCE, shrinkage=np.array([shrinkage])))
    mean = np.mean(list(ratings.values()))
    for taste in viewer.tastes("genres"):
        films = [row for row in ratings if taste.name in CATALOG.genres[row]]
        raw = float(np.mean([ratings[row] for row in films]) - mean)
        assert min(raw, 0) - 1e-5 <= taste.effect <= max(raw, 0) + 1e-5
        assert 0 < taste.weight < 1


def test_many_viewers_are_profiled_like_each_alone(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    features = encode(planted_catalog)
    audience = Audience.measure(planted, features)
    together = viewer_profiles(planted, features, audience)
    assert len(together) == 60
    for user in (0, 31):
        history = planted.history(user)
        alone = viewer_profile(history.items, history.values, history.times, features, audience)
        one = together.profile(user)
        np.testing.assert_allclose(one.effects, alone.effects, atol=1e-6)
        np.testing.assert_allclose(one.weights, alone.weights, atol=1e-6)
        assert (one.count, one.first, one.last) == (alone.count, alone.first, alone.last)
        assert one.mean == pytest.approx(float(history.values.mean()))
        assert one.spread == pytest.approx(float(history.values.std()), rel=1e-5)


def test_planted_tastes_are_found(planted: Interactions, planted_catalog: Catalog) -> None:
    features = encode(planted_catalog, ("genres",))
    profiles = viewer_profiles(planted, features, Audience.measure(planted, features))
    for user in range(60):
        best, worst = profiles.profile(user).tastes("genres")
        assert best.name == ("Comedy" if user < 30 else "Horror")
        assert best.effect > 0.2
        assert worst.effect < -1


def test_popularity_is_the_share_of_films_rated_less_often() -> None:
    audience = ratings([(0, 0, 5), (1, 0, 4), (0, 1, 3), (0, 2, 3)])
    assert popularity_percentiles(audience).tolist() == [0.875, 0.5, 0.5, 0.125]


def test_shrinkage_by_the_formula_in_plain_loops() -> None:
    rng = np.random.default_rng(3)
    tastes = rng.normal(0, 1, (80, 3))
    films = Catalog.of(Film(str(row), "", genres=("ABC"[row % 3],)) for row in range(30))
    rows = [
        (user, int(item), float(3 + tastes[user, item % 3] + rng.normal(0, 0.5)))
        for user in range(80)
        for item in rng.choice(30, 15, replace=False)
    ]
    data = ratings(rows, n_users=80, films=films)
    measured = Audience.measure(data, encode(films, ("genres",)))
    within = freedom = above = weight = 0.0
    groups = []
    for user in range(80):
        own = [(item, value) for viewer, item, value in rows if viewer == user]
        mean = np.mean([value for _, value in own])
        for genre in range(3):
            r = np.array([value - mean for item, value in own if item % 3 == genre])
            if len(r) > 1:
                groups.append((r.sum(), len(r) * (1 - len(r) / len(own))))
                within += ((r - r.mean()) ** 2).sum()
                freedom += len(r) - 1
    noise = within / freedom
    for total, c in groups:
        above += total**2 - c * noise
        weight += c**2
    assert measured.shrinkage[0] == pytest.approx(noise / (above / weight), rel=1e-4)
    # each genre differs from the mean of the other two: variance 1 + 1/2, and noise 1/4
    assert measured.shrinkage[0] == pytest.approx(0.25 / 1.5, rel=0.3)


def test_too_few_ratings_leave_the_usual_shrinkage_and_none_the_middle_of_the_scale() -> None:
    audience = Audience.measure(Interactions.empty(CATALOG.item_ids), FEATURES)
    assert audience.shrinkage.tolist() == [5]
    assert (audience.mean, audience.popularity) == (3, 0.5)


def test_what_does_not_fit_together_is_refused() -> None:
    data = ratings([(0, 0, 5), (0, 0, 4)])
    with pytest.raises(DataError, match="latest"):
        viewer_profiles(data, FEATURES, AUDIENCE)
    fewer = encode(Catalog.of([Film("1", "One")]), ("genres",))
    with pytest.raises(InputError, match="same rows"):
        viewer_profiles(data, fewer, AUDIENCE)
    with pytest.raises(InputError, match="same rows"):
        Audience.measure(data, fewer)
    with pytest.raises(InputError, match="other fields"):
        viewer_profiles(data, encode(CATALOG, ("genres", "decade")), AUDIENCE)
    with pytest.raises(UnknownNameError, match="unknown field 'people'"):
        profile({0: 5}).tastes("people")


def ratings(
    rows: list[tuple[int, int, float]], n_users: int = 2, films: Catalog = CATALOG
) -> Interactions:
    users, items, values = zip(*rows, strict=True)
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.zeros(len(rows), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(n_users)),
        item_ids=films.item_ids,
    )
