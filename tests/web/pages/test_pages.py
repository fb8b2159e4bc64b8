from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest
from tests.web.conftest import LICENCE, NASTY
from tests.web.events import rating
from tests.web.pages.forms import form_of, press

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
    back = press(client, action, fields)
    assert back.status_code == 303
    assert back.headers["location"] == "/"
    text = client.get("/").text
    assert "For you" in text
    assert "Because you loved" in text


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
    client.post("/api/v1/events", json=rating("100", 3))
    viewer = client.get("/api/v1/viewers/me").json()["viewer"]
    assert client.get(f"/as/{viewer}").status_code == 403


def test_the_about_page_has_the_licence_and_the_api(client: httpx.Client) -> None:
    text = client.get("/about").text
    assert LICENCE in text
    assert "DELETE /api/v1/viewers/me" in text


def test_the_about_page_names_everything_that_is_kept(client: httpx.Client) -> None:
    text = client.get("/about").text
    for kept_fact in ("ratings", "dismissals", "recommended to you and when", "opened"):
        assert kept_fact in text
    assert 'href="/api/v1/viewers/me"' in text


@pytest.mark.parametrize(
    ("kids", "asks"), [("0", False), ("", False), ("false", False), ("1", True)]
)
def test_the_field_for_kids_can_say_no(client: httpx.Client, *, kids: str, asks: bool) -> None:
    assert ('class="chips" aria-label="Your filters"' in client.get(f"/?kids={kids}").text) is asks


def test_a_wrong_field_for_kids_is_named(client: httpx.Client) -> None:
    answer = client.get("/?kids=maybe")
    assert answer.status_code == 422
    assert "“maybe” is neither yes nor no; for kids write kids=1." in answer.text
