"""The log as columns, against the histories that requests read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.errors import ConflictError
from matinee.store import Event, FilmIds, LogRatings, Moment, Store
from matinee.store.training import _query

FILMS = [str(row) for row in range(8)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as opened:
        yield opened


@pytest.fixture
def ids() -> FilmIds:
    return FilmIds("main", Vocabulary.of("film", FILMS), {("other", "x"): "3"})


def said(
    id_: str, viewer: str, type_: str, item: str, time: int, value: float | None = None
) -> Event:
    return Event(id_, viewer, type_, item, value, time, numbering="main")


def rows(found: LogRatings) -> dict[tuple[str, str], float]:
    """(viewer, film) -> value, without films that were taken back."""
    return {
        (found.viewers[user], FILMS[item]): float(value)
        for user, item, value in zip(found.users, found.items, found.values, strict=True)
        if not np.isnan(value)
    }


def test_the_columns_are_the_histories(store: Store, ids: FilmIds) -> None:
    rng = np.random.default_rng(5)
    types = ("rating", "rating", "dismissal", "removal", "seen")
    for number in range(400):
        type_ = types[rng.integers(5)]
        value = float(rng.integers(1, 6)) if type_ == "rating" else None
        viewer, item = f"v{rng.integers(6)}", str(rng.integers(8))
        store.append([said(str(number), viewer, type_, item, int(rng.integers(40)), value)])
    found = store.interactions(ids)
    expected = {
        (viewer, item): value
        for viewer, history in store.histories(ids)
        for item, value in zip(history.items, history.values, strict=True)
    }
    assert rows(found) == expected != {}
    assert found.cursor == 400


def test_it_is_read_as_of_a_number_or_a_time(store: Store, ids: FilmIds) -> None:
    store.append([said("a", "ann", "rating", "1", 10, 4.0), said("b", "ann", "rating", "2", 30, 2)])
    store.append([said("c", "ann", "rating", "1", 20, 5.0), said("d", "bob", "rating", "1", 5, 1)])
    assert rows(store.interactions(ids, Moment(seq=2))) == {("ann", "1"): 4.0, ("ann", "2"): 2.0}
    assert rows(store.interactions(ids, Moment(time=19))) == {("ann", "1"): 4.0, ("bob", "1"): 1.0}
    assert rows(store.interactions(ids, Moment(seq=3, time=20))) == {("ann", "1"): 5.0}
    assert store.interactions(ids, Moment(seq=3)).cursor == 3
    assert store.interactions(ids, Moment(seq=99)).cursor == 4


def test_the_last_word_counts_whatever_its_numbering(store: Store, ids: FilmIds) -> None:
    store.append([said("a", "ann", "rating", "3", 10, 4.0)])
    store.append([Event("b", "ann", "dismissal", "x", None, 20, numbering="other")])
    store.append([Event("c", "ann", "rating", "unknown", 3.0, 20, numbering="other")])
    found = store.interactions(ids)
    assert np.isnan(found.values).tolist() == [True]
    assert found.unmapped == 1


def test_ratings_of_imports_are_not_read(store: Store, ids: FilmIds) -> None:
    films = Vocabulary.of("film", FILMS)
    ratings = Interactions(
        users=np.repeat(np.arange(50, dtype=np.int32), 8),
        items=np.tile(np.arange(8, dtype=np.int32), 50),
        values=np.full(400, 4, dtype=np.float32),
        times=np.arange(400),
        user_ids=Vocabulary.of("viewer", range(50)),
        item_ids=films,
    )
    store.import_interactions(ratings, source="base", numbering="main")
    store.append([said("a", "ann", "rating", "3", 10, 4.0)])
    store.append([said("b", "base/7", "dismissal", "2", 900)])
    found = store.interactions(ids)
    assert sorted(found.viewers) == ["ann", "base/7"]
    assert found.cursor == 402
    query = _query(402, None).compile(store._engine, compile_kwargs={"literal_binds": True})
    with store._engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    assert plan[0].startswith("SCAN viewers")
    assert "events_by_viewer (viewer=? AND type=?)" in plan[1]


def test_an_empty_log_has_no_rows(store: Store, ids: FilmIds) -> None:
    found = store.interactions(ids)
    assert (len(found), found.cursor, found.viewers) == (0, 0, ())


def test_forgotten_viewers_are_recognised(store: Store, ids: FilmIds) -> None:
    assert store.forgotten_among("base", ["base/1"]) == frozenset()
    store.forget("base/1")
    assert store.forgotten_among("base", ["base/1", "base/2"]) == {"base/1"}
    assert store.forgotten_among("other", ["base/1"]) == frozenset()


def test_the_second_of_two_promoters_is_refused(store: Store) -> None:
    first = store.promote("a" * 64, "first", after=0)
    store.promote("b" * 64, "one", after=first.seq)
    with pytest.raises(ConflictError, match="another model was promoted meanwhile"):
        store.promote("c" * 64, "another", after=first.seq)
    assert [each.note for each in store.promotions()] == ["one", "first"]
    live = store.live()
    assert live is not None
    assert live.artefact == "b" * 64


def test_films_of_a_catalogue_are_mapped(store: Store) -> None:
    here = Catalog.of([Film("1", "A", imdb_id="tt1"), Film("2", "B")])
    there = Catalog.of([Film("9", "A", imdb_id="tt1")])
    store.add_films("here", here)
    store.add_films("there", there)
    store.append([Event("a", "ann", "rating", "9", 4.0, 1, numbering="there")])
    found = store.interactions(store.film_ids("here", here))
    assert found.items.tolist() == [0]
