from __future__ import annotations

import numpy as np

from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.report.examples import examples
from matinee.service.pages.report.subject import Subject


def test_the_five_viewers_are_those_with_the_largest_range(ranked: Comparison) -> None:
    shown = examples(Subject(ranked))
    ranges: dict[str, float] = {}
    for place, test in enumerate(ranked.tests):
        values = [result.splits[place].values["ndcg@10"] for result in ranked.results]
        for user, spread in zip(test.users, np.ptp(values, axis=0), strict=True):
            viewer = str(test.train.user_ids.ids[user])
            ranges[viewer] = max(ranges.get(viewer, 0.0), float(spread))
    largest = sorted(ranges.values(), reverse=True)[:5]
    assert [ranges[example.viewer] for example in shown] == largest
    assert len({example.viewer for example in shown}) == 5


def test_films_are_those_of_the_split_by_name(ranked: Comparison) -> None:
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
    wanted = {each.rpartition(": ")[0] for each in example.targets}
    assert example.more_targets == 0
    for each, result in zip(example.lists, ranked.results, strict=True):
        assert each.look.name == result.name
        assert len(each.films) == 10
        assert [film in wanted for film, _ in each.films] == [hit for _, hit in each.films]
        assert each.value == f"{result.splits[place].values['ndcg@10'][row]:.2f}"


def test_models_that_do_the_same_disagree_nowhere(alone: Comparison) -> None:
    assert examples(Subject(alone)) == ()
