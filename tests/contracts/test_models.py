"""Every model of the house keeps the contract. A file in `matinee/models` is enough to be here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee import plugins
from matinee.data import Histories, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.kernels import compiled
from matinee.models import LikesConfig, Model, create
from matinee.pipeline import Recommender
from matinee.testing import RULES, NotApplicableError, Subject
from matinee.testing.subject import query_of, wanted_ratings

NAMES = plugins.names("models")
FAST: dict[str, dict[str, object]] = {
    "bayes-fm": {"burn_in": 20, "sweeps": 60, "samples": 20},
    "prefix-knn": {"session_pause": 600},
}
"""Options that keep a fit short, or suit planted viewers, who rate a film a minute for a quarter of
an hour; defaults are fitted in the test of each model."""


@cache
def subject_of(name: str) -> Subject:
    model = create(name, FAST.get(name))
    return Subject(type(model), model.config)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_contract(rule: Callable[[Subject], None], name: str) -> None:
    try:
        rule(subject_of(name))
    except NotApplicableError as reason:
        pytest.skip(f"{name} {reason}")


@pytest.mark.parametrize("name", NAMES)
def test_options_that_are_no_number_are_refused_by_name(name: str) -> None:
    for option in subject_of(name).kind.Config.model_fields:
        with pytest.raises(OptionError, match=option):
            create(name, {option: "many"})


@pytest.mark.parametrize("name", NAMES)
def test_a_fit_on_ratings_is_not_one_on_counts(name: str) -> None:
    assert not subject_of(name).model.counts


@pytest.mark.parametrize("name", NAMES)
def test_without_ratings_a_fit_ends_or_names_the_way_out(name: str) -> None:
    subject = subject_of(name)
    nothing = Interactions.empty(subject.catalog.item_ids)
    if name in {"popular", "trending", "content", "random"}:
        assert np.isfinite(subject.fit(nothing).score(Query())).all()
    else:
        with pytest.raises(InputError, match=r"to learn from.*use a model that needs none"):
            subject.fit(nothing)


@pytest.mark.parametrize("scale", [(0.5, 5.0), (1.0, 10.0), (0.0, 1.0), (0.0, 100.0)], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_opinions_count_and_not_the_numbers_that_stand_for_them(
    name: str, scale: tuple[float, float]
) -> None:
    subject, low, factor = subject_of(name), scale[0], (scale[1] - scale[0]) / 4

    def converted(stars: NDArray[np.float32]) -> NDArray[np.float32]:
        return (low + factor * (stars.astype(np.float64) - 1)).astype(np.float32)

    model = subject.fit(subject.ratings.with_scale(scale, converted))
    histories = subject.histories.with_values(converted(subject.histories.values))
    expected = subject.model.scores(subject.histories)
    np.testing.assert_allclose(model.scores(histories), expected, rtol=1e-3, atol=1e-5)
    assert model.arrays["scale"].tolist() == list(scale)
    if subject.kind.predicts_ratings:
        predicted = model.predictions(histories, wanted_ratings())
        stars = subject.model.predictions(subject.histories, wanted_ratings())
        np.testing.assert_allclose(predicted, converted(stars), rtol=1e-3, atol=1e-3 * factor)
        assert predicted.dtype == np.float32
        assert scale[0] <= predicted.min() <= predicted.max() <= scale[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_scale_of_one_rating_is_learned_from(name: str) -> None:
    subject = subject_of(name)
    ratings = subject.ratings.with_scale((1, 1), np.ones_like)
    model = subject.fit(ratings)
    histories = subject.histories.with_values(np.ones_like(subject.histories.values))
    assert np.isfinite(model.scores(histories)).all()
    if subject.kind.predicts_ratings:
        np.testing.assert_array_equal(model.predictions(histories, wanted_ratings()), 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_threshold_is_a_rating_of_the_data(name: str) -> None:
    subject = subject_of(name)
    if not issubclass(subject.kind.Config, LikesConfig):
        pytest.skip(f"{name} has no option min_rating")
    ratings = subject.ratings.with_scale((-10, 10), lambda stars: 5 * stars - 15)
    history = query_of([3, 0, 25, 7], [10, 5, -10, 0])
    stars = query_of([3, 0, 25, 7], [5, 4, 1, 3])
    none, zero = (subject.fit(ratings, min_rating=least) for least in (None, 0))
    expected = subject.fit(min_rating=3)
    np.testing.assert_allclose(none.score(history), subject.model.score(stars), rtol=1e-4)
    np.testing.assert_allclose(zero.score(history), expected.score(stars), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_few_combinations_are_tried_on_validation(name: str) -> None:
    tries = 1
    for values in subject_of(name).kind.Config.candidates().values():
        tries *= len(values)
    assert tries <= 6


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_explained(name: str) -> None:
    for option, field in subject_of(name).kind.Config.model_fields.items():
        assert field.description, option


@pytest.mark.parametrize("name", NAMES)
def test_one_viewer_is_answered_without_a_parallel_kernel(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # threads of a server share the cores already, and without OpenMP they would take turns
    model, catalog = subject_of(name).model, subject_of(name).catalog

    def entered() -> bool:
        raise AssertionError("a parallel kernel was entered for one viewer")

    monkeypatch.setattr(compiled, "_threads_are_shared", entered)
    recommender = Recommender(model, catalog)
    for items in ([], [3], [3, 0, 25, 7], range(len(catalog) - 1)):
        query = Query(
            items=np.array(items, dtype=np.int32),
            values=np.resize([5.0, 1.0], len(items)),
            times=np.arange(len(items)) * 86_400,
            now=10**9,
            attributes=("gender=F",),
        )
        assert len(recommender.recommend(query)) > 0
        model.factors(Histories.of(query, len(catalog)))
    if type(model).similar is not Model.similar:
        with suppress(InputError):  # a blend without a part that compares films
            recommender.similar(3)
