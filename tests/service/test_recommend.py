from __future__ import annotations

import time
from dataclasses import replace

import pytest

from matinee.data import Constraints, Dataset, Vocabulary
from matinee.errors import InputError, NotLiveError, UnknownNameError
from matinee.service.answers import MOST_FILMS
from matinee.service.promote import install, promote
from matinee.service.recommend import popular, recommend, similar, why
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.service.viewers import Visit
from matinee.store.database import writing

NOW = 1_700_000_000


def test_a_rating_changes_the_next_answer(site: Site) -> None:
    first = recommend(Visit(site, "ann"), n=5, now=NOW)
    assert first.history_size == 0
    record(site, [Event("e1", "ann", "rating", "130", 5.0, NOW)])
    answer = recommend(Visit(site, "ann"), n=5, now=NOW)
    assert answer.history_size == 1
    assert [each.film.genres for each in answer.ranking] == [("Horror",)] * 5
    assert answer.ranking.items.tolist() != first.ranking.items.tolist()


def test_an_imported_viewer_has_their_history(site: Site) -> None:
    assert recommend(Visit(site, "planted/1"), now=NOW).history_size == 15


def test_rated_and_dismissed_films_are_not_recommended(site: Site) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 5.0, NOW)])
    first = recommend(Visit(site, "ann"), n=1, now=NOW).ranking
    [film] = [each.film.id for each in first]
    record(site, [Event("e2", "ann", "dismissal", film, time=NOW)])
    answer = recommend(Visit(site, "ann"), n=40, now=NOW)
    listed = {each.film.id for each in answer.ranking}
    assert len(listed) == 38
    assert not listed & {"105", film}
    assert answer.history_size == 1


def test_a_dismissed_film_lowers_films_like_it_and_is_no_rating(
    site: Site, dataset: Dataset
) -> None:
    install(site, dataset, train(dataset, "ease"), "knows dislikes")
    before = recommend(Visit(site, "ann"), n=40, now=NOW).ranking
    comedies = [each.film.id for each in before if each.film.genres == ("Comedy",)]
    record(
        site,
        [
            Event(f"d{place}", "ann", "dismissal", film, time=NOW)
            for place, film in enumerate(comedies[:4])
        ],
    )
    answer = recommend(Visit(site, "ann"), n=6, now=NOW)
    assert answer.history_size == 0
    assert {each.film.genres for each in answer.ranking} == {("Horror",)}
    reason = str(why(Visit(site, "ann"), comedies[5], NOW))
    assert "as not for you" in reason
    record(site, [Event("r", "ann", "rating", comedies[0], 5.0, NOW)])
    assert recommend(Visit(site, "ann"), n=6, now=NOW).history_size == 1


def test_films_missing_in_the_live_catalogue_are_ignored(site: Site) -> None:
    events = [
        Event("e1", "ann", "rating", "of another catalogue", 5.0, NOW),
        Event("e2", "ann", "rating", "105", 5.0, NOW),
        Event("e3", "ann", "dismissal", "of another catalogue too", time=NOW),
    ]
    site._store.append([replace(each, numbering="planted") for each in events])
    visit = Visit(site, "ann")
    answer = recommend(visit, n=5, now=NOW)
    assert (answer.history_size, visit.unmapped, visit.dismissed) == (1, 1, ())
    assert [each.film.genres for each in answer.ranking] == [("Comedy",)] * 5


def test_an_answer_is_logged_as_one_impression(site: Site) -> None:
    before = site._store.counts().events
    answer = recommend(Visit(site, "ann"), n=3, now=NOW)
    site._store.drain()
    [(_, event)] = site._store.events(after=before, limit=10)
    assert event.type == "impression"
    assert (event.viewer, event.time, event.request_id) == ("ann", NOW, answer.request_id)
    assert event.data == {
        "items": [each.film.id for each in answer.ranking],
        "model": "ease",
        "version": site.live().recommender.version,
    }
    assert event.numbering == "planted"


def test_an_answer_does_not_wait_for_a_database_that_is_being_written(
    site: Site, statements: list[str]
) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 5.0, NOW)])
    with writing(site._store._engine):
        started = time.monotonic()
        answer = recommend(Visit(site, "ann"), n=3, now=NOW)
        assert time.monotonic() - started < 2
    site._store.drain()
    assert answer.request_id in {event.id for _, event in site._store.events(0, 10_000)}


def test_an_answer_of_long_ids_in_any_script_is_logged(empty_site: Site, dataset: Dataset) -> None:
    ids = [f"{row:03}".ljust(128, "\U0001f3ac") for row in range(len(dataset.catalog))]
    catalog = replace(dataset.catalog, item_ids=Vocabulary.of("film", ids))
    renamed = replace(dataset.interactions, item_ids=catalog.item_ids)
    strange = replace(dataset, catalog=catalog, interactions=renamed)
    install(empty_site, strange, train(strange, "popular"))
    answer = recommend(Visit(empty_site, "ann"), n=MOST_FILMS, now=NOW)
    empty_site._store.drain()
    [event] = empty_site._store.newest("ann", ["impression"], 2)
    assert event.data["items"] == [each.film.id for each in answer.ranking]


def test_every_film_meets_the_constraints(site: Site) -> None:
    constraints = Constraints(max_runtime=106, genres=("Horror",))
    ranking = recommend(Visit(site, "planted/1"), n=40, now=NOW, constraints=constraints).ranking
    assert len(ranking)
    for each in ranking:
        assert each.film.genres == ("Horror",)
        assert (each.film.runtime or 0) < 106


def test_popular_films_are_those_of_a_new_viewer_and_not_logged(site: Site) -> None:
    before = site._store.counts()
    ranking = popular(Visit(site, "nobody", known=False), 7)
    assert site._store.counts() == before
    first = recommend(Visit(site, "nobody"), n=7, now=NOW).ranking
    assert ranking.items.tolist() == first.items.tolist()


def test_similar_films_are_of_the_same_kind(site: Site) -> None:
    ranking = similar(site.live(), "130", 5)
    assert [each.film.genres for each in ranking] == [("Horror",)] * 5
    assert "130" not in [each.film.id for each in ranking]
    with pytest.raises(UnknownNameError, match="film id 'zzz'"):
        similar(site.live(), "zzz", 5)


def test_similar_films_are_the_same_for_every_live_model(site: Site, dataset: Dataset) -> None:
    before = similar(site.live(), "130", 5).items.tolist()
    promote(site, save(dataset, train(dataset, "popular"), site.artefacts))
    assert site.live().recommender.model.name == "popular"
    assert similar(site.live(), "130", 5).items.tolist() == before


@pytest.mark.parametrize("n", [0, -1, MOST_FILMS + 1])
def test_a_number_of_films_out_of_bounds_is_refused(site: Site, n: int) -> None:
    with pytest.raises(InputError, match="number of films"):
        recommend(Visit(site, "ann"), n=n, now=NOW)
    with pytest.raises(InputError, match="number of films"):
        popular(Visit(site, "nobody", known=False), n)


def test_nothing_is_recommended_before_the_first_promotion(empty_site: Site) -> None:
    with pytest.raises(NotLiveError, match="matinee demo"):
        recommend(Visit(empty_site, "ann"), now=NOW)
