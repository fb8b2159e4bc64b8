"""The comparison of two receipts of one evaluation."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from matinee.data import Dataset
from matinee.experiments.evaluate import evaluate
from matinee.experiments.receipts.agreement import TOLERANCE, Agreement, agreements
from matinee.experiments.receipts.receipt_file import receipt_document
from matinee.experiments.receipts.receipt_format import Receipt
from matinee.experiments.recipes import Recipe

Document = dict[str, Any]
Change = Callable[[Document], object]


@pytest.fixture(scope="module")
def document(dataset: Dataset) -> Document:
    return receipt_document(evaluate(Recipe(["popular", "ease"], seeds=(0, 1), k=(5, 10)), dataset))


def popular(document: Document) -> Document:
    """The weaker model."""
    return next(each for each in document["results"] if each["model"] == "popular")


def ndcg(document: Document) -> Document:
    return popular(document)["metrics"]["ndcg@10"]


def compared(
    document: Document, change: Change, tolerance: float = TOLERANCE
) -> tuple[Agreement, ...]:
    """The agreements of a changed receipt."""
    changed = copy.deepcopy(document)
    change(changed)
    recorded, measured = (Receipt.model_validate(each) for each in (changed, document))
    return agreements(recorded, measured, tolerance, options=True)


def differing(
    document: Document, change: Change, tolerance: float = TOLERANCE
) -> list[tuple[str, str, str]]:
    found = compared(document, change, tolerance)
    return [(each.model, each.metric, each.verdict) for each in found if not each.agrees]


def test_a_receipt_is_exactly_itself(document: Document) -> None:
    found = compared(document, lambda it: it)
    assert {each.verdict for each in found} == {"exact"}
    assert {each.note for each in found} == {""}


@pytest.mark.parametrize(("moved", "verdict"), [(0.001, "within the interval"), (0.5, "different")])
def test_a_moved_mean_is_not_agreement(document: Document, moved: float, verdict: str) -> None:
    def change(it: Document) -> None:
        ndcg(it)["mean"] += moved

    assert differing(document, change) == [("popular", "ndcg@10", verdict)]
    assert differing(document, change, tolerance=2 * moved) == []


def test_rounding_agrees_and_is_not_called_exact(document: Document) -> None:
    def change(it: Document) -> None:
        ndcg(it)["mean"] += 1e-9

    assert differing(document, change) == []
    (found,) = (each for each in compared(document, change) if each.verdict != "exact")
    assert (found.metric, found.verdict) == ("ndcg@10", "within rounding")
    assert found.note.startswith("mean: recorded ")


def test_large_numbers_are_rounded_by_their_size(document: Document) -> None:
    def of(factor: float) -> Change:
        def change(it: Document) -> None:
            value = popular(it)["metrics"]["novelty@10"]
            assert value["mean"] > 1
            value["mean"] *= 1 + factor

        return change

    assert differing(document, of(5e-7)) == []
    assert differing(document, of(5e-6)) != []


@pytest.mark.parametrize("sensitive", ["p", "superiority", "cohens_d"])
def test_derived_numbers_may_move_more_if_the_mean_was_rounded(
    document: Document, sensitive: str
) -> None:
    def alone(it: Document) -> None:
        ndcg(it)["difference_to_best"][sensitive] += 0.003

    def with_the_mean(it: Document) -> None:
        alone(it)
        ndcg(it)["difference_to_best"]["mean"] += 1e-9

    def too_far(it: Document) -> None:
        with_the_mean(it)
        ndcg(it)["difference_to_best"][sensitive] += 0.3

    difference = [("popular", "ndcg@10, difference to best", "different")]
    assert differing(document, alone) == difference
    assert differing(document, with_the_mean) == []
    assert differing(document, too_far) == difference


@pytest.mark.parametrize(
    ("change", "metric"),
    [
        (lambda it: ndcg(it)["interval"].__setitem__(0, 0.5), "ndcg@10"),
        (lambda it: ndcg(it)["difference_to_best"].update(p=0.5), "ndcg@10, difference to best"),
        (
            lambda it: ndcg(it)["difference_to_best"].update(real=None),
            "ndcg@10, difference to best",
        ),
        (lambda it: ndcg(it).update(invented={"mean": 1}), "ndcg@10, invented"),
        (lambda it: ndcg(it).update(median=0.5), "ndcg@10"),
        (lambda it: ndcg(it).update(mean=True), "ndcg@10"),
        (lambda it: popular(it)["metrics"]["coverage@5"].update(mean=None), "coverage@5"),
        (lambda it: popular(it)["metrics"].update(invented={"mean": 0.5}), "invented"),
        (lambda it: popular(it)["splits"][1]["metrics"].update({"mrr@5": 1.5}), "mrr@5"),
        (lambda it: popular(it)["splits"][1].update(viewers=3), "viewers"),
        (lambda it: popular(it)["splits"][0].update(skipped_viewers=3), "viewers"),
        (lambda it: popular(it)["splits"][0]["options"].update(damping=1.0), "options on seed 0"),
    ],
)
def test_every_forged_number_is_found(document: Document, change: Change, metric: str) -> None:
    assert differing(document, change) == [("popular", metric, "different")]


def test_a_forged_pair_is_found(document: Document) -> None:
    assert differing(document, lambda it: it["pairs"][0].update(mean=9.0)) == [
        ("ease", "ndcg@10, better than popular", "different")
    ]
    assert differing(document, lambda it: it["pairs"][0].update(better="item-knn")) == [
        ("item-knn", "ndcg@10, better than popular", "different")
    ]
