"""Rating, dismissing and forgetting with forms, as browsers without JavaScript send them."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from tests.web.events import rating
from tests.web.pages.forms import cards, form_of, press, ratings_of

from matinee.service.site import Site
from matinee.web.pages.marks import local_address

FORM = {"value": "3", "event": "event0000"}


def test_sending_a_form_twice_counts_once(client: httpx.Client, site: Site) -> None:
    press(client, "/films/101/rating", {"value": "3", "event": "first000"})
    before = site._store.counts().events
    for _ in range(3):
        press(client, "/films/100/rating", FORM)
    assert site._store.counts().events == before + 1
    assert ratings_of(client) == {"100": 3, "101": 3}


def test_a_changed_mind_after_back_counts(client: httpx.Client) -> None:
    fields = form_of(client.get("/films/100").text, "/films/100/rating")
    for value in ("4", "5", "4", "5", "4", "3"):  # one form, shown again by "Back"
        press(client, "/films/100/rating", fields | {"value": value})
        assert ratings_of(client) == {"100": float(value)}


def test_a_rating_removed_and_given_again_by_the_same_form_counts(client: httpx.Client) -> None:
    fields = form_of(client.get("/films/100").text, "/films/100/rating") | {"value": "3"}
    press(client, "/films/100/rating", fields)
    removal = form_of(client.get("/films/100").text, "/films/100/removal")
    for _ in range(2):
        press(client, "/films/100/removal", removal)
        assert ratings_of(client) == {}
        press(client, "/films/100/rating", fields)
        assert ratings_of(client) == {"100": 3}


def test_a_dismissal_undone_and_given_again_counts(client: httpx.Client) -> None:
    fields = {"event": "dismiss00"}

    def dismissed() -> list[str]:
        return client.get("/api/v1/viewers/me").json()["dismissed"]

    for _ in range(2):
        press(client, "/films/100/dismissal", fields)
        assert dismissed() == ["100"]
        press(client, "/films/100/removal", {"event": "undo0000"})
        assert dismissed() == []


def test_a_browser_that_keeps_no_cookies_is_told_and_leaves_no_trace(
    address: str, site: Site
) -> None:
    before = site._store.counts()
    first = httpx.post(f"{address}/films/100/rating", data=FORM)
    assert first.status_code == 307
    assert first.headers["location"] == "/films/100/rating?cookie=set"
    again = httpx.post(f"{address}{first.headers['location']}", data=FORM)
    assert again.status_code == 403
    assert "Your browser did not keep our cookie" in again.text
    assert site._store.counts() == before


def test_a_rating_can_be_changed_and_removed(client: httpx.Client) -> None:
    for value in ("2", "5"):
        fields = form_of(client.get("/films/104").text, "/films/104/rating")
        press(client, "/films/104/rating", fields | {"value": value})
    text = client.get("/films/104").text
    assert "You rated it 5." in text
    assert "Comedy 4" in client.get("/you").text
    press(client, "/films/104/removal", form_of(text, "/films/104/removal"))
    assert "Seen it?" in client.get("/films/104").text
    assert "rated anything yet" in client.get("/you").text


def test_a_dismissal_can_be_undone(client: httpx.Client) -> None:
    film = cards(client.get("/").text)[0]
    popular = f"/films/{film}"
    fields = form_of(client.get(popular).text, f"{popular}/dismissal")
    press(client, f"{popular}/dismissal", fields)
    assert film not in cards(client.get("/").text)
    text = client.get(popular).text
    assert "Marked “not for me”" in text
    assert ">1 film we won" in client.get("/you").text
    you = client.get("/you").text
    press(client, f"{popular}/removal", form_of(you, f"{popular}/removal"))
    assert "Not for you" not in client.get("/you").text
    assert cards(client.get("/").text)[0] == film


def test_a_rated_film_can_be_dismissed_undone_and_rated_again(client: httpx.Client) -> None:
    film = cards(client.get("/").text)[0]
    page = f"/films/{film}"
    dismissal = form_of(client.get(page).text, f"{page}/dismissal")
    press(
        client, f"{page}/rating", form_of(client.get(page).text, f"{page}/rating") | {"value": "5"}
    )
    assert "You rated it 5." in client.get(page).text
    note = press(client, f"{page}/dismissal", dismissal | {"part": "card"}).text  # after "Back"
    assert "Not for you." in note
    assert ratings_of(client) == {}
    text = client.get(page).text
    assert "Marked “not for me”" in text
    press(client, f"{page}/removal", form_of(note, f"{page}/removal"))
    text = client.get(page).text
    assert "Marked “not for me”" not in text
    assert "You rated it" not in text
    press(client, f"{page}/rating", form_of(text, f"{page}/rating") | {"value": "3"})
    assert "You rated it 3." in client.get(page).text


def test_an_id_reused_for_another_film_is_a_conflict(client: httpx.Client) -> None:
    press(client, "/films/101/rating", FORM)
    answer = press(client, "/films/100/rating", FORM)
    assert answer.status_code == 409
    assert "This form was sent before with something else in it" in answer.text
    assert ratings_of(client) == {"101": 3}


def test_a_form_of_a_former_catalogue_does_not_rate_another_film(client: httpx.Client) -> None:
    answer = press(client, "/films/100/rating", FORM | {"films": "another data set"})
    assert answer.status_code == 404
    assert ratings_of(client) == {}


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "javascript:x", ""])
def test_a_form_redirects_within_this_site(client: httpx.Client, back: str) -> None:
    assert press(client, "/films/100/rating", FORM | {"back": back}).headers["location"] == "/"


@pytest.mark.parametrize(
    "back",
    [
        *("/\t/x//evil.com/a", "/\t/[x", "/\n/evil.example", "\t//evil.example", "/\\evil.example"),
        *("//[x", "///evil.example", "http:/x", "x", "/\x7f/evil.example", "\\\\evil.example"),
    ],
)
def test_a_place_of_a_card_leads_to_no_other_host(client: httpx.Client, back: str) -> None:
    fields = FORM | {"back": back, "at": "popular.3"}
    for action in ("seen", "removal"):
        location = press(client, f"/films/100/{action}", fields).headers["location"]
        parts = urlsplit(location)
        assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/")


@pytest.mark.parametrize(
    "back", ["/", "/?query=a%2F%2Fb", "/films/a:b", "/more/genre:Sci-Fi?page=2"]
)
def test_an_address_on_this_site_stays(back: str) -> None:
    assert local_address(back) == back


@pytest.mark.parametrize(
    "fields", [{"value": "9"}, {"value": "x"}, {"value": "nan"}, {}, {"value": "3", "event": "!"}]
)
def test_a_bad_form_is_refused(client: httpx.Client, fields: dict[str, str]) -> None:
    answer = press(client, "/films/100/rating", {"event": "event0000", **fields})
    assert answer.status_code == 422
    assert "Wrong ticket" in answer.text


def test_a_form_without_its_id_is_named_as_a_form(client: httpx.Client) -> None:
    answer = press(client, "/films/100/rating", {"value": "3"})
    assert "&#34;event&#34; is required." in answer.text


def test_forgetting_needs_a_confirmation_and_is_complete(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 3))
    assert client.post("/you/forget").status_code == 422
    assert "Comedy 0" in client.get("/you").text
    assert client.post("/you/forget", data={"sure": "yes"}).status_code == 303
    assert "We keep nothing about you" in client.get("/you").text
