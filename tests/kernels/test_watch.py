"""Simulated histories, compared with plain NumPy and with known probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.kernels.watch import watch

NICHE_BOUNDS = np.array([0, 2, 5])
SHARES = np.array([0.75, 1.0, 0.5, 0.8, 1.0])


def simulate(
    counts: list[int],
    seed: int,
    *,
    progress: float = 0.0,
    selectivity: float = 0.0,
    quality: tuple[float, ...] = (0, 0, 0, 0, 0),
) -> tuple[np.ndarray, np.ndarray]:
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    users, n = len(counts), int(bounds[-1])
    items, liking = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    watch(
        np.random.default_rng(seed),
        bounds,
        np.full(n, progress, dtype=np.float32),
        np.ones((users, 2), dtype=np.float32),
        np.full((users, 2), 2, dtype=np.float32),
        np.tile([0.4, 1.0], (users, 1)),
        np.tile([1.0, 1.0], (users, 1)),
        NICHE_BOUNDS,
        SHARES,
        np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0, 0]], dtype=np.float32),
        np.array(quality, dtype=np.float32),
        selectivity,
        items,
        liking,
    )
    return items, liking


def plain(counts: list[int], seed: int) -> list[int]:
    """The kernel in plain Python, for progress 0 and selectivity 0."""
    rng = np.random.default_rng(seed)
    items: list[int] = []
    for count in counts:
        seen: list[int] = []
        while len(seen) < count:
            rng.random()  # later tastes or not: never, at progress 0
            niche = int(np.searchsorted([0.4, 1.0], rng.random(), side="right"))
            start, end = NICHE_BOUNDS[niche], NICHE_BOUNDS[niche + 1]
            item = start + int(np.searchsorted(SHARES[start:end], rng.random(), side="right"))
            if item not in seen and rng.random() * 2 < 1:
                seen.append(item)
        items += seen
    return items


@pytest.mark.parametrize("seed", range(5))
def test_the_kernel_draws_what_plain_python_draws(seed: int) -> None:
    counts = [1, 3, 2, 4, 1, 2]
    items, _ = simulate(counts, seed)
    assert items.tolist() == plain(counts, seed)


def test_items_are_drawn_by_niche_and_popularity() -> None:
    items, _ = simulate([1] * 20_000, 1)
    frequency = np.bincount(items, minlength=5) / len(items)
    np.testing.assert_allclose(frequency, [0.3, 0.1, 0.3, 0.18, 0.12], atol=0.015)


def test_liking_is_quality_plus_taste_at_that_time() -> None:
    items, liking = simulate([5], 1, progress=0.5, quality=(0, 0, 0, 0, 1))
    # half way from a taste of 1 to one of 2 in both traits
    np.testing.assert_allclose(liking, np.array([0, 1.5, 1.5, 3, 1])[items])


def test_at_progress_one_the_later_niches_apply() -> None:
    items, _ = simulate([1] * 500, 1, progress=1.0)
    assert set(items.tolist()) == {0, 1}


def test_items_a_user_likes_are_watched_more() -> None:
    # of two films of one popularity, odds of 1 + e^-2 to 1 + e^2 by the logistic function
    items, _ = simulate([1] * 40_000, 2, selectivity=1.0, quality=(0, 0, 2, 0, 0))
    times = np.bincount(items, minlength=5)
    liked, neutral = 1 / (1 + np.exp(-3.0)), 1 / (1 + np.exp(-0.0))
    assert times[2] / times[0] == pytest.approx(liked / neutral, rel=0.05)


def test_a_user_who_watches_everything_gets_every_item_once() -> None:
    items, liking = simulate([5, 5], 3, selectivity=10.0, quality=(-9, -9, -9, -9, -9))
    assert sorted(items[:5].tolist()) == sorted(items[5:].tolist()) == [0, 1, 2, 3, 4]
    assert np.isfinite(liking).all()
