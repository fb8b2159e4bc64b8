from __future__ import annotations

import pytest

from matinee.data import Dataset
from matinee.errors import InputError
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.result import Tuned
from matinee.experiments.tuning.search import tune


@pytest.fixture(scope="module")
def tuned(dataset: Dataset) -> Tuned:
    return tune(Plan("item-knn"), dataset, trials=6)


def test_a_plot_has_every_trial_by_every_option_and_the_best_one_filled(tuned: Tuned) -> None:
    plot = tuned.plot()
    options = [each.option for each in tuned.plateaus]
    assert [each.text for each in plot.layout.annotations] == options
    for place, option in enumerate(options):
        every, best = plot.data[2 * place : 2 * place + 2]
        assert list(every.x) == [trial.options[option] for trial in tuned.trials]
        assert list(every.y) == [trial.score for trial in tuned.trials]
        assert set(best.x) == {tuned.options[option]}
        assert set(best.y) == {max(trial.score for trial in tuned.trials)}
        assert every.marker.symbol.endswith("-open")
        assert not best.marker.symbol.endswith("-open")


@pytest.mark.parametrize(
    ("search", "axis"),
    [
        ((200, 300, "log"), "log"),
        ((1, 5000), None),
        ([1, 5000], None),
    ],
)
def test_an_axis_has_the_scale_of_the_search(
    dataset: Dataset, search: object, axis: str | None
) -> None:
    plot = tune(Plan("ease", search={"l2": search}), dataset, trials=3).plot()
    assert plot.layout.xaxis.type == axis


def test_a_search_without_options_has_nothing_to_draw(tuned: Tuned) -> None:
    from dataclasses import replace

    with pytest.raises(InputError, match="there is nothing to draw"):
        replace(tuned, plateaus=()).plot()
