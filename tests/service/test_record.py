from __future__ import annotations

import time

import pytest

from matinee.errors import InputError, UnknownNameError
from matinee.service.record import Event, record
from matinee.service.site import Site

NOW = 1_700_000_000


def test_events_carry_the_request_they_answer(site: Site) -> None:
    before = site._store.counts().events
    record(site, [Event("e1", "ann", "rating", "105", 5.0, NOW, request_id="r1")])
    record(site, [Event("e2", "ann", "dismissal", "106", time=NOW, request_id="r2")])
    record(site, [Event("e3", "ann", "removal", "105", time=NOW, request_id="r3")])
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
        record(site, [Event("e1", "ann", "rating", "105", value, NOW)])


def test_a_time_in_the_future_is_refused(site: Site) -> None:
    with pytest.raises(InputError, match="in the future"):
        record(site, [Event("e1", "ann", "rating", "105", 3.0, int(time.time()) + 100_000)])


def test_viewers_cannot_record_imports(site: Site) -> None:
    with pytest.raises(InputError, match="import"):
        record(site, [Event("e1", "ann", "import", "105", 3.0, NOW)])
