"""Models that cheat or are broken: each is refused, or gains nothing, or is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.experiments.measuring.adversaries import (
    ByPlace,
    Fickle,
    KnowsFilms,
    LooksUp,
    Mutates,
    MutatesPredicting,
    ReadsRatings,
)
from tests.experiments.toy_models import Answer, Together, answering

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.errors import FailureError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.results import SplitResult
from matinee.experiments.recipes import Recipe
from matinee.models import Model


@pytest.fixture(scope="module")
def movielens(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load("ml-100k", Cache(tmp_path_factory.mktemp("home"), mirror=mirror))


def result_of(
    model: ModelLike, dataset: Dataset, protocol: str = "random", *, audit: bool = False
) -> SplitResult:
    (result,) = evaluate(Recipe([model], protocol=protocol, audit=audit), dataset).results
    return result.splits[0]


def outcome(model: ModelLike, dataset: Dataset, protocol: str = "random") -> str:
    audit = result_of(model, dataset, protocol, audit=True).audit
    assert audit is not None
    return audit.outcome


@pytest.fixture
def looks_up(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> LooksUp:
    everything = (dataset.interactions.matrix > 0).astype(np.float32)
    monkeypatch.setattr(LooksUp, "everything", everything, raising=False)
    return LooksUp()


def test_a_look_up_of_histories_is_suspected_and_fails_the_audit(
    dataset: Dataset, looks_up: LooksUp
) -> None:
    found = result_of(looks_up, dataset, audit=True)
    reached = found.means["ndcg@10"]
    assert reached > 0.95  # two viewers have the same history
    (note,) = [note for note in found.notes if "suspicious" in note]
    assert note == (
        f"suspiciously perfect: ndcg@10 = {reached:.3f}; look for the test's ratings in training, "
        "or --audit"
    )
    assert found.audit is not None
    assert found.audit.outcome == "failed"
    assert found.audit.permuted == found.audit.fitted == pytest.approx(reached)
    assert "the model uses ratings of the test" in found.audit.note


@pytest.mark.parametrize("protocol", ["strong", "last", "time", "cold"])
def test_a_look_up_fails_the_audit_under_every_protocol(
    dataset: Dataset, looks_up: LooksUp, protocol: str
) -> None:
    assert outcome(looks_up, dataset, protocol) == "failed"


def test_scores_by_row_are_suspected_and_noted(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, test),) = divide("random", dataset)
    monkeypatch.setattr(ByPlace, "targets", test.targets, raising=False)
    found = result_of(ByPlace(), dataset)
    assert found.means["ndcg@10"] == 1
    assert "scores of a second call in another order differ" in found.notes[0]
    assert any("suspiciously perfect" in note for note in found.notes)


def test_knowledge_about_films_fails_the_audit(
    movielens: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = np.bincount(movielens.interactions.items, minlength=len(movielens.catalog))
    monkeypatch.setattr(KnowsFilms, "watched", watched, raising=False)
    assert outcome(KnowsFilms(), movielens) == "failed"


@pytest.mark.parametrize(
    ("name", "protocol"),
    [("popular", "random"), ("ease", "random"), ("item-knn", "random"), ("ease", "strong")],
)
def test_honest_models_pass_the_audit(movielens: Dataset, name: str, protocol: str) -> None:
    assert outcome((name, {}), movielens, protocol) == "passed"


def test_too_little_accuracy_is_inconclusive(dataset: Dataset) -> None:
    audit = result_of(answering("constant"), dataset, audit=True).audit
    assert audit is not None
    assert audit.outcome == "inconclusive"
    assert audit.note.endswith("the model finds too few targets for a verdict")


def test_an_audit_changes_nothing_else_and_can_be_repeated(dataset: Dataset) -> None:
    plain = result_of(Together(), dataset)
    once, again = (result_of(Together(), dataset, audit=True) for _ in range(2))
    assert plain.audit is None
    assert plain.means == once.means
    assert once.audit == again.audit
    assert once.to_json()["audit"]["outcome"] == once.audit.outcome  # type: ignore[union-attr]


def test_models_do_not_see_the_ratings_to_predict(dataset: Dataset) -> None:
    """The matrix of ratings to predict contains their times instead of their values."""
    timeless = replace(
        dataset,
        interactions=replace(
            dataset.interactions, times=np.zeros(len(dataset.interactions), dtype=np.int64)
        ),
    )
    found = result_of(ReadsRatings(), timeless, "folds")
    zero_always = np.sqrt(np.mean(dataset.interactions.values**2))
    assert found.means["rmse"] == pytest.approx(zero_always, rel=0.1)


_SEEN_FIRST = "scores every seen film above all others: {n} of {n} viewers in a sample; seen films"
_FICKLE = "scores of a second call in another order differ: {n} of {n} viewers in a sample; the"
_EQUAL = "all scores equal: {n} of {n} viewers in a sample; ties count against the model"


@pytest.mark.parametrize(
    ("model", "protocol", "note"),
    [
        (answering("seen"), "random", _SEEN_FIRST),
        (answering("seen"), "last", _SEEN_FIRST),
        (answering("seen"), "strong", "scores every seen film above all others: "),
        (answering("seen"), "time", "scores every seen film above all others: "),
        (answering("constant"), "random", _EQUAL),
        ("popular", "cold", "all scores equal: "),
        (Fickle(), "random", _FICKLE),
    ],
)
def test_odd_answers_are_noted_and_gain_nothing(
    dataset: Dataset, model: ModelLike, protocol: str, note: str
) -> None:
    result = result_of(model, dataset, protocol)
    expected = note.format(n=len(result.users))
    assert any(each.startswith(expected) for each in result.notes), result.notes
    if isinstance(model, Answer):
        assert result.means["ndcg@10"] == 0


@pytest.mark.parametrize(("model", "protocol"), [(Mutates, "random"), (MutatesPredicting, "folds")])
def test_a_model_that_changes_the_histories_is_refused(
    dataset: Dataset, model: type[Model], protocol: str
) -> None:
    with pytest.raises(
        FailureError, match=r"'mutates.*' changed the histories, which all models share"
    ):
        evaluate([model()], dataset, protocol)


def test_an_honest_model_has_no_notes(dataset: Dataset) -> None:
    assert result_of(Together(), dataset).notes == ()
