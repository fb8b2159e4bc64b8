from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Dataset
from matinee.errors import InputError, UnknownNameError
from matinee.service.promote import install
from matinee.service.record import Event, record
from matinee.service.rows import Front, Row, front, row
from matinee.service.site import Site
from matinee.service.train import train
from matinee.service.viewers import Visit

NOW = 1_700_000_000


def rate(site: Site, *films: str, value: float = 5.0) -> None:
    record(
        site,
        [
            Event(f"{film}-{value}", "ann", "rating", film, value, NOW + n)
            for n, film in enumerate(films)
        ],
    )


def ids(shown: Row) -> list[str]:
    return [line.film.id for line in shown.answer.ranking]


def front_of(site: Site, *, known: bool = True) -> Front:
    return front(Visit(site, "ann", known=known), n=4, first=8, now=NOW)


def test_a_stranger_sees_what_is_watched_and_the_genres(site: Site) -> None:
    shown = front_of(site, known=False)
    assert [each.key for each in shown.rows] == ["popular", "genre:Comedy", "genre:Horror"]
    assert not shown.personal
    assert all(line.film.genres == ("Horror",) for line in shown.rows[2].answer.ranking)
    assert {film.genres for film in shown.to_rate} == {("Comedy",), ("Horror",)}


def test_a_viewer_sees_rows_of_their_own(site: Site) -> None:
    rate(site, "103", "104", "105")
    shown = front_of(site)
    assert [each.key for each in shown.rows][:2] == ["for-you", "because:105"]
    assert shown.rows[1].title == "Because you loved Comedy 5 (1985)"
    assert shown.personal
    because = shown.rows[1].answer.ranking
    assert all(reason.kind == "similar" for reason in because.reasons)


def test_no_film_is_twice_on_the_page_or_known_already(site: Site) -> None:
    rate(site, "103", "125")
    record(site, [Event("s", "ann", "seen", "101", time=NOW)])
    record(site, [Event("d", "ann", "dismissal", "102", time=NOW)])
    shown = front_of(site)
    films = [film for each in shown.rows for film in ids(each)]
    films += [film.id for film in shown.to_rate]
    assert len(films) == len(set(films)) > 20
    assert not {"103", "125", "101", "102"} & set(films)


def test_the_latest_of_the_loved_films_has_the_row(site: Site) -> None:
    rate(site, "120", value=5)
    rate(site, "101", "102", value=4)
    rate(site, "110", value=2)
    assert front_of(site).rows[1].key == "because:120"
    record(site, [Event("r", "ann", "removal", "120", time=NOW + 9)])
    shown = front_of(site).rows[1]
    assert (shown.key, shown.title) == ("because:102", "Because you liked Comedy 2 (1982)")


def test_each_row_is_an_impression_of_its_own(site: Site) -> None:
    rate(site, "103")
    shown = front_of(site)
    site._store.drain()
    events = site._store.newest("ann", ["impression"], 20)
    assert {each.request_id: each.data["row"] for each in events} == {
        each.answer.request_id: each.key for each in shown.rows
    }
    by_row = {each.data["row"]: each.data["items"] for each in events}
    assert by_row["for-you"] == ids(shown.rows[0])


def test_nothing_is_logged_for_others(site: Site) -> None:
    front(Visit(site, "ann", known=False), now=NOW, logged=False)
    row(Visit(site, "ann", known=False), "popular", now=NOW, logged=False)
    site._store.drain()
    assert site._store.newest("ann", ["impression"], 20) == []


def test_a_row_goes_on_page_by_page(site: Site) -> None:
    rate(site, "103")
    visit = Visit(site, "ann")
    whole = row(visit, "for-you", n=100, now=NOW)
    pages = [row(visit, "for-you", n=15, page=page, now=NOW) for page in (1, 2, 3, 4)]
    assert [film for page in pages for film in ids(page)] == ids(whole)
    assert {page.films for page in pages} == {len(ids(whole))}
    assert ids(row(visit, "for-you", n=15, page=99, now=NOW)) == []


def test_every_row_of_the_page_can_be_seen_whole(site: Site) -> None:
    rate(site, "103")
    for known in (True, False):
        for each in front_of(site, known=known).rows:
            whole = row(Visit(site, "ann", known=known), each.key, n=100, now=NOW)
            assert whole.title == each.title
            assert whole.films == each.films == len(ids(whole))
            assert set(ids(each)) <= set(ids(whole))


def test_films_like_one_that_is_not_rated(site: Site) -> None:
    assert row(Visit(site, "ann"), "because:103", now=NOW).title == "Similar to Comedy 3 (1983)"


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("", "row ''"),
        ("for you", "row 'for you'"),
        ("because:", "row 'because:'"),
        ("because:nothing", "film id 'nothing'"),
        ("genre:", "row 'genre:'"),
        ("genre:Polka", "genre 'Polka'"),
        ("popular:1", "row 'popular:1'"),
    ],
)
def test_an_unknown_row_is_named(site: Site, key: str, named: str) -> None:
    with pytest.raises(UnknownNameError, match=f"unknown {re.escape(named)}"):
        row(Visit(site, "ann"), key, now=NOW)


@pytest.mark.parametrize(("n", "page"), [(0, 1), (201, 1), (5, 0)])
def test_numbers_out_of_bounds_are_refused(site: Site, n: int, page: int) -> None:
    with pytest.raises(InputError):
        row(Visit(site, "ann"), "popular", n=n, page=page, now=NOW)


def test_a_model_saved_without_the_number_of_ratings_says_so(
    empty_site: Site, dataset: Dataset
) -> None:
    old = replace(train(dataset, "ease", min_rating=3.5), ratings=None)
    install(empty_site, dataset, old)
    rate(empty_site, "103")
    assert "lesser-known" not in [each.key for each in front_of(empty_site).rows]
    assert [each.key for each in front_of(empty_site, known=False).rows] == ["popular"]
    with pytest.raises(InputError, match="train and promote it again"):
        row(Visit(empty_site, "ann"), "lesser-known", now=NOW)


def test_a_model_of_what_is_popular_has_no_rows_of_ones_own(
    empty_site: Site, dataset: Dataset
) -> None:
    install(empty_site, dataset, train(dataset, "popular"))
    rate(empty_site, "103")
    shown = front_of(empty_site)
    assert shown.rows[0].key == "popular"
    assert not shown.personal


def test_facts_are_what_the_data_say(site: Site, dataset: Dataset, tmp_path: Path) -> None:
    from matinee.service.film_facts import film_facts

    item = dataset.catalog.item_ids.row("103")
    latest = dataset.interactions.latest()
    values = latest.values[latest.items == item]
    facts = film_facts(site.live(), "103")
    assert facts.ratings == len(values)
    assert facts.mean == pytest.approx(float(np.mean(values)), abs=0.005)
    assert facts.overview_from == "planted"
