from __future__ import annotations

import time

import pytest

from matinee.errors import InputError, UnknownNameError
from matinee.service.record import dismiss, rate, record, unrate
from matinee.service.site import Site
from matinee.service.viewers import forget, history
from matinee.service.visit import Visit
from matinee.store import Event

NOW = 1_700_000_000


def test_the_same_event_counts_once(site: Site) -> None:
    assert rate(site, "ann", "105", 5.0, event_id="e1", now=NOW) == 1
    assert rate(site, "ann", "105", 5.0, event_id="e1", now=NOW) == 0
    assert [(each.film.id, each.value) for each in history(Visit(site, "ann"))] == [("105", 5.0)]


def test_a_rating_can_be_taken_back(site: Site) -> None:
    rate(site, "ann", "105", 5.0, event_id="e1", now=NOW)
    assert unrate(site, "ann", "105", event_id="e2", now=NOW) == 1
    assert history(Visit(site, "ann")) == []


def test_a_dismissal_can_be_taken_back(site: Site) -> None:
    dismiss(site, "ann", "105", event_id="e1", now=NOW)
    assert site._store.dismissed("ann") == ("105",)
    unrate(site, "ann", "105", event_id="e2", now=NOW)
    assert site._store.dismissed("ann") == ()


def test_events_carry_the_request_they_answer(site: Site) -> None:
    before = site._store.counts().events
    rate(site, "ann", "105", 5.0, event_id="e1", now=NOW, request_id="r1")
    dismiss(site, "ann", "106", event_id="e2", now=NOW, request_id="r2")
    unrate(site, "ann", "105", event_id="e3", now=NOW, request_id="r3")
    events = site._store.events(after=before, limit=10)
    assert [event.request_id for _, event in events] == ["r1", "r2", "r3"]


def test_an_unknown_film_refuses_the_whole_batch(site: Site) -> None:
    before = site._store.counts()
    batch = [
        Event("e1", "ann", "rating", "105", 5.0, NOW),
        Event("e2", "ann", "click", "zzz", time=NOW),
    ]
    with pytest.raises(UnknownNameError, match="film id 'zzz'"):
        record(site, batch)
    assert site._store.counts() == before


@pytest.mark.parametrize("value", [0.5, 5.5, -1.0])
def test_a_rating_outside_the_scale_is_refused(site: Site, value: float) -> None:
    with pytest.raises(InputError, match="between 1 and 5"):
        rate(site, "ann", "105", value, event_id="e1", now=NOW)


def test_a_time_in_the_future_is_refused(site: Site) -> None:
    with pytest.raises(InputError, match="in the future"):
        rate(site, "ann", "105", 3.0, event_id="e1", now=int(time.time()) + 100_000)


def test_viewers_cannot_record_imports(site: Site) -> None:
    with pytest.raises(InputError, match="import"):
        record(site, [Event("e1", "ann", "import", "105", 3.0, NOW)])


def test_a_forgotten_viewer_has_no_history(site: Site) -> None:
    rate(site, "ann", "105", 5.0, event_id="e1", now=NOW)
    dismiss(site, "ann", "106", event_id="e2", now=NOW)
    assert forget(site, "ann") == 2
    assert history(Visit(site, "ann")) == []
    assert site._store.dismissed("ann") == ()
