from __future__ import annotations

from dataclasses import replace

from matinee.data import Dataset
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.metrics import get
from matinee.service.pages.report import record
from matinee.service.pages.report.subject import Subject


def test_every_split_has_a_row(predicted: Comparison) -> None:
    table = record.splits(Subject(predicted))
    assert [row[0] for row in table.rows] == ["u1", "u2", "u3", "u4", "u5"]
    assert table.rows[2][2] == f"{predicted.results[0].splits[2].means['rmse']:.4f}"


def test_all_trials_are_there_and_the_chosen_one_is_marked(ranked: Comparison) -> None:
    ((name, table),) = record.trials(ranked)
    assert name == "together"
    assert [row[1] for row in table.rows] == ["sign=-1.0", "sign=0.0", "sign=1.0"] * 2
    assert [row[-1] for row in table.rows] == ["", "", "chosen"] * 2


def test_options_that_differ_have_a_row_a_split(ranked: Comparison) -> None:
    same = record.chosen_options(ranked)
    assert [row[1] for row in same.rows] == ["all", "all"]
    assert same.rows[0][-1] == "chosen among 3 on validation"
    first, second = ranked.results[0].splits
    split = replace(second, options={"sign": -1.0})
    other = replace(ranked.results[0], splits=(first, split))
    table = record.chosen_options(replace(ranked, results=(other,)))
    assert [row[1:3] for row in table.rows] == [("seed 0", "sign=1.0"), ("seed 1", "sign=-1.0")]


def test_notes_appear_once_with_their_place(ranked: Comparison) -> None:
    first, second = ranked.tests
    tests = (replace(first, notes=("of both", "of one")), replace(second, notes=("of both",)))
    notes = list(record.notes(replace(ranked, tests=tests)))
    assert notes[:2] == ["of both", "of one (seed 0)"]


def test_parts_of_a_protocol_have_a_row_each(planted_folds: Dataset, ranked: Comparison) -> None:
    timed = evaluate(["popular"], planted_folds, "time", defaults=True)
    table = record.parts(Subject(timed))
    assert table is not None
    (split,) = timed.results[0].splits
    assert [row[0].partition(": ")[2] for row in table.rows] == list(split.groups)
    assert record.parts(Subject(ranked)) is None


def test_a_leak_check_is_a_table(planted_folds: Dataset, ranked: Comparison) -> None:
    audited = evaluate(Recipe(["popular"], defaults=True, audit=True), planted_folds)
    table = record.audits(audited)
    assert table is not None
    assert table.rows[0][-1] in {"passed", "failed", "inconclusive"}
    assert record.audits(ranked) is None


def test_definitions_and_facts_are_the_receipt(ranked: Comparison) -> None:
    definitions = {row[0]: row for row in record.definitions(ranked).rows}
    assert definitions["NDCG"][1] == get("ndcg").definition
    facts = dict(record.facts(ranked))
    assert facts["versions, numpy"] == ranked.receipt["versions"]["numpy"]
    assert facts["ties"] == ranked.receipt["ties"]
    assert facts["seeds"] == "0, 1"
    assert facts["protocol, min rating"] == "\u2013"
    assert facts["data, sha256"]
    assert facts["machine, threads, blas"]
