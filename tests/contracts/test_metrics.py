"""What every registered metric must do, whatever it measures. New ones are found by themselves."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.experiments.measuring.ranking import ideal_gains, ranked_lists
from matinee.metrics import Metric

N, K, N_FILMS, N_VIEWERS = 50, 10, 60, 80
Quality = Literal["perfect", "random", "worst"]
QUALITIES: tuple[Quality, ...] = ("perfect", "random", "worst")

EVERY_METRIC = [metrics.get(name) for name in metrics.names()]
OVER_VIEWERS = [metric for metric in EVERY_METRIC if metric.per_viewer]
OF_ALL = [metric for metric in EVERY_METRIC if not metric.per_viewer]
_OF_TARGETS = {"hits", "gains", "positions", "errors"}
OF_TARGETS = [
    metric
    for metric in EVERY_METRIC
    if metric.higher_is_better is not None and _OF_TARGETS & set(metric.inputs)
]
"""Metrics that finding targets, or predicting ratings, makes better."""


def named(metric: Metric) -> str:
    return metric.name


@dataclass(frozen=True)
class World:
    """Everything a metric may ask for, by the names of `INPUTS`."""

    given: dict[str, Any]

    @classmethod
    def of(
        cls,
        quality: Quality = "random",
        viewers: NDArray[np.integer] | None = None,
        *,
        hollow: bool = False,
    ) -> World:
        """Lists and predictions for some viewers; the first has nothing at all if `hollow`."""
        rng = np.random.default_rng(11)
        order = np.arange(N) if viewers is None else viewers
        role = np.argsort(rng.random((N, N_FILMS)), axis=1)
        ratings = rng.integers(1, 6, (N, N_FILMS)).astype(np.float32)
        history = np.where(role < 8, ratings, 0)
        n_wanted = rng.integers(1, 14, (N, 1))
        target = np.where((role >= 8) & (role < 8 + n_wanted), ratings, 0)
        if hollow:
            history[0], target[0] = 0, 0
        scores = {
            "perfect": 10 * target,
            "random": rng.random((N, N_FILMS)) + 0.5 * (target > 0),
            "worst": -10 * target,
        }[quality].astype(np.float32)
        noise = rng.uniform(0.5, 1, (N, N_FILMS)) * rng.choice([-1, 1], (N, N_FILMS))
        histories, targets = sp.csr_array(history[order]), sp.csr_array(target[order])
        lists = ranked_lists(scores[order], targets, histories, K, positions=True)
        items, hits = lists.items.copy(), lists.hits.copy()
        if hollow:
            items[order == 0], hits[order == 0] = -1, False
        spread = {"perfect": 0.0, "random": 1.0, "worst": 4.0}[quality]
        errors = (spread * noise)[order][target[order] > 0]
        truth = targets.data.astype(np.float64)
        train = _train(rng)
        item_counts = np.bincount(train.indices, minlength=N_FILMS)
        popular = np.broadcast_to(item_counts.astype(np.float32), (len(order), N_FILMS))
        nothing = sp.csr_array(targets.shape, dtype=np.float32)
        return cls(
            {
                "items": items,
                "hits": hits,
                "gains": lists.gains,
                "ideal": ideal_gains(targets, K),
                "usual_items": ranked_lists(popular, nothing, histories, K).items,
                "positions": lists.positions,
                "bounds": targets.indptr,
                "n_ranked": N_FILMS - np.diff(histories.indptr),
                **_judgements(order, hollow=hollow),
                "errors": errors,
                "ratings": truth,
                "lower": truth + errors - 1,
                "upper": truth + errors + 1,
                "scale": np.array([1.0, 5.0]),
                "n_targets": np.diff(targets.indptr),
                "histories": histories,
                "n_items": N_FILMS,
                "n_viewers": N_VIEWERS,
                "item_counts": item_counts,
                "train": train,
                "item_genres": sp.csr_array((rng.random((N_FILMS, 6)) < 0.3).astype(np.float32)),
                "item_providers": sp.csr_array((rng.random((N_FILMS, 4)) < 0.4).astype(np.float32)),
            }
        )

    def arguments(self, metric: Metric) -> list[Any]:
        return [self.given[name] for name in metric.inputs]

    def measured(self, metric: Metric) -> Any:
        return metric.function(*self.arguments(metric))


def _judgements(order: NDArray[np.integer], *, hollow: bool) -> dict[str, Any]:
    """Ratings in the test: films of the lists, and two likes and two dislikes of every viewer."""
    rng = np.random.default_rng(5)
    judged = rng.random((N, K)) < 0.5
    judged[:, 0] = True
    disliked = judged & (rng.random((N, K)) < 0.4)
    n_disliked = disliked.sum(axis=1) + rng.integers(1, 4, N)
    scores = rng.integers(0, 9, (N, 4)).astype(np.float32)
    signs = np.tile(np.array([1, -1, 1, -1], dtype=np.int8), (N, 1))
    if hollow:
        judged[0], disliked[0], n_disliked[0], signs[0] = False, False, 0, 0
    return {
        "judged": judged[order],
        "disliked": disliked[order],
        "n_disliked": n_disliked[order],
        "judged_scores": scores[order].ravel(),
        "judged_signs": signs[order].ravel(),
        "judged_bounds": 4 * np.arange(len(order) + 1),
    }


def _train(rng: np.random.Generator) -> sp.csr_array:
    popularity = np.linspace(0.8, 0.01, N_FILMS)
    ratings = rng.integers(1, 6, (N_VIEWERS, N_FILMS)) * (
        rng.random((N_VIEWERS, N_FILMS)) < popularity
    )
    return sp.csr_array(ratings.astype(np.float32))


def mean(metric: Metric, quality: Quality) -> float:
    values = World.of(quality).measured(metric)
    return float(np.mean(values))


def test_the_world_has_all_that_a_metric_may_ask_for() -> None:
    assert set(World.of().given) == set(metrics.INPUTS)


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_a_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.definition
    assert metric.source
    assert metric.explanation.summary.endswith(".")
    assert ">>>" in metric.explanation.example, "an example worked by hand"
    assert metrics.get(metric.name) is metric


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_a_metric_asks_by_known_names_and_its_options_have_defaults(metric: Metric) -> None:
    assert metric.inputs
    assert set(metric.inputs) <= set(metrics.INPUTS)
    for name, parameter in inspect.signature(metric.function).parameters.items():
        if name in metric.options:
            assert parameter.kind is parameter.KEYWORD_ONLY, "an option is named where it is set"


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_every_viewer_gets_one_float64(metric: Metric) -> None:
    values = World.of().measured(metric)
    assert values.shape == (N,)
    assert values.dtype == np.float64
    assert np.isfinite(values).all()


@pytest.mark.parametrize("metric", OF_ALL, ids=named)
def test_all_lists_together_get_one_float(metric: Metric) -> None:
    value = World.of().measured(metric)
    assert type(value) is float
    assert np.isfinite(value)


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
@pytest.mark.parametrize("quality", QUALITIES)
def test_values_stay_within_bounds(metric: Metric, quality: Quality) -> None:
    values = np.atleast_1d(World.of(quality).measured(metric))
    low, high = metric.bounds
    assert low < high
    assert (values >= low).all()
    assert (values <= high + 1e-12).all()


@pytest.mark.parametrize("metric", OF_TARGETS, ids=named)
def test_perfect_beats_random_beats_worst(metric: Metric) -> None:
    perfect, random, worst = (mean(metric, each) for each in QUALITIES)
    if metric.higher_is_better:
        assert perfect > random > worst
    else:
        assert perfect < random < worst


@pytest.mark.parametrize(
    "metric",
    [each for each in OF_ALL if each.kind == "list" and each.higher_is_better is not None],
    ids=named,
)
def test_lists_of_many_films_beat_one_list_for_all(metric: Metric) -> None:
    world = World.of("random")
    many = world.measured(metric)
    few = World({**world.given, "items": np.tile(world.given["items"][:1], (N, 1))})
    assert (many > few.measured(metric)) is metric.higher_is_better


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_values_follow_their_viewers(metric: Metric) -> None:
    order = np.random.default_rng(2).permutation(N)
    values = World.of().measured(metric)
    permuted = World.of(viewers=order).measured(metric)
    expected = values[order] if metric.per_viewer else values
    np.testing.assert_allclose(permuted, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_a_viewer_of_whom_there_is_nothing_has_no_value(metric: Metric) -> None:
    values = World.of(hollow=True).measured(metric)
    assert np.isnan(values).tolist() == [True] + [False] * (N - 1)


@pytest.mark.parametrize("metric", OVER_VIEWERS, ids=named)
def test_a_viewers_value_does_not_depend_on_the_others(metric: Metric) -> None:
    alone = World.of(viewers=np.array([7])).measured(metric)
    assert alone[0] == pytest.approx(World.of().measured(metric)[7], rel=1e-12)


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_nobody_gives_no_values(metric: Metric) -> None:
    values = World.of(viewers=np.zeros(0, dtype=np.int64)).measured(metric)
    if metric.per_viewer:
        assert values.shape == (0,)
    else:
        assert np.isnan(values) or values == 0


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
def test_arguments_are_left_as_they_were(metric: Metric) -> None:
    world = World.of()
    before = World.of()
    for each in world.given.values():
        parts = (each.data, each.indices, each.indptr) if sp.issparse(each) else (each,)
        for part in parts:
            if isinstance(part, np.ndarray):
                part.flags.writeable = False
    world.measured(metric)
    for name in metric.inputs:
        one, other = world.given[name], before.given[name]
        if sp.issparse(one):
            one, other = one.toarray(), other.toarray()
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=named)
@pytest.mark.parametrize("low", [-10.0, -3.0])
def test_ratings_below_zero_keep_values_within_bounds(metric: Metric, low: float) -> None:
    world = World.of()
    shifted = {"gains": world.given["gains"], "ideal": world.given["ideal"]}
    rng = np.random.default_rng(4)
    order = np.sort(rng.uniform(low, 10, (N, K)).astype(np.float32), axis=1)[:, ::-1]
    shifted["ideal"] = order
    shifted["gains"] = rng.permuted(order, axis=1) * world.given["hits"]
    values = np.atleast_1d(World({**world.given, **shifted}).measured(metric))
    known = values[np.isfinite(values)]
    assert len(known)
    assert (known >= metric.bounds[0]).all()
    assert (known <= metric.bounds[1] + 1e-12).all()


@pytest.mark.parametrize(
    "metric", [each for each in EVERY_METRIC if "items" in each.inputs], ids=named
)
def test_ranks_without_a_film_are_no_film(metric: Metric) -> None:
    # lists of which only the first three ranks hold films, and the same with more padding
    world = World.of()
    cut = dict(world.given)
    for name, nothing in (("items", -1), ("hits", False), ("gains", 0)):
        cut[name] = world.given[name].copy()
        cut[name][:, 3:] = nothing
    values = np.atleast_1d(World(cut).measured(metric))
    known = values[np.isfinite(values)]  # three films may lack genres
    assert len(known) > len(values) / 2
    assert (known >= metric.bounds[0]).all()
    assert (known <= metric.bounds[1] + 1e-12).all()
    padded = {
        name: np.pad(cut[name], ((0, 0), (0, 4)), constant_values=nothing)
        for name, nothing in (("items", -1), ("hits", False), ("gains", 0), ("ideal", 0))
    }
    wider = np.atleast_1d(World({**cut, **padded}).measured(metric))
    if "hits" not in metric.inputs and metric.name != "personalisation":  # k is no divisor
        np.testing.assert_allclose(wider, values)
