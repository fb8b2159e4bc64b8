"""What every kind of database must do; a new kind is one line in `URLS`."""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.errors import ConflictError, InputError
from matinee.store import Event, FilmIds, HistoryRows, Marks, Store

URLS: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: f"sqlite:///{folder}/a.db"}


@pytest.fixture(params=URLS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with Store.open(URLS[request.param](tmp_path)) as opened:
        yield opened


def rating(id_: str, item: str, value: float, time: int, viewer: str = "ann") -> Event:
    return Event(id_, viewer, "rating", item, value, time)


def test_history_is_oldest_first_with_values_and_times(store: Store) -> None:
    assert store.append([rating("a", "2", 4.0, 20), rating("b", "1", 3.5, 10)]) == 2
    assert store.history("ann") == HistoryRows(("1", "2"), (3.5, 4.0), (10, 20))


def test_stranger_has_an_empty_history_and_no_dismissals(store: Store) -> None:
    assert len(store.history("nobody")) == 0
    assert store.marks("nobody").dismissed == ()


def test_equal_times_keep_the_order_they_were_written_in(store: Store) -> None:
    store.append([rating("a", "9", 1, 5), rating("b", "1", 2, 5), rating("c", "5", 3, 5)])
    assert store.history("ann").items == ("9", "1", "5")


def test_an_event_written_twice_counts_once(store: Store) -> None:
    first = rating("a", "1", 4.0, 10)
    assert store.append([first, first]) == 1
    assert store.append([first, rating("b", "2", 3.0, 11)]) == 1
    assert store.counts().events == 2


def test_a_known_id_with_another_time_or_numbering_is_the_same_event(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10)])
    assert store.append([replace(rating("a", "1", 4.0, 99), numbering="another")]) == 0
    assert store.history("ann").times == (10,)


@pytest.mark.parametrize(
    "change",
    [
        {"value": 1.0},
        {"item": "2"},
        {"viewer": "bob"},
        {"type": "import"},
        {"request_id": "r"},
        {"data": {"a": 1}},
    ],
)
def test_a_known_id_with_other_content_refuses_its_whole_request(
    store: Store, change: dict[str, object]
) -> None:
    first = rating("a", "1", 4.0, 10)
    store.append([first])
    other = replace(first, **change)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="event id 'a' is in the log with other content"):
        store.append([rating("b", "3", 4.0, 10), other])
    assert store.counts().events == 1
    with pytest.raises(ConflictError):
        store.append([replace(first, id="c"), replace(other, id="c")])
    assert store.counts().events == 1


def test_later_rating_replaces_and_earlier_one_does_not(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10)])
    store.append([rating("b", "1", 2.0, 20)])
    store.append([rating("c", "1", 5.0, 15)])
    assert store.history("ann") == HistoryRows(("1",), (2.0,), (20,))


def test_second_rating_in_the_same_second_replaces_the_first(store: Store) -> None:
    store.append([rating("z", "1", 4.0, 10)])
    store.append([rating("a", "1", 2.0, 10)])
    assert store.history("ann").values == (2.0,)


def test_removal_takes_a_rating_back_until_the_next_rating(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10), Event("b", "ann", "removal", "1", time=20)])
    assert len(store.history("ann")) == 0
    assert store.counts().ratings == 0
    store.append([rating("late", "1", 5.0, 15)])
    assert len(store.history("ann")) == 0
    store.append([rating("c", "1", 3.0, 30)])
    assert store.history("ann").values == (3.0,)


def test_dismissals_are_kept_beside_ratings_until_removed(store: Store) -> None:
    store.append(
        [
            Event("a", "ann", "dismissal", "1", time=10),
            Event("b", "ann", "dismissal", "2", time=11),
            Event("c", "bob", "dismissal", "3", time=12),
            rating("d", "1", 4.0, 13),
        ]
    )
    assert store.marks("ann").dismissed == ("1", "2")
    store.append([Event("e", "ann", "removal", "1", time=20)])
    assert store.marks("ann").dismissed == ("2",)


@pytest.mark.parametrize("size", [1, 99])
def test_of_a_rating_and_a_dismissal_the_later_one_counts(store: Store, size: int) -> None:
    events = [  # film 1 is dismissed last, film 2 is rated last; 3 and 4 in the same second
        *(rating("a", "1", 4.0, 10), Event("b", "ann", "dismissal", "1", time=20)),
        *(Event("c", "ann", "dismissal", "2", time=10), rating("d", "2", 3.0, 20)),
        *(rating("e", "3", 4.0, 10), Event("f", "ann", "dismissal", "3", time=10)),
        *(Event("g", "ann", "dismissal", "4", time=10), rating("h", "4", 2.0, 10)),
    ]
    for start in range(0, len(events), size):
        store.append(events[start : start + size])
    assert store.history("ann") == HistoryRows(("4", "2"), (2.0, 3.0), (10, 20))
    assert store.counts().ratings == 2
    assert dict(store.histories()) == {"ann": store.history("ann")}
    store.append([rating("late", "1", 5.0, 15)])
    assert store.history("ann").items == ("4", "2")
    store.append([Event("i", "ann", "removal", "1", time=30)])
    assert "1" not in (*store.history("ann").items, *store.marks("ann").dismissed)
    store.append([rating("j", "1", 5.0, 40)])
    assert store.history("ann").items == ("4", "2", "1")


def test_a_film_marked_as_seen_keeps_its_rating(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10), Event("b", "ann", "seen", "1", time=20)])
    assert store.history("ann").values == (4.0,)


def test_the_last_mark_of_a_film_counts(store: Store) -> None:
    kinds = ("seen", "dismissal", "seen")
    store.append([Event(f"a{n}", "ann", kind, "1", time=n) for n, kind in enumerate(kinds)])
    store.append([Event("b", "ann", "seen", "2", time=9), Event("c", "bob", "seen", "3", time=9)])
    assert store.marks("ann") == Marks(seen=("1", "2"))
    assert len(store.history("ann")) == 0
    store.append([Event("d", "ann", "dismissal", "2", time=10)])
    assert store.marks("ann") == Marks(("2",), ("1",))
    store.append([Event("e", "ann", "removal", "1", time=11)])
    assert store.marks("ann") == Marks(("2",))


def test_a_film_id_belongs_to_its_numbering(store: Store) -> None:
    store.append(
        [
            replace(rating("a", "1", 4.0, 10), numbering="old"),
            replace(rating("b", "1", 2.0, 20), numbering="new"),
            replace(rating("c", "7", 3.0, 30), numbering="old"),
        ]
    )
    assert store.history("ann").items == ("1", "1", "7")
    ids = FilmIds("new", Vocabulary.of("film", ["1", "2"]), {("old", "1"): "2"})
    assert store.history("ann", ids) == HistoryRows(
        ("2", "1"), (4.0, 2.0), (10, 20), unmapped=(("old", "7", 3.0, 30),)
    )


def test_the_last_word_counts_in_whichever_numbering(store: Store) -> None:
    ids = FilmIds("new", Vocabulary.of("film", ["2"]), {("old", "1"): "2"})
    old, new = rating("a", "1", 4.0, 10), rating("b", "2", 2.0, 20)
    store.append([replace(old, numbering="old"), replace(new, numbering="new")])
    assert store.history("ann", ids) == HistoryRows(("2",), (2.0,), (20,))
    store.append([Event("d", "ann", "dismissal", "1", time=30, numbering="old")])
    assert len(store.history("ann", ids)) == 0
    assert store.marks("ann", ids).dismissed == ("2",)
    store.append([Event("e", "ann", "removal", "2", time=40, numbering="new")])
    assert store.marks("ann", ids).dismissed == ()


def test_films_are_known_by_their_ids_elsewhere(store: Store) -> None:
    old = Catalog.of([Film("1", "A", imdb_id="tt1"), Film("2", "B"), Film("3", "C", tmdb_id="9")])
    new = Catalog.of([Film("1", "C", tmdb_id="9"), Film("5", "A", imdb_id="tt1", tmdb_id="8")])
    store.add_films("old", old)
    store.add_films("new", new)
    ids = store.film_ids("new", new)
    assert ids.others == {("old", "1"): "5", ("old", "3"): "1"}
    later = Catalog.of([Film("1", "A", tmdb_id="7")])  # an edition that knows less
    store.add_films("old", later)
    assert store.film_ids("new", new).others == ids.others


def test_ratings_of_visitors_in_other_numberings_are_counted(
    store: Store, planted: Interactions
) -> None:
    store.import_interactions(planted, source="p")
    ratings = [rating("a", "1", 4.0, 10), rating("b", "2", 4.0, 10, "bob"), rating("c", "2", 4, 9)]
    store.append([replace(each, numbering="old") for each in ratings])
    store.append([Event("d", "bob", "removal", "2", time=20, numbering="old")])
    store.append([replace(rating("e", "9", 4.0, 10), numbering="new")])
    assert sorted(store.foreign_ratings("new")) == [("old", "1", 1), ("old", "2", 1)]


def test_artefacts_that_were_live_come_last_first_and_each_once(store: Store) -> None:
    for artefact in "abcab":
        store.promote(artefact * 64, "")
    assert store.last_live(2) == ("b" * 64, "a" * 64)
    assert store.last_live(9) == ("b" * 64, "a" * 64, "c" * 64)


def test_viewers_do_not_see_each_other(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10), rating("b", "2", 5.0, 10, viewer="bob")])
    assert store.history("ann").items == ("1",)
    assert store.history("bob").items == ("2",)


def test_failing_batch_writes_nothing(store: Store, planted: Interactions) -> None:
    unprintable = replace(planted, user_ids=Vocabulary.of("viewer", [*range(59), "a\nb"]))
    with pytest.raises(InputError, match="viewer"):
        store.import_interactions(unprintable, source="bad")
    assert store.counts().events == 0
    assert store.viewers(10, "bad") == ()


def test_cursor_reads_every_event_once_in_the_order_written(store: Store) -> None:
    written = [
        Event("imp", "ann", "impression", time=5, request_id="imp", data={"items": ["1", "2"]}),
        rating("r", "1", 4.5, 3),
        Event("c", "ann", "click", "2", time=7, request_id="imp"),
    ]
    store.append(written)
    read: list[Event] = []
    cursor = 0
    while page := store.events(after=cursor, limit=2):
        assert [seq for seq, _ in page] == sorted(seq for seq, _ in page)
        cursor = page[-1][0]
        read += [event for _, event in page]
    assert read == written


def test_numbers_are_never_given_twice_also_after_forgetting(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10)])
    [(seq, _)] = store.events(after=0, limit=10)
    store.forget("ann")
    store.append([rating("b", "1", 4.0, 10)])
    assert [event.id for _, event in store.events(after=seq, limit=10)] == ["b"]


def test_forgetting_leaves_nothing_of_a_viewer_and_all_of_the_others(store: Store) -> None:
    store.append([rating("a", "1", 4.0, 10), Event("b", "ann", "dismissal", "2", time=1)])
    store.append([rating("c", "1", 4.0, 10, viewer="bob")])
    assert store.forget("ann") == 2
    assert store.forget("ann") == 0
    assert len(store.history("ann")) == 0
    assert store.marks("ann").dismissed == ()
    assert [event.viewer for _, event in store.events(after=0, limit=10)] == ["bob"]
    assert store.viewers(10) == ("bob",)


def test_import_gives_every_viewer_their_history(store: Store, planted: Interactions) -> None:
    assert store.import_interactions(planted, source="p") == len(planted)
    theirs = planted.history(4)
    rows = store.history("p/5")
    assert list(rows.items) == planted.item_ids.ids[theirs.items].tolist()
    assert list(rows.values) == theirs.values.tolist()
    assert list(rows.times) == theirs.times.tolist()
    _, first = store.events(after=0, limit=1)[0]
    assert first.type == "import"


def test_import_is_done_once_and_does_not_bring_back_the_forgotten(
    store: Store, planted: Interactions
) -> None:
    store.import_interactions(planted, source="p")
    store.forget("p/5")
    before = store.counts()
    assert store.import_interactions(planted, source="p") == 0
    assert store.counts() == before
    assert len(store.history("p/5")) == 0


def test_importing_grown_data_adds_only_what_is_new(store: Store, planted: Interactions) -> None:
    most = planted.select(np.arange(len(planted) - 7))
    store.import_interactions(most, source="p")
    assert store.import_interactions(planted, source="p") == 7
    assert store.counts().ratings == len(planted)


def test_ids_with_slashes_do_not_run_into_each_other(store: Store) -> None:
    clash = Interactions(
        users=np.array([0, 1], dtype=np.int32),
        items=np.array([0, 1], dtype=np.int32),
        values=np.array([3, 3], dtype=np.float32),
        times=np.array([9, 9], dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["a", "a/b"]),
        item_ids=Vocabulary.of("film", ["b/c", "c"]),
    )
    assert store.import_interactions(clash, source="p") == 2


def test_only_imported_viewers_are_listed_unless_asked(store: Store, planted: Interactions) -> None:
    store.append([rating("a", "1", 4.0, 10, viewer="private")])
    store.import_interactions(planted, source="p")
    assert store.viewers(3, "p") == ("p/1", "p/2", "p/3")
    assert len(store.viewers(1000, "p")) == planted.n_users
    assert store.viewers(5) == ("private",)


def test_the_last_promotion_is_live_and_going_back_is_another_one(store: Store) -> None:
    assert store.live() is None
    first = store.promote("a" * 64, "first")
    second = store.promote("b" * 64, "better")
    assert store.live() == second
    again = store.promote("a" * 64, "back")
    assert store.live() == again
    assert first.seq < second.seq < again.seq


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    for name, url in URLS.items():
        folder = tmp_path / name
        with Store.open(url(folder)) as store:
            store.append([rating("a", "1", 4.0, 10)])
        with Store.open(url(folder)) as store:
            assert store.history("ann").items == ("1",)


def _replayed(events: list[Event]) -> dict[str, dict[str, tuple[float, int]]]:
    """The plain twin: every event once, in order of time, one by one."""
    histories: dict[str, dict[str, tuple[float, int]]] = {"ann": {}, "bob": {}}
    for event in sorted({event.id: event for event in events}.values(), key=lambda e: e.time):
        history = histories[event.viewer]
        if event.type in {"rating", "import"}:
            assert event.item is not None
            assert event.value is not None
            history[event.item] = (event.value, event.time)
        elif event.type in {"removal", "dismissal"}:
            history.pop(event.item or "", None)
    return histories


@st.composite
def event_logs(draw: st.DrawFn) -> list[Event]:
    """Events of two viewers and three films, with few times and ids so that they collide."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, 30),
                st.sampled_from(["ann", "bob"]),
                st.sampled_from(["rating", "import", "removal", "dismissal", "click"]),
                st.sampled_from(["1", "2", "3"]),
                st.integers(1, 5),
                st.integers(0, 6),
            ),
            max_size=25,
        )
    )
    first: dict[int, Event] = {}
    for id_, viewer, type_, item, value, time in drawn:
        first.setdefault(id_, Event(f"e{id_}", viewer, type_, item, float(value), time))
    return [first[id_] for id_, *_ in drawn]


@settings(max_examples=20, deadline=None)
@given(events=event_logs(), cuts=st.lists(st.integers(0, 25)), repeats=st.randoms())
@pytest.mark.parametrize("kind", URLS)
def test_any_batches_with_repeats_give_the_history_of_a_replay_in_order_of_time(
    kind: str, events: list[Event], cuts: list[int], repeats: random.Random
) -> None:
    bounds = sorted({0, len(events), *(min(cut, len(events)) for cut in cuts)})
    with tempfile.TemporaryDirectory() as folder, Store.open(URLS[kind](Path(folder))) as store:
        for start, end in itertools.pairwise(bounds):
            again = repeats.sample(events[:start], repeats.randint(0, start))
            store.append([*events[start:end], *again])
        store.append(events)
        for viewer, expected in _replayed(events).items():
            rows = store.history(viewer)
            stored = zip(rows.items, zip(rows.values, rows.times, strict=True), strict=True)
            assert dict(stored) == expected
            assert list(rows.times) == sorted(rows.times)
        assert store.counts().events == len({event.id for event in events})
