from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from matinee.data import Dataset
from matinee.service.promote import promote
from matinee.service.recommend import popular, recommend
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.service.viewers import Visit, forget, history

NOW = 1_700_000_000


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """SQL statements from here on, without those that begin transactions."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_each_fact_is_read_once(site: Site, statements: list[str]) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 4.0, NOW)])
    record(site, [Event("e2", "ann", "dismissal", "106", time=NOW)])
    site.live()
    statements.clear()
    visit = Visit(site, "ann")
    for _ in range(2):
        assert visit.ratings == {"105": 4.0}
        assert visit.dismissed == ("106",)
        recommend(visit, now=NOW, logged=False)
        popular(visit, exclude=visit.ratings)
    assert len(statements) == 3


def test_nothing_is_read_for_a_new_viewer(site: Site, statements: list[str]) -> None:
    visit = Visit(site, "nobody", known=False)
    assert len(visit.history) == len(visit.dismissed) == len(visit.ratings) == 0
    assert statements == []


def test_a_visit_keeps_its_model_while_another_is_promoted(site: Site, dataset: Dataset) -> None:
    visit = Visit(site, "planted/1")
    assert recommend(visit, now=NOW).ranking.model == "ease"
    promote(site, save(dataset, train(dataset, "popular", {}), site.artefacts))
    assert recommend(visit, now=NOW).ranking.model == "ease"
    assert popular(visit).model == "ease"
    assert recommend(Visit(site, "planted/1"), now=NOW).ranking.model == "popular"


def test_history_is_newest_first(site: Site) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 4.0, NOW)])
    record(site, [Event("e2", "ann", "rating", "106", 3.0, NOW + 10)])
    site._store.append([Event("e3", "ann", "rating", "of another catalogue", 5.0, NOW)])
    rated = history(Visit(site, "ann"))
    assert [(each.film.id, each.value, each.time) for each in rated] == [
        ("106", 3.0, NOW + 10),
        ("105", 4.0, NOW),
    ]


def test_a_forgotten_viewer_has_no_history(site: Site) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 5.0, NOW)])
    record(site, [Event("e2", "ann", "dismissal", "106", time=NOW)])
    assert forget(site, "ann") == 2
    assert history(Visit(site, "ann")) == []
    assert site._store.dismissed("ann") == ()
