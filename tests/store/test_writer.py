"""The one thread that writes: groups, failures of one, events nobody waits for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from matinee.errors import ConflictError, StoreError
from matinee.store import Event, Store, database, writer
from matinee.store.database import engine_for, writing


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """One entry for each commit of any database."""
    seen: list[str] = []

    def note(_: object) -> None:
        seen.append("commit")

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


def rating(id_: str, value: float = 4.0) -> Event:
    return Event(id_, "ann", "rating", id_, value, 10)


def appended(store: Store, events: list[Event]) -> int | Exception:
    try:
        return store.append(events)
    except (ConflictError, StoreError, OverflowError) as error:
        return error


def test_requests_that_wait_share_a_commit(store: Store, url: str, commits: list[str]) -> None:
    other = engine_for(url)
    with ThreadPoolExecutor(21) as pool:
        with writing(other):
            results = [pool.submit(appended, store, [rating(f"e{n}")]) for n in range(20)]
            waiting = store._writer._queue
            while len(waiting) < 19:  # one group is on its way
                time.sleep(0.001)
            commits.clear()
        assert [each.result() for each in results] == [1] * 20
    other.dispose()
    assert len(commits) <= 3
    assert len(store.history("ann")) == 20


def test_an_answer_comes_after_the_commit(store: Store, url: str) -> None:
    with Store.open(url) as other:
        for n in range(20):
            store.append([rating(f"e{n}")])
            assert other.counts().events == n + 1


def test_a_conflict_fails_its_own_request_alone(store: Store, url: str) -> None:
    store.append([rating("e0")])
    batches = [[rating("e1")], [rating("e2"), rating("e0", 1.0)], [rating("e3"), rating("e0")]]
    other = engine_for(url)
    with ThreadPoolExecutor(4) as pool:
        with writing(other):
            first = pool.submit(appended, store, [rating("e9")])
            while store._writer._queue:
                time.sleep(0.001)
            results = [pool.submit(appended, store, batch) for batch in batches]
            while len(store._writer._queue) < 3:
                time.sleep(0.001)
        outcomes = [each.result() for each in (first, *results)]
    other.dispose()
    assert [each for each in outcomes if isinstance(each, int)] == [1, 1, 1]
    assert isinstance(outcomes[2], ConflictError)
    assert set(store.history("ann").items) == {"e0", "e1", "e3", "e9"}


def test_a_request_the_database_refuses_fails_alone(store: Store, url: str) -> None:
    broken = Event("e1", "ann", "rating", "e1", 4.0, 10)
    object.__setattr__(broken, "time", 2**70)  # no column holds it
    other = engine_for(url)
    with ThreadPoolExecutor(4) as pool:
        with writing(other):
            first = pool.submit(appended, store, [rating("e9")])
            while store._writer._queue:
                time.sleep(0.001)
            results = [pool.submit(appended, store, [each]) for each in (broken, rating("e2"))]
            while len(store._writer._queue) < 2:
                time.sleep(0.001)
        outcomes = [each.result() for each in (first, *results)]
    other.dispose()
    assert [outcomes[0], outcomes[2]] == [1, 1]
    assert isinstance(outcomes[1], OverflowError)
    assert set(store.history("ann").items) == {"e2", "e9"}


def test_events_nobody_waits_for_are_written_when_the_store_closes(url: str) -> None:
    with Store.open(url) as store:
        for n in range(50):
            store.append_later(Event(f"i{n}", "ann", "impression", time=n))
    with Store.open(url) as store:
        assert store.counts().events == 50


def test_later_events_are_written_before_a_viewer_is_forgotten(store: Store) -> None:
    for n in range(20):
        store.append_later(Event(f"i{n}", "ann", "impression", time=n))
    store.forget("ann")
    assert store.counts().events == 0


def test_nobody_waits_for_a_later_event_and_a_full_queue_drops_it(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writer, "_WAITING", 10)
    other = engine_for(url)
    with writing(other):
        store.append_later(Event("first", "ann", "impression", time=1))
        while store._writer._queue:
            time.sleep(0.001)
        for n in range(30):
            store.append_later(Event(f"i{n}", "ann", "impression", time=n))
    other.dispose()
    store.drain()
    assert store.counts().events == 11
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "further ones are dropped" in caplog.text


def test_a_database_that_stays_locked_fails_requests_and_is_usable_afterwards(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 50)
    other = engine_for(url)
    with writing(other):
        with pytest.raises(StoreError, match="locked"):
            store.append([rating("e1")])
        store.append_later(Event("i1", "ann", "impression", time=1))
        store.drain()
        with pytest.raises(StoreError, match="locked"):
            store.forget("ann")
    other.dispose()
    assert "an event is lost" in caplog.text
    assert store.append([rating("e1")]) == 1


def test_a_turn_comes_soon_after_the_lock_is_free(store: Store, url: str) -> None:
    other = engine_for(url)
    entered, leave = threading.Event(), threading.Event()

    def hold() -> float:
        with writing(other):
            entered.set()
            leave.wait()
        return time.perf_counter()

    def write(id_: str) -> float:
        store.append([rating(id_)])
        return time.perf_counter()

    waits = []
    with ThreadPoolExecutor(2) as pool:
        for n in range(3):
            entered.clear()
            leave.clear()
            holding = pool.submit(hold)
            entered.wait()
            written = pool.submit(write, f"e{n}")
            time.sleep(0.35)  # SQLite's own steps are 100 ms by now, the next one ends at 428
            leave.set()
            waits.append(written.result() - holding.result())
    other.dispose()
    assert min(waits) < 0.05
