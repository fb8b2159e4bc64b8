"""When a retrain is due, by the clock and by the share of new ratings."""

from __future__ import annotations

import pytest

from matinee.data import Dataset
from matinee.errors import OptionError
from matinee.service.promote import install
from matinee.service.record import Event, record
from matinee.service.retrain import retrain
from matinee.service.schedule import Schedule
from matinee.service.site import Site
from matinee.service.train import train

NOW = 1_700_000_000
DAY = 86_400


def schedule(text: str) -> Schedule:
    found = Schedule.of(text)
    assert found is not None
    return found


def rate(site: Site, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        event = Event(f"e{number}", f"v{number}", "rating", str(100 + number % 40), 5.0, NOW)
        record(site, [event])


def test_daily_is_a_day_after_the_last_promotion_or_attempt(site: Site) -> None:
    live = site._store.live()
    assert live is not None
    daily = schedule("daily")
    assert not daily.due(site, live.time + DAY - 1)
    assert daily.due(site, live.time + DAY)
    assert not daily.due(site, live.time + DAY + 60)  # nothing came of it
    assert daily.due(site, live.time + 2 * DAY)
    assert not schedule("weekly").due(site, live.time + 6 * DAY)
    assert schedule("weekly").due(site, live.time + 7 * DAY)


def test_a_share_counts_new_ratings_once(site: Site, dataset: Dataset) -> None:
    """One percent of 900 ratings are nine."""
    share = schedule("1%")
    assert not share.due(site, NOW)
    rate(site, 8)
    assert not share.due(site, NOW)
    record(site, [Event("c", "v1", "click", "100", time=NOW)])
    assert not share.due(site, NOW)
    rate(site, 1, start=8)
    assert share.due(site, NOW)
    assert not share.due(site, NOW)
    rate(site, 8, start=9)
    assert not share.due(site, NOW)
    rate(site, 1, start=17)
    assert share.due(site, NOW)
    assert schedule("2%").due(site, NOW)  # a new server counts from the live model
    before = site._store.live()
    assert before is not None
    retrain(site, dataset)
    assert not share.due(site, NOW)
    site._store.promote(before.artefact, "roll back")
    assert not share.due(site, NOW)  # else the rollback would be undone
    assert not schedule("1%").due(site, NOW)


def test_without_a_live_model_nothing_is_due(empty_site: Site, dataset: Dataset) -> None:
    assert not schedule("daily").due(empty_site, NOW)
    install(empty_site, dataset, train(dataset, "popular"))
    assert not schedule("100%").due(empty_site, NOW)


@pytest.mark.parametrize("text", ["hourly", "0%", "5", "1000%", "", "5 %"])
def test_another_word_is_refused(text: str) -> None:
    assert Schedule.of("never") is None
    with pytest.raises(OptionError, match="no schedule"):
        Schedule.of(text)
