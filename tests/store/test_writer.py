"""The one thread that writes: groups, failures of one, events nobody waits for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """The writer is at work until the block ends."""
    entered, leave = threading.Event(), threading.Event()

    def work(_: object) -> None:
        entered.set()
        leave.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(store._writer.run, work)
        entered.wait()
        try:
            yield
        finally:
            leave.set()


def all_wait(store: Store, n: int) -> None:
    """Returns when `n` requests wait for the writer."""
    deadline = time.monotonic() + 10
    while len(store._writer._queue) < n:
        if time.monotonic() > deadline:
            pytest.fail(f"{len(store._writer._queue)} requests wait instead of {n}")
        time.sleep(0.001)


def outcomes(store: Store, batches: list[list[Event]]) -> list[int | type[Exception]]:
    """What requests that come together are told: a number, or the class of an error."""
    with ThreadPoolExecutor(len(batches)) as pool:
        with busy(store):
            results = [pool.submit(appended, store, batch) for batch in batches]
            all_wait(store, len(batches))
        found = [each.result() for each in results]
    return [each if isinstance(each, int) else type(each) for each in found]


def test_requests_that_wait_share_a_commit(store: Store, commits: list[str]) -> None:
    with ThreadPoolExecutor(20) as pool:
        with busy(store):
            results = [pool.submit(appended, store, [rating(f"e{n}")]) for n in range(20)]
            all_wait(store, 20)
            commits.clear()
        assert [each.result() for each in results] == [1] * 20
    assert len(commits) == 2  # of the work before, and of all twenty
    assert len(store.history("ann")) == 20


def test_an_answer_comes_after_the_commit(store: Store, url: str) -> None:
    with Store.open(url) as other:
        for n in range(20):
            store.append([rating(f"e{n}")])
            assert other.counts().events == n + 1


def test_a_conflict_fails_its_own_request_alone(store: Store) -> None:
    store.append([rating("e0")])
    batches = [[rating("e1")], [rating("e2"), rating("e0", 1.0)], [rating("e3"), rating("e0")]]
    assert outcomes(store, batches) == [1, ConflictError, 1]
    assert set(store.history("ann").items) == {"e0", "e1", "e3"}


def test_one_id_in_two_requests_counts_for_the_first(store: Store) -> None:
    batches = [[rating("e1")], [rating("e1")], [rating("e1", 2.0)]]
    found = outcomes(store, batches)
    assert found.count(1) == 1
    assert store.counts().events == 1


def test_a_request_the_database_refuses_fails_alone(store: Store) -> None:
    broken = rating("e1")
    object.__setattr__(broken, "time", 2**70)  # no column holds it
    batches = [[rating("e0")], [broken], [rating("e2")]]
    assert outcomes(store, batches) == [1, OverflowError, 1]
    assert set(store.history("ann").items) == {"e0", "e2"}


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
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writer, "_WAITING", 10)
    with busy(store):
        for n in range(30):
            store.append_later(Event(f"i{n}", "ann", "impression", time=n))
    store.drain()
    assert store.counts().events == 10
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "further ones are dropped" in caplog.text
    store.append_later(Event("later", "ann", "impression", time=1))
    store.drain()
    assert store.counts().events == 11


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
