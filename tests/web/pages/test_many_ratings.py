"""Pages of viewers who rated or dismissed hundreds of films."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from tests.web.events import event, rating
from tests.web.sites import client_of, site_of

from matinee.data import Film
from matinee.service.site import Site

LONG = "A film whose title is rather long: the return of the very long title"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    films = [Film(str(n), f"{LONG} {n}", 1990, genres=(f"Genre {n % 7}",)) for n in range(400)]
    with site_of(tmp_path_factory.mktemp("many"), films) as site:
        yield site


@pytest.fixture
def client(many: Site) -> Iterator[httpx.Client]:
    with client_of(many) as client:
        yield client


def send(client: httpx.Client, events: list[dict[str, object]]) -> None:
    for first in range(0, len(events), 100):
        client.post("/api/v1/events", json=events[first : first + 100]).raise_for_status()


@pytest.mark.parametrize("kind", ["rating", "dismissal"])
def test_a_viewer_of_the_most_popular_films_is_still_invited(
    client: httpx.Client, kind: str
) -> None:
    films = [str(n) for n in range(250)]
    send(client, [rating(n, 4) if kind == "rating" else event(kind, n) for n in films])
    text = client.get("/").text
    assert "Seen any of these?" in text
    popular = text.partition('aria-labelledby="popular"')[2].partition("</section>")[0]
    assert popular.count('class="card"') == 12
    assert not set(re.findall(r'href="/films/(\d+)', text)) & set(films)


def test_a_viewer_of_all_films_gets_a_page(client: httpx.Client) -> None:
    send(client, [rating(str(n), 4) for n in range(400)])
    text = client.get("/").text
    assert "400 ratings" in text
    assert "You have rated or marked every film we know." in text


def test_many_ratings_are_shown_on_several_small_pages(client: httpx.Client) -> None:
    send(client, [rating(str(n), 4) for n in range(400)])
    listed = []
    for page in range(1, 15):
        answer = client.get(f"/you?page={page}")
        assert len(answer.content) < 150_000
        assert f"Page {page} of 14" in answer.text
        listed += re.findall(r'<h2><a href="/films/(\d+)"', answer.text)
    assert sorted(map(int, listed)) == list(range(400))
    assert 'href="/you?page=15"' not in answer.text
    assert "Page 14 of 14" in client.get("/you?page=99").text
    assert "400 films, newest first" in client.get("/you").text
    assert client.get("/you?page=0").status_code == 422


def test_a_rating_changed_on_a_later_page_returns_to_it(client: httpx.Client) -> None:
    send(client, [rating(str(n), 4) for n in range(100)])
    assert 'name="back" value="/you?page=2"' in client.get("/you?page=2").text
