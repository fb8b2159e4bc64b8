"""The Bayesian factorisation machine: what it makes of times, of films, and of real ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import matinee
from matinee.data import Attributes, Catalog, Context, Film, Interactions, Query, Vocabulary
from matinee.data.splits import folds
from matinee.errors import InputError
from matinee.experiments.measuring.prediction_intervals import prediction_intervals
from matinee.experiments.measuring.scoring import prediction_errors
from matinee.models import Model, create

QUICK: dict[str, object] = {"factors": 4, "burn": 10, "sweeps": 40, "kept": 20, "days": True}
IDS_ALONE = {"implicit": False, "films": False, "days": False, "moments": False}
DAY = 86_400

Fit = Callable[..., Model]


def test_ratings_without_times_leave_times_out(fit: Fit, planted: Interactions) -> None:
    timeless = replace(planted, times=np.zeros(len(planted), dtype=np.int64))
    model = fit("bayes-fm", timeless, QUICK)
    assert model.arrays["days"].shape == (20, 1, 5)
    assert not model.arrays["days"].any()
    assert not model.arrays["moments"].any()
    assert not len(model.arrays["known_days"])


def test_options_that_are_off_leave_no_trace(fit: Fit, planted: Interactions) -> None:
    model = fit("bayes-fm", planted, QUICK | IDS_ALONE)
    assert model.arrays["shown"].shape == (20, 0, 5)
    assert model.arrays["days"].shape == (20, 1, 5)
    assert not model.arrays["moments"].any()


def test_fewer_sweeps_than_are_kept_are_all_kept(fit: Fit, planted: Interactions) -> None:
    model = fit("bayes-fm", planted, QUICK | {"sweeps": 7, "kept": 50})
    assert model.arrays["mean"].shape == (7,)


def test_a_day_of_high_ratings_raises_predictions_for_that_day(fit: Fit) -> None:
    rng = np.random.default_rng(0)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:40, 0:30])
    days = rng.integers(0, 3, len(users))
    values = 3 + (days == 1) + rng.normal(0, 0.3, len(users))
    times = (11_000 + days) * DAY + rng.integers(0, DAY, len(users))
    given = Interactions(
        users,
        items,
        values.astype(np.float32),
        times,
        Vocabulary.of("viewer", range(40)),
        Vocabulary.of("film", range(30)),
    )
    model = fit("bayes-fm", given, QUICK | {"moments": False})
    every = np.arange(30, dtype=np.int32)
    query = Query.of(given.history(3))
    on = [
        model.predict(replace(query, now=(11_000 + day) * DAY + 5), every).mean()
        for day in range(3)
    ]
    assert on[1] - on[0] == pytest.approx(1, abs=0.15)
    assert on[2] - on[0] == pytest.approx(0, abs=0.15)
    # a day that is not known is as the usual one
    usual = model.predict(replace(query, now=12_000 * DAY), every).mean()
    np.testing.assert_allclose(usual, model.predict(query, every).mean(), rtol=1e-6)
    assert usual == pytest.approx(np.mean(on), abs=0.1)


def test_what_was_rated_on_the_same_page_counts_most(fit: Fit) -> None:
    rng = np.random.default_rng(1)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:60, 0:24])
    pages = users * 8 + items // 3
    moods = rng.normal(0, 0.8, 480)[pages]
    values = np.clip(3 + moods + rng.normal(0, 0.4, len(users)), 1, 5)
    given = Interactions(
        users,
        items,
        values.astype(np.float32),
        880_000_000 + pages * 3600,
        Vocabulary.of("viewer", range(60)),
        Vocabulary.of("film", range(24)),
    )
    hidden = (items + users) % 3 == 0
    train, test = given.select(~hidden), given.select(hidden)
    model = fit("bayes-fm", train, QUICK | {"uneven": False})
    times = (
        sp.csr_array((each.times, (each.users, each.items)), shape=(60, 24))
        for each in (train, test)
    )
    context = Context(*times)
    blind = model.predictions(train.matrix, test.matrix) - test.matrix.data
    seeing = model.predictions_at(train.matrix, test.matrix, context) - test.matrix.data
    assert np.square(seeing).mean() < 0.5 * np.square(blind).mean()
    # one query says the same of the films of one page
    query = Query.of(train.history(7))
    page = test.history(7).select(np.array([2]))
    now = int(page.times[0])
    alone = model.predict(replace(query, now=now), page.items)
    place = test.matrix.indptr[7] + 2
    np.testing.assert_allclose(alone - page.values, seeing[place : place + 1], atol=1e-4)


def test_eight_of_ten_ratings_lie_within_the_intervals(fit: Fit) -> None:
    rng = np.random.default_rng(2)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:80, 0:40])
    taste, kind = rng.normal(0, 0.8, (80, 2)), rng.normal(0, 0.8, (40, 2))
    values = 3 + (taste @ kind.T).ravel() + rng.normal(0, 0.5, len(users))
    given = Interactions(
        users,
        items,
        values.astype(np.float32),
        np.zeros(len(users), dtype=np.int64),
        Vocabulary.of("viewer", range(80)),
        Vocabulary.of("film", range(40)),
        scale=(-5.0, 11.0),
    )
    hidden = rng.random(len(users)) < 0.5
    train, test = given.select(~hidden).matrix, given.select(hidden).matrix
    model = fit("bayes-fm", given.select(~hidden), QUICK)
    ends = model.intervals(train, test)
    assert ends is not None
    inside = (ends[0] <= test.data) & (test.data <= ends[1])
    assert inside.mean() == pytest.approx(0.8, abs=0.03)
    predicted = model.predictions(train, test)
    assert ((ends[0] < predicted) & (predicted < ends[1])).all()
    again = model.intervals(train, test)
    assert again is not None
    np.testing.assert_array_equal(again[0], ends[0])


def test_intervals_stay_on_the_scale(fit: Fit, planted: Interactions) -> None:
    model = fit("bayes-fm", planted, QUICK)
    ends = model.intervals(planted.matrix, planted.matrix)
    assert ends is not None
    assert 1 <= ends[0].min() <= ends[1].max() <= 5


def test_intervals_of_a_viewer_who_rates_at_random_are_wider(fit: Fit) -> None:
    rng = np.random.default_rng(5)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:40, 0:40])
    noise = rng.normal(0, 1, len(users)) * np.where(users % 2, 0.2, 1.2)
    given = made_of(users, items, np.clip(3 + noise, 1, 5))
    model = fit("bayes-fm", given, QUICK)
    ends = model.intervals(given.matrix, given.matrix)
    assert ends is not None
    widths = (ends[1] - ends[0])[np.lexsort((items, users))].reshape(40, 40).mean(axis=1)
    assert widths[::2].min() > 2 * widths[1::2].max()


def test_a_stranger_is_known_by_their_attributes(fit: Fit) -> None:
    rng = np.random.default_rng(6)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:60, 0:20])
    likes = np.where((users % 2 == 0) == (items % 2 == 0), 4.5, 1.5)
    given = made_of(users, items, likes + rng.normal(0, 0.2, len(users)))
    words = [("gender=F", "age=25-34") if user % 2 else ("gender=M",) for user in range(60)]
    given = replace(given, attributes=Attributes.of_words(words))
    model = fit("bayes-fm", given, QUICK | {"viewers": True})
    pair = np.array([0, 1], dtype=np.int32)
    even, odd = model.predict(Query(attributes=("gender=M", "occupation=pilot")), pair)
    assert even > odd + 1
    even, odd = model.predict(Query(attributes=("gender=F",)), pair)
    assert odd > even + 1
    without = fit("bayes-fm", given, QUICK)
    told = without.predict(Query(attributes=("gender=F",)), pair)
    np.testing.assert_array_equal(told, without.predict(Query(), pair))


def test_levels_far_apart_are_predicted_by_their_chances(fit: Fit) -> None:
    rng = np.random.default_rng(7)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:80, 0:40])
    taste, kind = rng.normal(0, 1, 80), rng.normal(0, 1, 40)
    latent = taste[users] + kind[items] + rng.normal(0, 1, len(users))
    stars = np.array([1.0, 2.0, 5.0])[np.searchsorted([-0.5, 0.5], latent)]
    given = made_of(users, items, stars)
    hidden = rng.random(len(users)) < 0.3
    train, test = given.select(~hidden), given.select(hidden)
    errors = {}
    for likelihood in ("normal", "probit"):
        model = fit("bayes-fm", train, QUICK | {"likelihood": likelihood})
        predicted = model.predictions(train.matrix, test.matrix)
        errors[likelihood] = np.square(predicted - test.matrix.data).mean()
    assert errors["probit"] < errors["normal"]
    ends = model.intervals(train.matrix, test.matrix)
    assert ends is not None
    assert 1 <= ends[0].min() <= ends[1].max() <= 5
    inside = (ends[0] <= test.matrix.data) & (test.matrix.data <= ends[1])
    assert inside.mean() > 0.75
    every = np.arange(40, dtype=np.int32)
    query = Query.of(train.history(3))
    inside = np.clip(model.score(query), 1, 5)
    np.testing.assert_allclose(model.predict(query, every), inside, atol=1e-4)


def test_ratings_of_too_many_levels_are_no_levels(fit: Fit, planted: Interactions) -> None:
    values = np.random.default_rng(8).uniform(1, 5, len(planted)).astype(np.float32)
    with pytest.raises(InputError, match="likelihood=probit needs ratings of 2 to 20 levels"):
        fit("bayes-fm", replace(planted, values=values), QUICK | {"likelihood": "probit"})


def made_of(users: np.ndarray, items: np.ndarray, stars: np.ndarray) -> Interactions:
    """Ratings without times."""
    return Interactions(
        users,
        items,
        stars.astype(np.float32),
        np.zeros(len(users), dtype=np.int64),
        Vocabulary.of("viewer", range(users.max() + 1)),
        Vocabulary.of("film", range(items.max() + 1)),
    )


def test_a_new_film_is_known_by_its_genre(fit: Fit) -> None:
    rng = np.random.default_rng(3)
    users, items = (each.ravel().astype(np.int32) for each in np.mgrid[0:40, 0:30])
    likes = np.where((users % 2 == 0) == (items % 2 == 0), 4.5, 1.5)
    given = Interactions(
        users,
        items,
        (likes + rng.normal(0, 0.2, len(users))).astype(np.float32),
        np.zeros(len(users), dtype=np.int64),
        Vocabulary.of("viewer", range(40)),
        Vocabulary.of("film", range(32)),
    )
    films = Catalog.of(
        Film(str(n), f"Film {n}", genres=(("Comedy", "Horror")[n % 2],)) for n in range(32)
    )
    model = fit("bayes-fm", given, QUICK, films)
    new = np.array([30, 31], dtype=np.int32)
    comedy, horror = model.predict(Query.of(given.history(0)), new)
    assert comedy > horror + 1
    comedy, horror = model.predict(Query.of(given.history(1)), new)
    assert horror > comedy + 1


def test_no_ratings_and_another_catalogue_are_refused(fit: Fit, planted: Interactions) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("bayes-fm", Interactions.empty(Vocabulary.of("film", "abc")))
    with pytest.raises(InputError, match="the catalogue has 1 films and the ratings are of 40"):
        fit("bayes-fm", planted, QUICK, Catalog.of([Film("1", "Alone")]))


def test_movielens_is_predicted_better_than_by_svd(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path))
    dataset = matinee.load("ml-100k")
    assert dataset.folds is not None
    test = folds(dataset.interactions, dataset.folds, 0)[0].test
    options = {"burn": 5, "sweeps": 15, "kept": 10}
    model = create("bayes-fm", options)
    model.fit(test.train, dataset.catalog, rng=np.random.default_rng(0))
    # svd has .92 on this fold, the hardest; a long chain has less than .88
    assert np.sqrt(np.square(prediction_errors(model, test)).mean()) < 0.90
    ends = prediction_intervals(model, test)
    assert ends is not None
    inside = (ends[0] <= test.targets.data) & (test.targets.data <= ends[1])
    assert 0.76 < inside.mean() < 0.84
