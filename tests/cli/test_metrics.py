"""metrics and rosetta."""

from __future__ import annotations

import json

import pytest
from tests.cli.conftest import Run

from matinee import metrics
from matinee.experiments.rosetta import LIBRARIES


def test_metrics_lists_every_metric_with_its_definition(run: Run) -> None:
    outcome = run("metrics")
    assert outcome.status == 0
    for name in metrics.names():
        (line,) = [each for each in outcome.out.splitlines() if each.startswith(f"{name} ")]
        assert metrics.get(name).definition in line


@pytest.mark.parametrize("name", metrics.names())
def test_one_metric_is_explained(run: Run, name: str) -> None:
    outcome = run("metrics", name)
    metric = metrics.get(name)
    assert outcome.status == 0
    said = " ".join(outcome.out.split())
    for part in (metric.definition, metric.source, metric.explanation.example):
        assert " ".join(part.split()) in said
    assert all(f"{option} = " in said for option in metric.options)


def test_the_json_of_one_metric_has_inputs_and_options_with_their_meaning(run: Run) -> None:
    document = json.loads(run("metrics", "recall-capped", "--json").out)["recall-capped"]
    assert document["inputs"]["hits"].startswith("bool[n, k]")
    assert document["options"]["denominator"] == {
        "default": "capped",
        "choices": ["targets", "capped"],
    }
    assert document["higher_is_better"] is True
    assert document["bounds"] == [0, 1]


def test_the_json_of_all_metrics_has_no_infinity(run: Run) -> None:
    document = json.loads(run("metrics", "--json").out)
    assert list(document) == list(metrics.names())
    assert document["rmse"]["bounds"] == [0, None]


def test_rosetta_shows_every_library_side_by_side(run: Run) -> None:
    outcome = run("rosetta", "--hits", "1,0,1,0,0", "--targets", "4", "--k", "5")
    assert outcome.status == 0
    table = outcome.out.partition("\n\n")[0].splitlines()
    assert table[0].split() == ["at", "5", *LIBRARIES]
    # worked by hand: 1.5 over 2.5616, over 2.9485 (k hits), and 1.6309 over 3.1309
    (ndcg,) = [line.split() for line in table if line.startswith("NDCG")]
    assert ndcg == ["NDCG", "0.5856", "0.5087", "0.5209", "0.5856", "0.5856"]
    assert "hits / min(k, n)" in outcome.out


def test_rosetta_in_json_has_values_and_formulae(run: Run) -> None:
    outcome = run("rosetta", "--hits", "0,1,0", "--targets", "8", "--k", "5", "--json")
    document = json.loads(outcome.out)
    assert document["measures"]["precision"]["LensKit"]["value"] == 1 / 3
    assert document["measures"]["precision"]["trec_eval"] == {"value": 0.2, "formula": "hits / k"}
    assert "Microsoft" not in document["measures"]["MRR"]
    assert "NDCG, ratings" not in document["measures"]


def test_rosetta_with_ratings_has_graded_measures(run: Run) -> None:
    outcome = run(
        "rosetta", "--hits", "1,0,1", "--targets", "2", "--ratings", "3,5", "--json"
    )  # fmt: skip
    graded = json.loads(outcome.out)["measures"]["NDCG, ratings"]
    assert set(graded) == {"trec_eval", "LensKit", "Microsoft"}
    assert graded["trec_eval"]["value"] == pytest.approx(0.7979, abs=5e-5)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("metrics", "ndgc"), "unknown metric 'ndgc'; did you mean 'ndcg"),
        (("rosetta", "--hits", "1,2", "--targets", "3"), "--hits '1,2' must be 1 or 0"),
        (("rosetta", "--hits", "1,x", "--targets", "3"), "--hits '1,x' must be numbers"),
        (("rosetta", "--hits", "", "--targets", "3"), "the list has no film"),
        (("rosetta", "--hits", "1,1", "--targets", "1"), "at least 2 targets"),
        (("rosetta", "--hits", "1", "--targets", "2", "--ratings", "3"), "2 targets need 2"),
        (("rosetta", "--hits", "1", "--targets", "1", "--ratings", "five"), "--ratings 'five'"),
        (("rosetta", "--hits", "1", "--targets", "0"), "--targets"),
        (("rosetta", "--targets", "1"), "Missing option '--hits'"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2, outcome.err
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
