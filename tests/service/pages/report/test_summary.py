from __future__ import annotations

from dataclasses import replace

import pytest

from matinee.experiments.measuring.outputs import ranking
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.statistics.bootstrap import Interval
from matinee.service.pages.report.subject import Subject
from matinee.service.pages.report.summary import (
    every_metric,
    heading,
    missing,
    occasion,
    pairs,
    setting,
    strengths,
    tiles,
    verdict,
)


def with_results(comparison: Comparison, *results: ModelResult) -> Subject:
    return Subject(replace(comparison, results=results))


def behind(comparison: Comparison, *adjusted: float) -> Subject:
    """The same comparison, with the second model repeated and these adjusted p."""
    best, other = comparison.results
    difference = other.differences[comparison.metric]
    others = [
        replace(
            other,
            name=f"other {place}",
            differences={
                comparison.metric: replace(
                    difference, p_adjusted=p, interval=Interval(-0.5, -0.1), mean=-0.3
                )
            },
        )
        for place, p in enumerate(adjusted)
    ]
    return with_results(comparison, best, *others)


def test_a_significant_lead_is_called_so(ranked: Comparison, predicted: Comparison) -> None:
    text = verdict(behind(ranked, 0.01, 0.02))
    assert text.startswith("together is best, NDCG@10 0.")
    assert (
        "its lead is significant: the nearest, other 0, is 0.3000 [0.1000, 0.5000] behind" in text
    )
    assert "adjusted p = 0.010" in text
    assert " above it, adjusted p " in verdict(behind(predicted, 0.01))  # errors


def test_a_lead_that_may_be_chance_is_not_called_significant(ranked: Comparison) -> None:
    text = verdict(behind(ranked, 0.3, 0.01))
    assert "not significantly ahead of other 0: the lead may be chance" in text
    assert text.endswith("Its lead over other 1 is significant.")
    assert "is significant" not in verdict(behind(ranked, 0.3))
    assert "significantly ahead of any other" in verdict(behind(ranked, 0.3, 0.4))


def test_a_lead_whose_interval_contains_0_may_be_chance(ranked: Comparison) -> None:
    subject = behind(ranked, 0.01)
    best, other = subject.comparison.results
    difference = replace(other.differences[ranked.metric], interval=Interval(-0.5, 0.1))
    other = replace(other, differences={ranked.metric: difference})
    text = verdict(with_results(ranked, best, other))
    assert "may be chance" in text


def test_a_single_model_has_no_comparison(alone: Comparison) -> None:
    subject = Subject(alone)
    assert verdict(subject).endswith("No other model was compared with it.")
    assert heading(subject) == "together on planted"
    assert "significant" not in occasion(subject)
    assert ranking(subject.comparison).columns == ("model", "NDCG@1 [95%]")


def test_sampled_ranking_has_a_warning(ranked: Comparison) -> None:
    assert "at random" not in occasion(Subject(ranked))
    assert "randomly sampled" in occasion(Subject(replace(ranked, metric="ndcg@10 of 100 sampled")))


def test_the_setting_says_data_protocol_seeds_and_viewers(subject: Subject) -> None:
    facts = dict(setting(subject))
    assert facts["Data"] == "planted: 900 ratings of 40 films by 60 viewers"
    assert facts["SHA-256 of the ratings"] == subject.comparison.receipt["data"]["sha256"]
    assert facts["Seeds"] == "0, 1"
    assert facts["Test splits"] == "2: seed 0, seed 1"
    assert facts["Options of the models"] == "chosen by ndcg@10 on validation"
    assert ("2", "models") in tiles(subject)


@pytest.mark.parametrize("least", [None, 4.0])
def test_a_minimum_rating_is_stated(ranked: Comparison, least: float | None) -> None:
    protocol = {**ranked.receipt["protocol"], "min_rating": least}
    comparison = replace(ranked, receipt={**ranked.receipt, "protocol": protocol})
    assert ("4 and more" in dict(setting(Subject(comparison)))["Protocol"]) is (least is not None)


def test_models_are_ranked_with_the_difference_to_the_best(subject: Subject) -> None:
    best, other = ranking(subject.comparison).rows
    difference = subject.comparison.results[1].differences["ndcg@10"]
    assert best[2] == "best"
    assert other[2].startswith(f"\u2212{abs(difference.mean):.4f} [")
    assert other[-1] == ("yes" if difference.real else "no")


def test_the_best_of_a_row_is_marked(subject: Subject) -> None:
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


def test_equal_texts_are_equally_best(ranked: Comparison) -> None:
    first, second = ranked.results
    same = replace(second, means={**first.means, "recall@10": first.means["recall@10"] + 1e-9})
    rows = {r.title: r for r in strengths(with_results(ranked, first, same))}
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
    subject = with_results(ranked, *fewer)
    assert list(missing(subject)) == [("Novelty", "not measured in this comparison")]
    assert "Novelty@10" not in [row.title for row in strengths(subject)]


def test_every_metric_and_every_pair_have_a_row(ranked: Comparison) -> None:
    assert len(every_metric(ranked).rows) == len(ranked.metrics)
    ((better, other, *_, real),) = pairs(ranked).rows
    assert [better, other] == [result.name for result in ranked.results]
    assert real == ("yes" if ranked.pairs[0].difference.real else "no")


def test_an_unknown_cost_has_no_row(ranked: Comparison) -> None:
    unknown = [
        replace(result, splits=tuple(replace(split, fit_bytes=None) for split in result.splits))
        for result in ranked.results
    ]
    rows = strengths(with_results(ranked, *unknown))
    assert "Fit memory" not in [row.title for row in rows]
