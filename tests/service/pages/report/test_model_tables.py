from __future__ import annotations

from dataclasses import replace

from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.report.model_tables import (
    every_metric,
    missing,
    pairs,
    ranking,
    strengths,
)
from matinee.service.pages.report.subject import Subject


def test_models_are_ranked_with_the_difference_to_the_best(subject: Subject) -> None:
    best, other = ranking(subject).rows
    difference = subject.comparison.results[1].differences["ndcg@10"]
    assert best[2] == "best"
    assert other[2].startswith(f"\u2212{abs(difference.mean):.4f} [")
    assert other[-1] == ("yes" if difference.real else "no")


def test_one_model_has_no_column_of_differences(alone: Comparison) -> None:
    assert ranking(Subject(alone)).columns == ("model", "NDCG@1 [95%]")


def test_the_best_of_every_row_is_marked_where_one_direction_is_better(subject: Subject) -> None:
    results = subject.comparison.results
    rows = {row.title: row for row in strengths(subject)}
    recall = [result.means["recall@10"] for result in results]
    assert [cell.best for cell in rows["Recall@10"].cells] == [
        each == max(recall) for each in recall
    ]
    size = [result.model_bytes for result in results]
    assert [cell.best for cell in rows["Size"].cells] == [each == min(size) for each in size]
    assert not any(cell.best for cell in rows["Novelty@10"].cells)
    assert rows["Novelty@10"].higher_is_better is None


def test_what_is_written_the_same_is_equally_best(ranked: Comparison) -> None:
    first, second = ranked.results
    alike = replace(second, means={**first.means, "recall@10": first.means["recall@10"] + 1e-9})
    rows = {r.title: r for r in strengths(Subject(replace(ranked, results=(first, alike))))}
    assert [cell.best for cell in rows["Recall@10"].cells] == [True, True]


def test_a_metric_without_any_value_has_no_row(alone: Comparison) -> None:
    titles = [row.title for row in strengths(Subject(alone))]
    assert "Recall@1" in titles
    assert "Diversity@1" not in titles  # there are no pairs in a list of one


def test_a_metric_that_was_not_measured_is_named(ranked: Comparison) -> None:
    assert list(missing(Subject(ranked))) == []
    fewer = [
        replace(
            result, means={name: m for name, m in result.means.items() if "novelty" not in name}
        )
        for result in ranked.results
    ]
    subject = Subject(replace(ranked, results=tuple(fewer)))
    assert [each.what for each in missing(subject)] == ["Novelty"]
    assert "Novelty@10" not in [row.title for row in strengths(subject)]


def test_every_metric_and_every_pair_have_a_row(ranked: Comparison) -> None:
    assert len(every_metric(ranked).rows) == len(ranked.metrics)
    ((better, other, *_, real),) = pairs(ranked).rows
    assert [better, other] == [result.name for result in ranked.results]
    assert real == ("yes" if ranked.pairs[0].difference.real else "no")


def test_a_cost_that_nobody_knows_has_no_row(ranked: Comparison) -> None:
    unknown = [
        replace(result, splits=tuple(replace(split, fit_bytes=None) for split in result.splits))
        for result in ranked.results
    ]
    rows = strengths(Subject(replace(ranked, results=tuple(unknown))))
    assert "Fit memory" not in [row.title for row in rows]
