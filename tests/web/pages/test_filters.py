"""Filters on the front page and critiques on a film's page, without a browser."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from tests.web.conftest import NASTY
from tests.web.events import rating

from matinee.data import Catalog, Constraints
from matinee.service.site import Site
from matinee.web.filters import Fields, Form, address


def names(text: str) -> list[str]:
    return re.findall(r'<span class="name">([^<]+)</span>', text)


def chips(text: str) -> dict[str, str]:
    listed = re.search(r'<ul class="chips".*?</ul>', text, re.DOTALL)
    assert listed is not None
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+?) ?<', listed[0])
    return {label: html.unescape(where) for where, label in found}


def test_the_form_filters_and_shows_its_filters(client: httpx.Client) -> None:
    fields = {"kids": "1", "under": "95", "genre": "Comedy", "decade": "1980", "with": "actor 1"}
    page = client.get("/", params=fields)
    assert page.status_code == 200
    films = names(page.text)
    assert films
    assert all(name.startswith("Comedy") for name in films)
    assert list(chips(page.text)) == [
        *("for kids", "under 95 minutes", "since 1980", "until 1989", "comedy", "with actor 1"),
        "clear all",
    ]
    for field in ('value="1" checked', 'value="95"', "<option selected>Comedy", 'value="actor 1"'):
        assert field in page.text
    assert '<option value="1980" selected>1980s' in page.text
    assert "/api/v1/recommendations?query=kids%20under%3A95" in page.text  # the same as JSON
    assert "matinee" not in client.cookies


def test_filters_in_words_are_chips(client: httpx.Client) -> None:
    page = client.get("/", params={"query": "comedy under 95 minutes, not by Actor 2"})
    assert page.status_code == 422
    page = client.get("/", params={"query": "comedy under 95 minutes without Actor 2"})
    assert list(chips(page.text)) == ["under 95 minutes", "comedy", "without Actor 2", "clear all"]
    assert all(name.startswith("Comedy") for name in names(page.text))
    assert 'value="95"' in page.text
    assert "<option selected>Comedy" in page.text


def test_a_chip_removes_its_filter(client: httpx.Client) -> None:
    text = client.get("/", params={"query": "genre:comedy -genre:horror until:1985"}).text
    assert 'name="query" value="until:1985 -genre:horror"' in text  # filters without a field
    without = client.get(chips(text)["until 1985"]).text
    assert list(chips(without)) == ["comedy", "not horror", "clear all"]
    assert "Comedy 19" in names(client.get("/", params={"query": "genre:comedy since:1999"}).text)


def test_no_match_offers_links_that_have_matches(client: httpx.Client) -> None:
    text = client.get("/", params={"genre": "Horror", "under": "90"}).text
    assert "Nothing fits exactly" in text
    offers = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>\s*<span>(\d+) films?', text)
    assert offers
    assert offers[0][1] == "11 minutes longer (under 101)"
    for where, _, films in offers:
        assert len(names(client.get(html.unescape(where)).text)) == min(int(films), 12)


def test_an_unknown_person_is_a_message_in_the_form(client: httpx.Client) -> None:
    page = client.get("/", params={"with": "Actr 3", "genre": "Comedy"})
    assert page.status_code == 422
    assert "No film here is by or with “Actr 3”. Did you mean:" in page.text
    meant = client.get(chips(page.text)["Actor 3"])
    assert list(chips(meant.text)) == ["comedy", "with Actor 3", "clear all"]
    assert 'value="Actr 3"' in page.text
    assert "<option selected>Comedy" in page.text


@pytest.mark.parametrize(
    "params", [{"under": "soon"}, {"decade": "1995"}, {"query": "nonsense"}, {"with": NASTY}]
)
def test_a_bad_filter_is_a_page_with_a_message(
    client: httpx.Client, params: dict[str, str]
) -> None:
    page = client.get("/", params=params)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert NASTY not in page.text


def test_only_known_viewers_get_an_impression(client: httpx.Client, site: Site) -> None:
    before = site._store.counts().events
    client.get("/", params={"genre": "Comedy"})
    assert site._store.counts().events == before
    client.post("/api/v1/events", json=rating("125", 5))
    text = client.get("/", params={"genre": "Horror"}).text
    site._store.drain()
    assert site._store.counts().events == before + 2
    assert "Because you loved Horror 25" in text
    assert 'name="back" value="/?genre=Horror"' in text


def test_a_film_has_links_for_critiques(client: httpx.Client) -> None:
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
    assert "No similar film is newer." in client.get("/films/139?but=newer").text
    assert chips(text)["older"] == "/films/125?but=shorter&but=older#similar"


def test_a_critique_needs_the_fact_it_starts_from(client: httpx.Client) -> None:
    links = chips(client.get("/films/x%2F1%20%3F").text)
    assert "shorter" not in links
    assert "lighter" in links
    assert client.get("/films/x%2F1%20%3F?but=shorter").status_code == 422
    assert client.get("/films/125?but=funnier").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kids under:90 genre:comedy decade:1980s with:x",
        "since:1987 genre:horror genre:comedy with:a with:b -with:c language:English",
        "genre:unheard until:1989",
    ],
)
def test_the_form_keeps_the_constraints(planted_catalog: Catalog, query: str) -> None:
    constraints = Constraints.parse(query)
    form = Form.of(planted_catalog, constraints)
    again = form.fields.added_to(form.rest)
    assert {term.phrase for term in again.terms} == {term.phrase for term in constraints.terms}


def test_names_with_quotes_survive_the_form() -> None:
    fields = Fields(person='Nat "King" \\ Cole')
    assert fields.added_to("").people == ('Nat "King" \\ Cole',)
    assert address(Constraints()) == "/"
