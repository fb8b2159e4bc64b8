from __future__ import annotations

from dataclasses import replace

import pytest

from matinee.experiments.measuring.results import Comparison
from matinee.experiments.statistics.bootstrap import Interval
from matinee.service.pages.report.headline import heading, occasion, setting, tiles, verdict
from matinee.service.pages.report.subject import Subject


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
    return Subject(replace(comparison, results=(best, *others)))


def test_a_real_lead_is_called_real(ranked: Comparison) -> None:
    said = verdict(behind(ranked, 0.01, 0.02))
    assert said.startswith("toy-models is best, NDCG@10 0.")
    assert "its lead is real: the nearest, other 0, is 0.3000 [0.1000, 0.5000] behind" in said
    assert "adjusted p = 0.010" in said


def test_a_lead_that_may_be_chance_is_not_called_real(ranked: Comparison) -> None:
    said = verdict(behind(ranked, 0.3, 0.01))
    assert "cannot be told apart from other 0: that lead may be chance" in said
    assert said.endswith("Its lead over other 1 is real.")
    assert "is real" not in verdict(behind(ranked, 0.3))
    assert "told apart from any other" in verdict(behind(ranked, 0.3, 0.4))


def test_an_interval_with_0_in_it_is_no_real_lead(ranked: Comparison) -> None:
    subject = behind(ranked, 0.01)
    best, other = subject.comparison.results
    difference = replace(other.differences[ranked.metric], interval=Interval(-0.5, 0.1))
    other = replace(other, differences={ranked.metric: difference})
    said = verdict(Subject(replace(ranked, results=(best, other))))
    assert "may be chance" in said


def test_one_model_is_compared_with_nothing(alone: Comparison) -> None:
    subject = Subject(alone)
    assert verdict(subject).endswith("No other model was compared with it.")
    assert heading(subject) == "toy-models on planted"
    assert "called real" not in occasion(subject)


def test_of_errors_the_nearest_is_above(predicted: Comparison) -> None:
    assert " above it, adjusted p " in verdict(behind(predicted, 0.01))


def test_a_ranking_among_some_films_is_called_so(ranked: Comparison) -> None:
    assert "at random" not in occasion(Subject(ranked))
    assert "at random" in occasion(Subject(replace(ranked, metric="ndcg@10 of 100 sampled")))


def test_the_setting_says_data_protocol_seeds_and_viewers(subject: Subject) -> None:
    told = dict(setting(subject))
    assert told["Data"] == "planted: 900 ratings of 40 films by 60 viewers"
    assert told["SHA-256 of the ratings"] == subject.comparison.receipt["data"]["sha256"]
    assert told["Seeds"] == "0, 1"
    assert told["Test splits"] == "2: seed 0, seed 1"
    assert told["Options of the models"] == "chosen by ndcg@10 on validation"
    assert ("2", "models") in tiles(subject)


@pytest.mark.parametrize("least", [None, 4.0])
def test_the_least_rating_is_said(ranked: Comparison, least: float | None) -> None:
    protocol = {**ranked.receipt["protocol"], "min_rating": least}
    comparison = replace(ranked, receipt={**ranked.receipt, "protocol": protocol})
    assert ("4 and more" in dict(setting(Subject(comparison)))["Protocol"]) is (least is not None)
