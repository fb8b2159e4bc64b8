"""Draws films, times and ratings of generated viewers, one block of viewers at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.audience.config import AudienceConfig
from matinee.experiments.audience.world import World
from matinee.kernels.watch import watch

__all__ = ["BLOCK", "Block", "activity", "blocks"]

BLOCK = 4096
"""Number of viewers that share a random generator. A change would change all audiences."""

_GAP_SECONDS = 25.0
_MILDNESS = 2.95
_WHOLE_STARS_ONLY = 0.45


@dataclass(frozen=True, eq=False)
class Block:
    """Ratings of consecutive viewers, by viewer, then by time; `n` entries a column.

    Attributes:
        users: `int32[n]`, numbers of viewers from 0.
        items: `int32[n]`, rows of the catalogue.
        values: `float32[n]`, stars.
        times: `int64[n]`, Unix seconds.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    values: NDArray[np.float32]
    times: NDArray[np.int64]


def activity(config: AudienceConfig, rng: np.random.Generator) -> NDArray[np.int64]:
    """Number of ratings of each viewer, `int64[users]`: log-normal, with an exact sum."""
    fewest, most, total = config.fewest_each, config.items, config.interactions
    eagerness = np.exp(config.activity * rng.normal(size=config.users))
    # the largest common factor that keeps the sum within the total
    low, high = 0.0, float(most) / eagerness.min()
    for _ in range(60):
        factor = (low + high) / 2
        wished = _bounded(factor * eagerness, fewest, most)
        low, high = (low, factor) if np.floor(wished).sum() > total else (factor, high)
    wished = _bounded(low * eagerness, fewest, most)
    counts = np.floor(wished).astype(np.int64)
    while (missing := total - int(counts.sum())) > 0:
        room = np.flatnonzero(counts < most)
        nearest = room[np.argsort(counts[room] - wished[room], kind="stable")]
        counts[nearest[:missing]] += 1
    return counts


def _bounded(wish: NDArray[np.float64], fewest: int, most: int) -> NDArray[np.float64]:
    """Wishes within bounds; half of the smallest number is added for everybody."""
    return np.clip(0.5 * fewest + wish, fewest, most)


def blocks(
    config: AudienceConfig, world: World, counts: NDArray[np.int64], seeds: np.random.SeedSequence
) -> Iterator[Block]:
    """The ratings of all viewers in blocks, each with its own random generator."""
    starts = range(0, config.users, BLOCK)
    for start, seed in zip(starts, seeds.spawn(len(starts)), strict=True):
        yield _block(config, world, start, counts[start : start + BLOCK], seed)


def _block(
    config: AudienceConfig,
    world: World,
    first: int,
    counts: NDArray[np.int64],
    seed: np.random.SeedSequence,
) -> Block:
    rng = np.random.default_rng(seed)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    users = np.repeat(np.arange(len(counts)), counts)
    times, since_joining = _sessions(config, users, bounds, rng)
    shape = (len(counts), world.traits.shape[1])
    tastes = rng.standard_normal(shape, dtype=np.float32)
    fresh = rng.standard_normal(shape, dtype=np.float32)
    later = np.float32(np.sqrt(1 - config.drift**2)) * tastes + np.float32(config.drift) * fresh
    positions = np.empty(len(users), dtype=np.int32)
    liking = np.empty(len(users), dtype=np.float32)
    watch(
        rng,
        bounds,
        since_joining,
        tastes,
        later,
        _niches(config, world, tastes),
        _niches(config, world, later),
        world.niche_bounds,
        world.shares,
        world.traits,
        world.quality,
        config.selectivity,
        positions,
        liking,
    )
    return Block(
        users=(first + users).astype(np.int32),
        items=world.rows[positions],
        values=_stars(config, users, liking, len(counts), rng),
        times=world.opens + times,
    )


def _niches(
    config: AudienceConfig, world: World, tastes: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Cumulated probability of each niche by viewer: `float64[n_viewers, n_niches]`."""
    leaning = (config.nearness * (tastes @ world.niche_traits.T)).astype(np.float64)
    weights = np.exp(leaning - leaning.max(axis=1, keepdims=True)) * world.masses
    cumulated: NDArray[np.float64] = np.cumsum(weights, axis=1)
    cumulated /= cumulated[:, -1:]
    return cumulated


def _sessions(
    config: AudienceConfig,
    users: NDArray[np.int64],
    bounds: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Seconds since the start of the period, and the share of the period since the first rating.

    Many viewers stay for an evening and few for the whole period, as on the real site. Ratings come
    in sessions, seconds apart.
    """
    period = config.days * 86_400
    n_viewers = len(bounds) - 1
    stays = rng.random(n_viewers) ** (1 / config.stay - 1)
    joined = (1 - stays) * rng.random(n_viewers)
    starts_session = rng.random(len(users)) < 1 / config.session
    starts_session[bounds[:-1]] = True
    session = np.cumsum(starts_session) - 1
    whose = users[starts_session]
    places = rng.random(len(whose))  # of the sessions within the stay
    places[np.searchsorted(whose, np.arange(n_viewers))] = 0.0
    places = places[np.lexsort((places, whose))]
    elapsed = np.cumsum(_GAP_SECONDS * rng.standard_exponential(len(users)))
    elapsed -= elapsed[starts_session][session]
    seconds = ((joined[whose] + stays[whose] * places) * period)[session] + elapsed
    seconds = np.minimum(seconds.astype(np.int64), int(period) - 1)
    # a session that overlaps the next one: time stands still, it never goes back
    base = users * int(period)
    seconds = np.maximum.accumulate(base + seconds) - base
    since = (seconds - seconds[bounds[:-1]][users]) / period
    return seconds, since.astype(np.float32)


def _stars(
    config: AudienceConfig,
    users: NDArray[np.int64],
    liking: NDArray[np.float32],
    n_viewers: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Ratings on the scale, `float32[n]`: liking, the viewer's mildness and noise."""
    mildness = (_MILDNESS + 0.33 * rng.standard_normal(n_viewers)).astype(np.float32)
    values = mildness[users] + np.float32(config.taste) * liking
    values += np.float32(config.noise) * rng.standard_normal(len(users), dtype=np.float32)
    # some viewers never use the half stars of the scale
    by_halves = (rng.random(n_viewers) >= _WHOLE_STARS_ONLY) & config.half_stars
    step = np.where(by_halves, np.float32(2), np.float32(1))[users]
    lowest, highest = config.scale
    return np.clip(np.rint(values * step) / step, lowest, highest)
