"""Every model of the house keeps the contract. A file in `matinee/models` is enough to be here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
import pytest

from matinee import plugins
from matinee.data import Histories, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.kernels import compiled
from matinee.models import Model, create
from matinee.pipeline import Recommender
from matinee.testing import RULES, NotApplicableError, Subject

NAMES = plugins.names("models")
FAST: dict[str, dict[str, object]] = {"bayes-fm": {"burn_in": 20, "sweeps": 60, "samples": 20}}
"""Options that keep a fit short; defaults are fitted in the test of each model."""


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
def test_without_ratings_a_fit_ends_or_names_the_way_out(name: str) -> None:
    subject = subject_of(name)
    nothing = Interactions.empty(subject.catalog.item_ids)
    if name in {"popular", "trending", "content", "random"}:
        assert np.isfinite(subject.fit(nothing).score(Query())).all()
    else:
        with pytest.raises(InputError, match=r"to learn from.*use a model that needs none"):
            subject.fit(nothing)


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
