"""The permutation test against SciPy's and against all permutations; Holm by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from matinee.experiments.statistics.sample import Sample
from matinee.experiments.statistics.significance import holm, p_values

RNG = np.random.default_rng(0)


def sample(
    values: np.ndarray, *, weights: np.ndarray | None = None, viewers: np.ndarray | None = None,
    power: float = 1,
) -> Sample:  # fmt: skip
    columns = values[:, None] if values.ndim == 1 else values
    n = len(columns)
    return Sample(
        viewers=np.arange(n) if viewers is None else viewers,
        weights=(np.ones(n) if weights is None else weights)[:, None],
        values=columns,
        powers=np.full(columns.shape[1], float(power)),
    )


def pooled(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.sqrt(np.average(values**2, weights=weights)))


def test_it_agrees_with_scipys_paired_permutation_test() -> None:
    first = RNG.random((60, 3))
    second = first + RNG.normal([0.0, 0.03, 0.15], 0.2, (60, 3))
    expected = scipy.stats.permutation_test(
        (first, second),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,
        axis=0,
        rng=np.random.default_rng(1),
    ).pvalue
    np.testing.assert_allclose(p_values([sample(first)], [sample(second)]), expected, atol=0.02)


def test_a_pooled_error_swaps_viewers_with_all_their_ratings() -> None:
    counts = np.array([1.0, 40, 3, 7, 2, 19, 5, 4, 11, 2])
    first, second = RNG.random(10), RNG.random(10) + 0.2
    found = abs(pooled(first, counts) - pooled(second, counts))
    differences = []
    for swapped in product([False, True], repeat=10):
        a, b = np.where(swapped, second, first), np.where(swapped, first, second)
        differences.append(pooled(a, counts) - pooled(b, counts))
    exact = np.mean(np.abs(differences) >= found - 1e-12)
    sides = [sample(each, weights=counts, power=2) for each in (first, second)]
    p = p_values(sides[:1], sides[1:], permutations=40_000)[0]
    assert p == pytest.approx(exact, abs=0.01)


def test_a_viewer_is_swapped_in_all_splits_at_once() -> None:
    # one viewer in twenty splits is one viewer, however often they were measured
    splits = [sample(np.array([0.9])) for _ in range(20)]
    others = [sample(np.array([0.1])) for _ in range(20)]
    assert p_values(splits, others, permutations=200)[0] == pytest.approx(1)


def test_splits_with_different_viewers_agree_with_all_permutations() -> None:
    who = np.arange(6), np.arange(3, 9)
    values = RNG.random((2, 2, 6))
    found, larger = None, 0
    for swapped in product([False, True], repeat=9):
        mask = np.array(swapped)
        means = [
            np.where(mask[viewers], b, a).mean() - np.where(mask[viewers], a, b).mean()
            for viewers, (a, b) in zip(who, values, strict=True)
        ]
        found = np.mean(means) if found is None else found
        larger += abs(np.mean(means)) >= abs(found) - 1e-12
    sides = [
        [sample(values[split, side], viewers=who[split]) for split in (0, 1)] for side in (0, 1)
    ]
    p = p_values(*sides, permutations=40_000)[0]
    assert p == pytest.approx(larger / 2**9, abs=0.01)


def test_equal_values_never_differ() -> None:
    same = sample(RNG.random(50))
    assert p_values([same], [same], permutations=100)[0] == 1


def test_a_certain_difference_has_the_smallest_possible_p() -> None:
    worse = sample(np.zeros(200))
    assert p_values([sample(np.ones(200))], [worse], permutations=999)[0] == 1 / 1000


def test_viewers_without_a_value_on_one_side_are_swapped_with_their_weight() -> None:
    first = np.array([0.9, np.nan, 0.8, 0.7, 0.9, 0.6])
    second = np.array([0.1, 0.3, np.nan, 0.2, 0.1, 0.2])
    found, larger = abs(np.nanmean(first) - np.nanmean(second)), 0
    for swapped in product([False, True], repeat=6):
        a, b = np.where(swapped, second, first), np.where(swapped, first, second)
        larger += abs(np.nanmean(a) - np.nanmean(b)) >= found - 1e-12
    p = p_values([sample(first)], [sample(second)], permutations=40_000)[0]
    assert p == pytest.approx(larger / 2**6, abs=0.01)


def test_without_values_there_is_no_p() -> None:
    nothing = sample(np.full(5, np.nan))
    assert np.isnan(p_values([nothing], [nothing], permutations=20)[0])


def test_the_error_rate_is_the_level() -> None:
    rng = np.random.default_rng(5)
    p = [
        p_values([sample(rng.random(25))], [sample(rng.random(25))], permutations=200, seed=seed)[0]
        for seed in range(400)
    ]
    assert 8 <= np.count_nonzero(np.array(p) <= 0.05) <= 34


def test_small_blocks_of_permutations_give_about_the_same_p() -> None:
    first, second = sample(RNG.random(40)), sample(RNG.random(40) + 0.1)
    p, whole = (p_values([first], [second], block=block) for block in (400, 2**22))
    np.testing.assert_allclose(p, whole, atol=0.02)


def test_the_same_seed_gives_the_same_p() -> None:
    sides = [sample(RNG.random(30))], [sample(RNG.random(30))]
    assert p_values(*sides, seed=3)[0] == p_values(*sides, seed=3)[0]
    assert p_values(*sides, seed=3)[0] != p_values(*sides, seed=4)[0]


class TestHolm:
    def test_by_hand(self) -> None:
        # sorted: 0.01 * 4, 0.02 * 3, 0.03 * 2, 0.04 * 1, never below the one before
        np.testing.assert_allclose(
            holm(np.array([0.04, 0.01, 0.03, 0.02])), [0.06, 0.04, 0.06, 0.06]
        )

    def test_is_never_above_one(self) -> None:
        np.testing.assert_allclose(holm(np.array([0.6, 0.9])), [1, 1])

    def test_missing_p_values_do_not_count(self) -> None:
        np.testing.assert_allclose(holm(np.array([np.nan, 0.02, 0.04])), [np.nan, 0.04, 0.04])
        assert len(holm(np.empty(0))) == 0
        assert np.isnan(holm(np.array([np.nan]))).all()

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
    def test_rejects_what_the_step_down_procedure_rejects(self, p: list[float]) -> None:
        adjusted = holm(np.array(p))
        assert (adjusted >= np.array(p)).all()
        rejected = set()
        for step, row in enumerate(np.argsort(p, kind="stable")):
            if p[row] * (len(p) - step) > 0.05:
                break
            rejected.add(int(row))
        assert set(np.flatnonzero(adjusted <= 0.05).tolist()) == rejected
