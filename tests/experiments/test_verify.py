"""Verification finds forged numbers and accepts honest receipts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydantic
import pytest

from matinee.data import Dataset
from matinee.errors import DataError, FailureError, InputError, OptionError, UnknownNameError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.receipts.agreement import Agreement
from matinee.experiments.receipts.receipt_file import receipt_document
from matinee.experiments.receipts.receipt_format import Receipt
from matinee.experiments.recipes import Recipe
from matinee.experiments.verify import Verification, verify

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(dataset: Dataset) -> Document:
    models: list[ModelLike] = ["popular", ("ease", {"l2": 9}), "item-knn"]
    recipe = Recipe(models, seeds=(0, 1), k=(5, 10), min_rating=2)
    return receipt_document(evaluate(recipe, dataset))


def verified(document: Document, dataset: Dataset, **more: Any) -> Verification:
    return verify(Receipt.model_validate(document), dataset, **more)


def forged(document: Document, change: Callable[[Document], object]) -> Document:
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def result_of(document: Document, model: str) -> Document:
    return next(each for each in document["results"] if each["model"] == model)


def metric_of(document: Document, model: str, metric: str = "ndcg@10") -> Document:
    return result_of(document, model)["metrics"][metric]


def differing(found: Verification) -> dict[tuple[str, str], Agreement]:
    return {(each.model, each.metric): each for each in found.differing}


@pytest.mark.parametrize("thorough", [False, True])
def test_an_honest_receipt_is_exact_in_every_number(
    document: Document, dataset: Dataset, *, thorough: bool
) -> None:
    found = verified(document, dataset, thorough=thorough)
    assert found.agrees
    assert {each.verdict for each in found.agreements} == {"exact"}
    assert found.changes == ()
    named = {(each.model, each.metric) for each in found.agreements}
    for result in document["results"]:
        assert {(result["model"], metric) for metric in result["metrics"]} <= named
    assert any(metric.startswith("options on") for _, metric in named) == thorough


@pytest.mark.parametrize(
    ("recipe", "named"),
    [
        (Recipe(["popular"], candidates=5), "ndcg@10 of 5 sampled"),
        (Recipe(["popular"], audit=True), "audit, seed 0"),
        (Recipe(["popular"], protocol="time"), "ndcg@10"),
        (Recipe(["popular"], protocol="last"), "ndcg@10"),
        (Recipe(["ease"], defaults=True, relevant_from=4, min_rating=2), "ndcg@10"),
        (Recipe(["popular"], share=0.7, min_per_viewer=5, min_per_film=5), "ndcg@10"),
        (Recipe(["popular"], protocol="last", last=2), "ndcg@10"),
        (Recipe(["popular"], protocol="last", last=0.2), "ndcg@10"),
        (Recipe(["popular", ("svd", {"factors": 2, "epochs": 2})], protocol="folds"), "rmse"),
        (Recipe(["popular"], protocol="ratings"), "known films, seed 0"),
        (
            Recipe(["popular"], protocol="ratings", folds=3, seeds=(1,)),
            "known films, fold 2 of seed 1",
        ),
    ],
)
def test_every_recipe_is_replayed(dataset: Dataset, recipe: Recipe, named: str) -> None:
    document = receipt_document(evaluate(recipe, dataset))
    found = verified(document, dataset)
    assert {each.verdict for each in found.agreements} == {"exact"}
    assert found.changes == ()
    assert named in {each.metric for each in found.agreements}


def test_the_end_of_training_is_replayed(dataset: Dataset) -> None:
    daily = np.arange(len(dataset.interactions)) * 86_400 + 1
    dated = replace(dataset, interactions=replace(dataset.interactions, times=daily))
    recipe = Recipe(["popular"], protocol="time", until="1971-10-01")
    document = receipt_document(evaluate(recipe, dated))
    assert document["protocol"]["until"] == "1971-10-01"
    assert verified(document, dated).agrees


def test_own_files_are_replayed_and_both_must_be_the_same(dataset: Dataset) -> None:
    assert dataset.folds is not None
    train, test = (
        replace(dataset, interactions=dataset.interactions.select(rows), folds=None)
        for rows in (dataset.folds > 0, dataset.folds == 0)
    )
    document = receipt_document(evaluate("popular", train, test=test))
    found = verified(document, train, test=test)
    assert {each.verdict for each in found.agreements} == {"exact"}
    fewer = replace(test, interactions=test.interactions.select(slice(1, None)))
    with pytest.raises(
        FailureError, match=r"the data changed.*name the receipt's data with --test"
    ):
        verified(document, train, test=fewer)
    with pytest.raises(InputError, match="is about the test planted; give it as test="):
        verified(document, train)


def test_the_films_of_a_file_are_known_by_their_ids_wherever_it_lies(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films, elsewhere = tmp_path / "films.txt", tmp_path / "elsewhere"
    ids = dataset.catalog.item_ids.ids.tolist()
    films.write_text("\n".join(ids[:30]))
    document = receipt_document(evaluate(Recipe(["popular"], among=films), dataset))
    assert str(tmp_path) not in str(document)
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(
        DataError, match=r"ranks the films of films\.txt: .*name that file with --am"
    ):
        verified(document, dataset)
    assert verified(document, dataset, among=films).agrees
    Path("films.txt").write_text("\n".join(ids[29::-1]))
    assert verified(document, dataset).agrees
    films.write_text("\n".join(ids[:20]))
    with pytest.raises(
        FailureError, match=r"the films changed: .* lists others than the films\.txt"
    ):
        verified(document, dataset, among=films)


def test_a_receipt_of_all_films_has_no_file(
    document: Document, dataset: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="the receipt ranks all films; leave out --among"):
        verified(document, dataset, among=tmp_path / "films.txt")


def test_a_receipt_names_no_folder_to_read(document: Document) -> None:
    secret = forged(document, lambda each: each["protocol"].update(among="/etc/hostname"))
    with pytest.raises(pydantic.ValidationError, match=r"protocol\.among"):
        Receipt.model_validate(secret)


def test_options_chosen_on_validation_are_those_of_each_split(
    document: Document, dataset: Dataset
) -> None:
    found = verified(document, dataset)
    recorded, again = (
        [split.options for split in receipt.results[0].splits]
        for receipt in (found.recorded, found.measured)
    )
    assert recorded == again


def test_a_forged_mean_is_named_with_both_numbers(document: Document, dataset: Dataset) -> None:
    true = metric_of(document, "item-knn")["mean"]
    found = verified(
        forged(document, lambda it: metric_of(it, "item-knn").update(mean=true + 0.3)), dataset
    )
    assert not found.agrees
    wrong = differing(found)["item-knn", "ndcg@10"]
    assert wrong.verdict == "different"
    assert wrong.recorded == pytest.approx(true + 0.3)
    assert wrong.measured == true
    assert wrong.note == f"mean: recorded {true + 0.3}, now {true}"
    assert len(found.differing) == 1


def test_forged_options_give_other_numbers(document: Document, dataset: Dataset) -> None:
    def change(it: Document) -> None:
        for split in result_of(it, "ease (l2=9)")["splits"]:
            split["options"]["l2"] = 90_000.0

    found = verified(forged(document, change), dataset)
    assert ("ease (l2=9)", "ndcg@10") in differing(found)


def test_a_forged_choice_is_found_by_choosing_again(document: Document, dataset: Dataset) -> None:
    def change(it: Document) -> None:
        result_of(it, "item-knn")["splits"][0]["tried"][0]["validation"] = 0.99

    changed = forged(document, change)
    assert verified(changed, dataset).agrees
    found = verified(changed, dataset, thorough=True)
    (wrong,) = found.differing
    assert (wrong.model, wrong.metric) == ("item-knn", "options on seed 0")
    assert wrong.note.startswith("tried.0.validation: recorded 0.99, now ")


def test_other_data_is_refused_with_both_hashes_and_counts(
    document: Document, dataset: Dataset
) -> None:
    fewer = dataset.interactions.select(np.arange(1, len(dataset.interactions)))
    with pytest.raises(FailureError) as error:
        verified(document, replace(dataset, interactions=fewer, folds=None))
    message = str(error.value)
    assert dataset.interactions.content_hash in message
    assert fewer.content_hash in message
    assert "900 ratings" in message
    assert "899 ratings" in message


def test_changes_are_listed(document: Document, dataset: Dataset) -> None:
    def change(it: Document) -> None:
        it["versions"]["numpy"] = "1.0"
        it["machine"]["threads"] = {"blas": 99}
        it["metrics"]["ndcg"]["definition"] = "another"
        it["splits"][0]["sha256"] = "0" * 64
        it["data"]["films_sha256"] = "1" * 64

    changes = "\n".join(verified(forged(document, change), dataset).changes)
    assert "numpy: 1.0 then, " in changes
    assert "machine: threads: {'blas': 99} then, " in changes
    assert "definition of ndcg: another then, " in changes
    assert f"SHA-256 of the split seed 0: {'0' * 64} then, " in changes
    assert f"SHA-256 of the films: {'1' * 64} then, " in changes


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda it: it["models"][0].update(name="eaze"), UnknownNameError, "unknown model 'eaze'"),
        (lambda it: it["models"][0].update(name="os.path"), UnknownNameError, "unknown model"),
        (lambda it: it["protocol"].update(name="none"), UnknownNameError, "unknown protocol"),
        (
            lambda it: result_of(it, "popular")["splits"][0]["options"].update(lamda=1),
            OptionError,
            "has no option 'lamda'",
        ),
        (lambda it: it.update(seeds=[0, 2]), FailureError, "divides the data in another way"),
    ],
)
def test_a_receipt_that_cannot_be_replayed_is_an_error(
    document: Document,
    dataset: Dataset,
    change: Callable[[Document], object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        verified(forged(document, change), dataset)


def test_times_play_no_role(document: Document, dataset: Dataset) -> None:
    def change(it: Document) -> None:
        for result in it["results"]:
            result["fit_seconds"] = 1e6

    found = verified(forged(document, change), dataset)
    assert found.agrees
    assert {row["fit_seconds_recorded"] for row in found.seconds()} == {1e6}
