from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import numpy as np
import pytest
from tests.web.conftest import LICENCE, NASTY, SECRET, Serve
from tests.web.events import rating

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.web.app import create_app

PAGES = ["/", "/films/100", "/films/x%2F1%20%3F", "/search?q=comedy", "/search?q=qqqqxxzz"]
PAGES += ["/search", "/you", "/as/planted/1", "/about", "/nope", "/?kids=1&genre=Comedy&with=x"]
PAGES += ["/?query=genre:horror%20under:90", "/films/125?but=shorter&but=older"]


class Structure(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def form_of(text: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with an address."""
    form = re.search(rf'<form[^>]+action="{re.escape(action)}".*?</form>', text, re.DOTALL)
    assert form is not None, action
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_formed_and_loads_nothing_from_elsewhere(
    client: httpx.Client, path: str
) -> None:
    page = Structure(client.get(path).text)
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("main")) == len(page.all("h1")) == len(page.all("title")) == 1
    assert page.all("a")[0]["href"] == "#content"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {each.get("for") for each in page.all("label")}
    for field in page.all("input"):
        assert field.get("type") in {"hidden", "checkbox"} or field["id"] in labelled
    assert not page.all("style")
    assert all((each.get("src") or "").startswith("/static/") for each in page.all("script"))
    for _, attributes in page.tags:  # no inline code
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("src") or "").startswith("http")


def test_a_title_that_is_an_attack_is_shown_as_text(client: httpx.Client) -> None:
    for path in ("/films/x%2F1%20%3F", "/search?q=script", f"/search?q={NASTY}", "/films/100"):
        text = client.get(path).text
        assert NASTY not in text
        assert "<script>" not in text
    assert "&lt;script&gt;" in client.get("/films/x%2F1%20%3F").text


def test_a_film_page_shows_known_facts_only(client: httpx.Client) -> None:
    known = client.get("/films/103").text
    for fact in ("Comedy 3", "1983", "1 h 23 min", "PG", "Director 0", "Actor 3", "English"):
        assert fact in known
    unknown = client.get("/films/x%2F1%20%3F").text
    for label in ("Directed by", "Language", "Country", "None", "IMDb"):
        assert label not in unknown


def test_the_front_page_invites_to_rate_and_then_recommends(client: httpx.Client) -> None:
    text = client.get("/").text
    assert "Seen any of these?" in text
    assert "For you" not in text
    action = re.findall(r'action="(/films/\d+/rating)"', text)[0]
    fields = form_of(text, action) | {"value": "5"}
    back = client.post(action, data=fields)
    assert back.status_code == 303
    assert back.headers["location"] == "/"
    text = client.get("/").text
    assert "For you" in text
    assert "Because you loved" in text


@pytest.mark.parametrize("rated", [150, 300])
def test_a_viewer_of_most_films_still_gets_a_front_page(
    tmp_path: Path, serve: Serve, rated: int
) -> None:
    catalog = Catalog.of(Film(str(n), f"Film {n}") for n in range(300))
    everything = Interactions(
        users=np.zeros(300, dtype=np.int32),
        items=np.arange(300, dtype=np.int32),
        values=np.full(300, 4, dtype=np.float32),
        times=np.zeros(300, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["1"]),
        item_ids=catalog.item_ids,
    )
    dataset = Dataset("many", everything, catalog, licence="")
    with Site.open(f"sqlite:///{tmp_path / 'matinee.db'}", tmp_path / "artefacts") as site:
        install(site, dataset, train(dataset, "popular", {}))
        with httpx.Client(base_url=serve(create_app(site, secret=SECRET))) as client:
            events = [rating(str(n), 4) for n in range(rated)]
            for first in range(0, rated, 100):
                client.post("/api/v1/events", json=events[first : first + 100])
            page = client.get("/")
    assert page.status_code == 200
    assert f"{rated} ratings" in page.text


def test_sending_a_form_twice_counts_once(client: httpx.Client) -> None:
    client.post("/films/101/rating", data={"value": "3", "event": "first000"})
    fields = form_of(client.get("/films/100").text, "/films/100/rating")
    client.post("/films/100/rating", data=fields | {"value": "2"})
    client.post("/films/100/rating", data=fields | {"value": "4"})
    client.post("/films/100/rating", data=fields | {"value": "2"})
    ratings = client.get("/api/v1/viewers/me").json()["ratings"]
    assert {each["film"]["id"]: each["value"] for each in ratings} == {"100": 4, "101": 3}


def test_a_rating_can_be_changed_and_removed(client: httpx.Client) -> None:
    for value in ("2", "5"):
        fields = form_of(client.get("/films/104").text, "/films/104/rating")
        client.post("/films/104/rating", data=fields | {"value": value})
    text = client.get("/films/104").text
    assert "You rated it <strong>5</strong>" in text
    assert "Comedy 4" in client.get("/you").text
    client.post("/films/104/removal", data=form_of(text, "/films/104/removal"))
    assert "Seen it?" in client.get("/films/104").text
    assert "rated anything yet" in client.get("/you").text


def test_a_dismissal_can_be_undone(client: httpx.Client) -> None:
    popular = re.findall(r'href="(/films/\d+)"', client.get("/").text)[0]
    fields = form_of(client.get(popular).text, f"{popular}/dismissal")
    client.post(f"{popular}/dismissal", data=fields)
    assert f'href="{popular}"' not in client.get("/").text
    text = client.get(popular).text
    assert "Marked “not for me”" in text
    client.post(f"{popular}/removal", data=form_of(text, f"{popular}/removal"))
    assert f'href="{popular}"' in client.get("/").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "javascript:x", ""])
def test_a_form_redirects_within_this_site(client: httpx.Client, back: str) -> None:
    fields = {"value": "3", "event": "event0000", "back": back}
    assert client.post("/films/100/rating", data=fields).headers["location"] == "/"


@pytest.mark.parametrize(
    "fields", [{"value": "9"}, {"value": "x"}, {}, {"value": "3", "event": "!"}]
)
def test_a_bad_form_is_refused(client: httpx.Client, fields: dict[str, str]) -> None:
    answer = client.post("/films/100/rating", data={"event": "event0000", **fields})
    assert answer.status_code == 422
    assert "Wrong ticket" in answer.text


def test_forgetting_needs_a_confirmation_and_is_complete(client: httpx.Client) -> None:
    client.post("/films/100/rating", data={"value": "3", "event": "event0000"})
    assert client.post("/you/forget").status_code == 422
    assert "Comedy 0" in client.get("/you").text
    assert client.post("/you/forget", data={"sure": "yes"}).status_code == 303
    assert "We keep nothing about you" in client.get("/you").text


def test_search_lists_matches_or_suggestions(client: httpx.Client) -> None:
    assert "Comedy 7" in client.get("/search", params={"q": "comedy 7"}).text
    nothing = client.get("/search", params={"q": "qqqqxxzz"}).text
    assert "Nothing called “qqqqxxzz”" in nothing
    assert 'class="card"' in nothing


def test_an_imported_viewer_has_a_public_page(client: httpx.Client) -> None:
    for typed in ("planted/1", "1", " 1 "):
        answer = client.get("/as", params={"viewer": typed})
        assert answer.headers["location"] == "/as/planted/1"
    text = client.get("/as/planted/1").text
    assert "Browsing as another viewer · 15 ratings in planted" in text
    assert "Because they loved Comedy" in text
    assert "/rating" not in text


def test_a_visitor_has_no_public_page(client: httpx.Client) -> None:
    client.post("/films/100/rating", data={"value": "3", "event": "event0000"})
    viewer = client.get("/api/v1/viewers/me").json()["viewer"]
    assert client.get(f"/as/{viewer}").status_code == 403


def test_the_about_page_has_the_licence_and_the_api(client: httpx.Client) -> None:
    text = client.get("/about").text
    assert LICENCE in text
    assert "DELETE /api/v1/viewers/me" in text
