"""Imports: short transactions, whole viewers, interruptions, forgotten viewers."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, select

from matinee.data import Interactions
from matinee.store import Event, Store, imports, log
from matinee.store.database import reading
from matinee.store.schema import events, forgotten
from matinee.store.schema import imports as table


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as opened:
        yield opened


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of about twenty rows, without pauses."""
    monkeypatch.setattr(imports, "_FIRST", 20)
    monkeypatch.setattr(imports, "_FEWEST", 20)
    monkeypatch.setattr(imports, "_MOST", 20)
    monkeypatch.setattr(imports, "_PAUSE", 0.0)


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    """Imports stop as by Ctrl-C after three chunks, once."""
    pauses = iter(range(4))

    def pause(_: float) -> None:
        if next(pauses, None) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", pause)


def ratings_by_viewer(store: Store, planted: Interactions) -> list[int]:
    return [len(store.history(f"p/{each}")) for each in planted.user_ids.ids.tolist()]


def test_an_interrupted_import_continues(
    store: Store, planted: Interactions, interrupted: None
) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.import_interactions(planted, source="p")
    before = store.counts().events
    assert 0 < before < len(planted)
    with reading(store._engine) as connection:
        assert connection.execute(select(table)).all() == []
    assert store.import_interactions(planted, source="p") == len(planted) - before
    assert store.counts().ratings == len(planted)
    assert store.import_interactions(planted, source="p") == 0


def test_a_viewer_changes_in_one_step(
    store: Store, planted: Interactions, interrupted: None
) -> None:
    complete = np.bincount(planted.users, minlength=planted.n_users).tolist()
    with pytest.raises(KeyboardInterrupt):
        store.import_interactions(planted, source="p")
    found = ratings_by_viewer(store, planted)
    assert any(found)
    assert all(n in {0, of} for n, of in zip(found, complete, strict=True))


def test_rows_in_any_order_are_imported_viewer_by_viewer(
    store: Store, planted: Interactions, small: None
) -> None:
    shuffled = planted.select(np.random.default_rng(0).permutation(len(planted)))
    assert store.import_interactions(shuffled, source="p") == len(planted)
    with reading(store._engine) as connection:
        viewers = connection.scalars(select(events.c.viewer).order_by(events.c.seq)).all()
    assert len(list(dict.fromkeys(viewers))) == planted.n_users
    assert sum(a != b for a, b in itertools.pairwise(viewers)) == planted.n_users - 1


def test_others_write_while_a_data_set_is_imported(
    store: Store, planted: Interactions, small: None
) -> None:
    rows = np.tile(np.arange(len(planted)), 2)
    many = replace(planted.select(rows), times=np.arange(len(rows)))
    done = threading.Event()

    def run() -> None:
        store.import_interactions(many, source="p")
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    written = 0
    while not done.is_set():
        written += store.append([Event(f"e{written}", "ann", "click", "1", time=1)])
    thread.join()
    assert written > 2
    assert store.counts().events == written + len(many)


def test_a_chunk_grows_to_its_time_and_not_beyond(
    store: Store, planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    write = log.write

    def noted(connection: Connection, rows: list[log.Values], source: str) -> int:
        sizes.append(len(rows))
        return write(connection, rows, source)

    monkeypatch.setattr(log, "write", noted)
    monkeypatch.setattr(imports, "_FIRST", 50)
    monkeypatch.setattr(imports, "_SECONDS", 10.0)
    store.import_interactions(planted, source="p")
    assert sizes[0] < sizes[1]
    monkeypatch.setattr(imports, "_SECONDS", 0.0)
    del sizes[:]
    store.import_interactions(replace(planted, times=planted.times + 1), source="p")
    assert max(sizes[1:]) <= 2 * imports._FEWEST


def test_a_viewer_forgotten_during_an_import_does_not_return_with_its_rest(
    store: Store, planted: Interactions, interrupted: None
) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.import_interactions(planted, source="p")
    last = f"p/{planted.user_ids.ids[planted.users[-1]]}"
    store.forget(last)
    store.import_interactions(planted, source="p")
    assert len(store.history(last)) == 0
    assert store.source_of(last) == ""
    assert store.counts().viewers == planted.n_users - 1


def test_the_list_of_the_forgotten_names_nobody(store: Store, planted: Interactions) -> None:
    store.import_interactions(planted, source="p")
    for viewer in ("p/5", "p/6", "p/5", "visitor"):
        store.forget(viewer)
    with reading(store._engine) as connection:
        rows = connection.execute(select(forgotten)).all()
    assert {row.source for row in rows} == {"p"}
    assert len({row.hash for row in rows}) == len(rows) == 2
    assert len({row.salt for row in rows}) == 1
    store.import_interactions(replace(planted, times=planted.times + 1), source="other")
    assert len(store.history("other/5")) == len(planted.history(4))
