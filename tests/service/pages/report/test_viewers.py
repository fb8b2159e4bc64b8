from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.experiments.measuring.results import Comparison
from matinee.experiments.statistics.differences import Gap
from matinee.service.pages.report.subject import Subject
from matinee.service.pages.report.viewers import examples, group_charts, group_tables, widest_gaps


def test_examples_have_the_largest_ranges(ranked: Comparison) -> None:
    chosen = examples(Subject(ranked))
    ranges: dict[str, float] = {}
    for place, test in enumerate(ranked.tests):
        values = [result.splits[place].values["ndcg@10"] for result in ranked.results]
        for user, spread in zip(test.users, np.ptp(values, axis=0), strict=True):
            viewer = str(test.train.user_ids.ids[user])
            ranges[viewer] = max(ranges.get(viewer, 0.0), float(spread))
    largest = sorted(ranges.values(), reverse=True)[:5]
    assert [ranges[example.viewer] for example in chosen] == largest
    assert len({example.viewer for example in chosen}) == 5


def test_examples_list_the_films_of_their_split(ranked: Comparison) -> None:
    example = examples(Subject(ranked))[0]
    place = [test.name for test in ranked.tests].index(example.split)
    test = ranked.tests[place]
    row = test.train.user_ids.ids[test.users].astype(str).tolist().index(example.viewer)
    history = test.histories.ratings[[row]]
    titles = {ranked.catalog.film(film).label for film in history.indices}
    assert {each.rpartition(": ")[0] for each in example.history} <= titles
    assert len(example.history) + example.more_history == len(titles)
    stars = [float(each.rpartition(": ")[2]) for each in example.history]
    assert stars == sorted(stars, reverse=True)
    targets = {each.rpartition(": ")[0] for each in example.targets}
    assert example.more_targets == 0
    for each, result in zip(example.lists, ranked.results, strict=True):
        assert each.look.name == result.name
        assert len(each.films) == 10
        assert [film in targets for film, _ in each.films] == [hit for _, hit in each.films]
        assert each.value == f"{result.splits[place].values['ndcg@10'][row]:.2f}"


def test_models_with_equal_results_have_no_examples(alone: Comparison) -> None:
    assert examples(Subject(alone)) == ()


def test_groups_have_a_chart_each_and_many_groups_a_table(ranked: Comparison) -> None:
    gap = next(gap for gap in ranked.gaps if gap.metric == ranked.metric)
    many = [wide(gap, result.name) for result in ranked.results]
    subject = Subject(replace(ranked, gaps=(*ranked.gaps, *many)))
    charts = list(group_charts(subject))
    drawn = dict.fromkeys(gap.grouping for gap in ranked.gaps)
    assert [chart.id for chart in charts] == [f"groups-{name}" for name in drawn]
    ((title, table),) = group_tables(subject)
    assert title == "Wide"
    assert len(table.rows) == 12
    assert len(widest_gaps(subject).rows) == 2 * (len(drawn) + 1)
    of_gap = charts[0].figure["data"][0]
    assert of_gap["x"] == pytest.approx(gap.means.tolist())
    assert charts[0].table is not None
    assert charts[0].table.rows[0][:2] == (gap.labels[0], f"{gap.viewers[0]:,}")


def wide(gap: Gap, model: str) -> Gap:
    return replace(
        gap,
        model=model,
        grouping="wide",
        labels=tuple(map(str, range(12))),
        viewers=(20,) * 12,
        means=np.linspace(0, 1, 12),
        intervals=(gap.interval,) * 12,
    )


def test_a_group_without_a_value_has_no_mark(ranked: Comparison) -> None:
    gaps = [
        replace(gap, means=np.array([np.nan, *gap.means[1:]]))
        for gap in ranked.gaps
        if gap.metric == ranked.metric
    ]
    chart = next(group_charts(Subject(replace(ranked, gaps=tuple(gaps)))))
    assert len(chart.figure["data"][0]["x"]) == len(gaps[0].labels) - 1
