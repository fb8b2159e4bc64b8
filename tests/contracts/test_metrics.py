"""What every registered metric must do, whatever it measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee import metrics
from matinee.metrics import Metric

N, K, N_FILMS = 50, 10, 30
OVER_VIEWERS = [
    metric
    for name in metrics.names()
    for metric in [metrics.get(name)]
    if metric.kind != "catalogue"
]
EVERY_METRIC = [metrics.get(name) for name in metrics.names()]


def named(metric: Metric) -> str:
    return metric.name


def arguments(metric: Metric, quality: str, viewers: NDArray[np.int64] | None = None) -> Any:
    """Lists or errors that are "perfect", "empty" (as bad as can be) or "random"."""
    rng = np.random.default_rng(11)
    chance = {"perfect": 1.0, "empty": 0.0, "random": 0.3}[quality]
    hits = rng.random((N, K)) < chance
    ratings = rng.integers(1, 6, (N, K)).astype(np.float64)
    ideal = -np.sort(-ratings, axis=1)
    errors = {"perfect": 0.0, "empty": 4.0, "random": 1.0}[quality] * rng.uniform(0.5, 1, N * 3)
    order = np.arange(N) if viewers is None else viewers
    match metric.kind:
        case "ranking":
            n_targets = hits.sum(axis=1) + (0 if quality == "perfect" else 3)
            return hits[order], n_targets[order]
        case "graded":
            gains = ideal if quality == "perfect" else np.where(hits, ratings, 0)
            return gains[order], ideal[order]
        case "rating":
            return errors.reshape(N, 3)[order].ravel(), np.arange(0, 3 * N + 1, 3)
        case "catalogue":
            items = np.arange(N * K).reshape(N, K) % N_FILMS
            shown = {"perfect": items, "empty": np.full((N, K), -1), "random": items[:2]}
            return shown[quality], N_FILMS


def mean(metric: Metric, quality: str) -> float:
    return float(np.mean(metric.function(*arguments(metric, quality))))


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_a_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.definition
    assert metric.source
    assert metrics.get(metric.name) is metric


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_every_viewer_gets_one_float64(metric: Metric) -> None:
    values = metric.function(*arguments(metric, "random"))
    assert values.shape == (N,)
    assert values.dtype == np.float64
    assert np.isfinite(values).all()


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
@pytest.mark.parametrize("quality", ["perfect", "empty", "random"])
def test_values_stay_in_range(metric: Metric, quality: str) -> None:
    values = np.atleast_1d(metric.function(*arguments(metric, quality)))
    assert (values >= 0).all()
    if metric.higher_is_better:
        assert (values <= 1 + 1e-12).all()


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_perfect_beats_random_beats_empty(metric: Metric) -> None:
    perfect, random, empty = (mean(metric, each) for each in ("perfect", "random", "empty"))
    if metric.higher_is_better:
        assert perfect > random > empty
    else:
        assert perfect < random < empty


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_perfect_answers_give_the_best_value_there_is(metric: Metric) -> None:
    best = 1.0 if metric.higher_is_better else 0.0
    assert metric.function(*arguments(metric, "perfect")) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(
    "metric", [each for each in EVERY_METRIC if each.higher_is_better], ids=named
)
def test_empty_lists_give_the_worst_value_there_is(metric: Metric) -> None:
    assert np.all(metric.function(*arguments(metric, "empty")) == 0)


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_values_follow_their_viewers(metric: Metric) -> None:
    order = np.random.default_rng(2).permutation(N)
    values = metric.function(*arguments(metric, "random"))
    permuted = metric.function(*arguments(metric, "random", order))
    np.testing.assert_allclose(permuted, values[order], rtol=0, atol=1e-15)


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_a_viewer_without_targets_has_no_value(metric: Metric) -> None:
    nothing: dict[str, tuple[Any, Any]] = {
        "ranking": (np.zeros((2, K), dtype=np.bool_), np.array([0, 1])),
        "graded": (np.zeros((2, K)), np.array([np.zeros(K), np.ones(K)])),
        "rating": (np.array([0.5]), np.array([0, 0, 1])),
    }
    assert np.isnan(metric.function(*nothing[metric.kind])).tolist() == [True, False]


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_nobody_gives_no_values(metric: Metric) -> None:
    nobody: dict[str, tuple[Any, Any]] = {
        "ranking": (np.zeros((0, K), dtype=np.bool_), np.zeros(0, dtype=np.int64)),
        "graded": (np.zeros((0, K)), np.zeros((0, K))),
        "rating": (np.zeros(0), np.array([0])),
    }
    assert metric.function(*nobody[metric.kind]).shape == (0,)


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_arguments_are_left_as_they_were(metric: Metric) -> None:
    given = arguments(metric, "random")
    metric.function(*given)
    for before, after in zip(arguments(metric, "random"), given, strict=True):
        np.testing.assert_array_equal(before, after)
