"""Effect sizes by hand and against the paired t statistic, a multiple of Cohen's d_z."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from matinee.experiments.statistics.effects import Effect, effects
from matinee.experiments.statistics.sample import Sample


def sample(
    values: list[float] | np.ndarray, *, viewers: list[int] | None = None,
    weights: list[float] | None = None,
) -> Sample:  # fmt: skip
    column = np.asarray(values, dtype=np.float64)[:, None]
    n = len(column)
    return Sample(
        np.arange(n) if viewers is None else np.array(viewers),
        (np.ones(n) if weights is None else np.array(weights))[:, None],
        column,
        np.ones(1),
    )


def effect(first: list[Sample], second: list[Sample], *, lower: bool = False) -> Effect:
    (found,) = effects(first, second, np.array([lower]))
    return found


def test_cohens_d_is_the_paired_t_over_the_root_of_n() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(80), rng.random(80) + 0.1
    t = scipy.stats.ttest_rel(first, second).statistic
    found = effect([sample(first)], [sample(second)])
    assert found.cohens_d == pytest.approx(t / np.sqrt(80))


def test_superiority_counts_viewers_with_ties_half() -> None:
    found = effect([sample([1, 0, 0.5, 0.5])], [sample([0, 1, 0, 0.5])])
    assert found.superiority == (2 + 0.5) / 4


def test_superiority_of_an_error_is_being_lower() -> None:
    first, second = [sample([1, 2, 3])], [sample([2, 3, 1])]
    assert effect(first, second, lower=True).superiority == pytest.approx(2 / 3)
    assert effect(first, second).superiority == pytest.approx(1 / 3)


def test_a_viewer_in_several_splits_or_rows_counts_once() -> None:
    first = [sample([1, 1, 0], viewers=[0, 1, 1]), sample([1], viewers=[1])]
    second = [sample([0, 0, 0], viewers=[0, 1, 1]), sample([0], viewers=[1])]
    differences = np.array([1, 2 / 3])
    weights = np.array([1, 3])
    mean = np.average(differences, weights=weights)
    spread = np.average((differences - mean) ** 2, weights=weights) * 2
    found = effect(first, second)
    assert found.superiority == 1
    assert found.cohens_d == pytest.approx(mean / np.sqrt(spread))


def test_weights_apply_to_the_mean_and_not_to_superiority() -> None:
    first, second = sample([1, 0], weights=[9, 1]), sample([0, 1], weights=[9, 1])
    found = effect([first], [second])
    assert found.superiority == 0.5
    assert found.cohens_d == pytest.approx(0.8 / np.sqrt(0.36 * 2))


def test_equal_values_have_no_effect() -> None:
    same = [sample([0.3, 0.4, 0.5])]
    assert effect(same, same) == Effect(0.0, 0.5)


def test_viewers_without_a_value_on_a_side_are_left_out() -> None:
    found = effect([sample([1, np.nan, 0.5])], [sample([0, 0, np.nan])])
    assert found.superiority == 1
    assert np.isnan(found.cohens_d)  # one viewer has no spread
    assert found.size == "unknown"


@pytest.mark.parametrize(
    ("d", "word"),
    [(0.0, "negligible"), (-0.19, "negligible"), (0.2, "small"), (-0.5, "medium"), (1.3, "large")],
)
def test_sizes_have_cohens_words(d: float, word: str) -> None:
    assert Effect(d, 0.5).size == word
