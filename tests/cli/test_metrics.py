"""`matinee metrics`."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run

from matinee import metrics


def test_metrics_lists_every_metric_with_its_definition(run: Run) -> None:
    outcome = run("metrics")
    for name in metrics.names():
        (line,) = [each for each in outcome.out.splitlines() if each.startswith(f"{name} ")]
        assert metrics.get(name).definition in line


@pytest.mark.parametrize("name", metrics.names())
def test_one_metric_is_explained(run: Run, name: str) -> None:
    outcome = run("metrics", name)
    metric = metrics.get(name)
    text = " ".join(outcome.out.split())
    for part in (metric.definition, metric.source, metric.explanation.example):
        assert " ".join(part.split()) in text
    assert all(f"{option} = " in text for option in metric.options)


def test_the_json_of_one_metric_has_inputs_and_options_with_their_meaning(run: Run) -> None:
    document = run("metrics", "recall-capped", "--json").json["recall-capped"]
    assert document["inputs"]["hits"].startswith("bool[n, k]")
    assert document["options"]["denominator"] == {
        "default": "capped",
        "choices": ["targets", "capped"],
    }
    assert document["higher_is_better"] is True
    assert {"random", "time"} <= set(document["protocols"])
    assert document["bounds"] == [0, 1]


def test_the_json_of_all_metrics_has_no_infinity(run: Run) -> None:
    document = run("metrics", "--json").json
    assert list(document) == list(metrics.names())
    assert document["rmse"]["bounds"] == [0, None]
    assert document["rmse"]["protocols"] == ["folds", "ratings"]
