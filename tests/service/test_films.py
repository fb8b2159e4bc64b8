from __future__ import annotations

import pytest

from matinee.errors import UnknownNameError
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.viewers import Visit, history

NOW = 1_700_000_000


def test_a_film_is_found_by_its_id(site: Site) -> None:
    found = site.live().film("125")
    assert (found.id, found.title, found.year) == ("125", "Horror 25", 2005)


def test_an_unknown_film_is_refused_by_its_id(site: Site) -> None:
    with pytest.raises(UnknownNameError, match="film id 'zzz'"):
        site.live().film("zzz")


def test_films_are_searched_by_title(site: Site) -> None:
    assert site.live().search("comedy 7", 3)[0].id == "107"
    assert len(site.live().search("horror", 4)) == 4


def test_history_is_newest_first(site: Site) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 4.0, NOW)])
    record(site, [Event("e2", "ann", "rating", "106", 3.0, NOW + 10)])
    site._store.append([Event("e3", "ann", "rating", "of another catalogue", 5.0, NOW)])
    rated = history(Visit(site, "ann"))
    assert [(each.film.id, each.value, each.time) for each in rated] == [
        ("106", 3.0, NOW + 10),
        ("105", 4.0, NOW),
    ]
