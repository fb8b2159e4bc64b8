from __future__ import annotations

from dataclasses import replace

from matinee.data import Dataset
from matinee.service.answers import viewer_query
from matinee.service.promote import promote
from matinee.service.recommend import popular, recommend
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.service.viewers import FilmEvent, FilmName, Visit, forget, history, viewer_data
from matinee.store import Marks

NOW = 1_700_000_000


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
    promote(site, save(dataset, train(dataset, "popular"), site.artefacts))
    assert recommend(visit, now=NOW).ranking.model == "ease"
    assert popular(visit).model == "ease"
    assert recommend(Visit(site, "planted/1"), now=NOW).ranking.model == "popular"


def test_a_rating_says_more_than_a_mark(site: Site) -> None:
    marks = {"105": "seen", "106": "dismissal", "107": "seen"}
    record(site, [Event(f"m{film}", "ann", mark, film, time=NOW) for film, mark in marks.items()])
    visit = Visit(site, "ann")
    assert (visit.seen, visit.dismissed) == (("105", "107"), ("106",))
    record(site, [Event(f"r{film}", "ann", "rating", film, 4.0, NOW) for film in ("105", "106")])
    visit = Visit(site, "ann")
    assert (visit.seen, visit.dismissed) == (("107",), ())
    record(site, [Event("back", "ann", "removal", "105", time=NOW + 1)])
    assert Visit(site, "ann").seen == ("107",)


def test_a_film_dismissed_after_its_rating_is_a_dislike(site: Site) -> None:
    record(site, [Event("r", "ann", "rating", "105", 5.0, NOW)])
    record(site, [Event("d", "ann", "dismissal", "105", time=NOW)])
    visit = Visit(site, "ann")
    assert (visit.ratings, visit.dismissed) == ({}, ("105",))
    query = viewer_query(visit, NOW)
    row = visit.live.recommender.catalog.item_ids.rows(["105"]).tolist()
    assert (query.items.tolist(), query.dismissed.tolist()) == ([], row)
    record(site, [Event("s", "ann", "rating", "105", 4.0, NOW)])
    visit = Visit(site, "ann")
    assert (visit.ratings, visit.dismissed) == ({"105": 4.0}, ())
    assert viewer_query(visit, NOW).items.tolist() == row


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
    record(site, [Event("e3", "ann", "seen", "107", time=NOW)])
    assert forget(site, "ann") == 3
    assert history(Visit(site, "ann")) == []
    assert site._store.marks("ann") == Marks()


def test_viewer_data_is_all_the_log_has_newest_first(site: Site) -> None:
    film, other = FilmName("105", "Comedy 5 (1985)"), FilmName("zzz", "")
    events = [
        Event("e1", "ann", "rating", "105", 4.0, NOW),
        Event("e2", "ann", "rating", "105", 2.0, NOW + 1),
        Event("e3", "ann", "removal", "105", time=NOW + 2),
        Event("e4", "ann", "dismissal", "zzz", time=NOW + 3),
        Event("e5", "ann", "click", "105", time=NOW + 4),
        Event("e6", "ann", "impression", time=NOW, data={"items": ["105", "zzz"]}),
        Event("e7", "bob", "rating", "105", 1.0, NOW),
        Event("e8", "ann", "seen", "105", time=NOW + 5),
    ]
    site._store.append([replace(each, numbering="planted") for each in events])
    data = viewer_data(Visit(site, "ann"))
    assert data.ratings == (FilmEvent(film, NOW + 1, 2.0), FilmEvent(film, NOW, 4.0))
    assert data.removals == (FilmEvent(film, NOW + 2),)
    assert data.dismissals == (FilmEvent(other, NOW + 3),)
    assert data.clicks == (FilmEvent(film, NOW + 4),)
    assert data.seen == (FilmEvent(film, NOW + 5),)
    assert [(each.time, each.films) for each in data.impressions] == [(NOW, (film, other))]
    assert data.complete


def test_viewer_data_is_bounded_and_says_so(site: Site) -> None:
    record(site, [Event(f"e{i}", "ann", "click", "105", time=NOW + i) for i in range(4)])
    data = viewer_data(Visit(site, "ann"), limit=3)
    assert [each.time for each in data.clicks] == [NOW + 3, NOW + 2, NOW + 1]
    assert not data.complete
    assert viewer_data(Visit(site, "ann"), limit=4).complete


def test_viewer_data_needs_no_live_model_and_reads_nothing_of_new_viewers(
    empty_site: Site, statements: list[str]
) -> None:
    empty_site._store.append([Event("e1", "ann", "rating", "105", 4.0, NOW)])
    data = viewer_data(Visit(empty_site, "ann"))
    assert data.ratings == (FilmEvent(FilmName("105", ""), NOW, 4.0),)
    statements.clear()
    assert viewer_data(Visit(empty_site, "nobody", known=False)).complete
    assert not [each for each in statements if "events" in each]
