"""A TMDB on loopback, and a clock that advances only by sleeping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.data.tmdb.server import TOKEN, FakeTmdb, serving

from matinee.data.tmdb import AnswerCache, Connection, Tmdb


@dataclass
class Clock:
    """Seconds since 1970; sleeping advances it."""

    time: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake() -> Iterator[FakeTmdb]:
    with serving(FakeTmdb()) as served:
        yield served


@pytest.fixture
def connection(fake: FakeTmdb, clock: Clock) -> Iterator[Connection]:
    with Connection(TOKEN, fake.url, now=clock.now, sleep=clock.sleep) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the cache."""
    return tmp_path / "tmdb"


@pytest.fixture
def tmdb(connection: Connection, folder: Path, clock: Clock) -> Tmdb:
    return Tmdb(connection, AnswerCache(folder, clock.now))
