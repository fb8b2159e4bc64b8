"""Questions on the front page, critiques on a film's page; without a browser."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from tests.web.conftest import NASTY
from tests.web.events import rating

from matinee.data import Catalog, Constraints
from matinee.service.site import Site
from matinee.web.asking import Fields, Form, address


def names(text: str) -> list[str]:
    return re.findall(r'<span class="name">([^<]+)</span>', text)


def chips(text: str) -> dict[str, str]:
    listed = re.search(r'<ul class="chips".*?</ul>', text, re.DOTALL)
    assert listed is not None
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+?) ?<', listed[0])
    return {label: html.unescape(where) for where, label in found}


def test_the_form_asks_and_shows_what_it_asked(client: httpx.Client) -> None:
    fields = {"kids": "1", "under": "95", "genre": "Comedy", "decade": "1980", "with": "actor 1"}
    page = client.get("/", params=fields)
    assert page.status_code == 200
    shown = names(page.text)
    assert shown
    assert all(name.startswith("Comedy") for name in shown)
    assert list(chips(page.text)) == [
        *("for kids", "under 95 minutes", "since 1980", "until 1989", "comedy", "with actor 1"),
        "do without all",
    ]
    for kept in ('value="1" checked', 'value="95"', "<option selected>Comedy", 'value="actor 1"'):
        assert kept in page.text
    assert '<option value="1980" selected>1980s' in page.text
    assert "matinee" not in client.cookies


def test_a_chip_takes_its_condition_away(client: httpx.Client) -> None:
    text = client.get("/", params={"query": "genre:comedy -genre:horror until:1985"}).text
    without = client.get(chips(text)["until 1985"]).text
    assert list(chips(without)) == ["comedy", "not horror", "do without all"]
    assert "Comedy 19" in names(client.get("/", params={"query": "genre:comedy since:1999"}).text)


def test_what_the_form_has_no_field_for_is_sent_along(client: httpx.Client) -> None:
    text = client.get("/", params={"query": "genre:comedy -genre:horror since:1987"}).text
    assert 'name="query" value="since:1987 -genre:horror"' in text


def test_nothing_left_offers_links_that_leave_something(client: httpx.Client) -> None:
    text = client.get("/", params={"genre": "Horror", "under": "90"}).text
    assert "No film meets all of that" in text
    offers = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>\s*<span>(\d+) films?', text)
    assert offers
    assert offers[0][1] == "11 minutes longer (under 101)"
    for where, _, films in offers:
        assert len(names(client.get(html.unescape(where)).text)) == min(int(films), 12)


def test_a_question_about_somebody_unknown_is_told_in_the_form(client: httpx.Client) -> None:
    page = client.get("/", params={"with": "Actr 3", "genre": "Comedy"})
    assert page.status_code == 422
    assert "Nobody in this catalogue is called “Actr 3”" in page.text
    meant = client.get(chips(page.text)["Actor 3"])
    assert list(chips(meant.text)) == ["comedy", "with Actor 3", "do without all"]
    assert 'value="Actr 3"' in page.text
    assert "<option selected>Comedy" in page.text


@pytest.mark.parametrize(
    "params", [{"under": "soon"}, {"decade": "1995"}, {"query": "nonsense"}, {"with": NASTY}]
)
def test_what_cannot_be_asked_is_told_as_a_page(
    client: httpx.Client, params: dict[str, str]
) -> None:
    page = client.get("/", params=params)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert NASTY not in page.text


def test_a_viewer_who_has_rated_gets_an_impression_and_others_none(
    client: httpx.Client, site: Site
) -> None:
    before = site.store.counts().events
    client.get("/", params={"genre": "Comedy"})
    assert site.store.counts().events == before
    client.post("/api/v1/events", json=rating("125", 5))
    text = client.get("/", params={"genre": "Horror"}).text
    assert site.store.counts().events == before + 2
    assert "because you rated Horror 25" in text
    assert 'name="back" value="/?genre=Horror"' in text


def test_the_question_is_also_asked_by_its_twin(client: httpx.Client) -> None:
    text = client.get("/", params={"genre": "Comedy"}).text
    assert '/api/v1/recommendations?query=genre%3AComedy"' in text


def test_a_film_can_be_criticised(client: httpx.Client) -> None:
    links = chips(client.get("/films/125").text)
    assert list(links) == [
        *("shorter", "longer", "newer", "older", "lighter", "darker"),
        *("better known", "lesser known", "for kids"),
    ]
    text = client.get(links["shorter"]).text
    assert "Like this, but shorter" in text
    assert "minutes shorter" in text
    assert chips(text)["shorter"] == "/films/125#similar"
    assert chips(text)["longer"] == "/films/125?but=longer#similar"
    assert chips(text)["older"] == "/films/125?but=shorter&but=older#similar"


def test_only_what_a_film_has_can_be_criticised(client: httpx.Client) -> None:
    links = chips(client.get("/films/x%2F1%20%3F").text)
    assert "shorter" not in links
    assert "lighter" in links
    assert client.get("/films/x%2F1%20%3F?but=shorter").status_code == 422
    assert client.get("/films/125?but=funnier").status_code == 422


def test_where_nothing_is_like_it_and_so_it_is_said(client: httpx.Client) -> None:
    text = client.get("/films/139?but=newer").text
    assert "No film is like this one and newer." in text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kids under:90 genre:comedy decade:1980s with:x",
        "since:1987 genre:horror genre:comedy with:a with:b -with:c language:English",
        "genre:unheard until:1989",
    ],
)
def test_the_form_and_what_it_sends_along_ask_the_same(
    planted_catalog: Catalog, query: str
) -> None:
    asked = Constraints.parse(query)
    form = Form.of(planted_catalog, asked)
    again = form.fields.added_to(form.rest)
    assert {term.phrase for term in again.terms} == {term.phrase for term in asked.terms}


def test_names_with_quotes_survive_the_form() -> None:
    fields = Fields(person='Nat "King" \\ Cole')
    assert fields.added_to("").people == ('Nat "King" \\ Cole',)
    assert address(Constraints()) == "/"
