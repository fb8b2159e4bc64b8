"""Rows of the front page, whole rows, and marks that can be taken back, without JavaScript."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from tests.web.events import event, rating
from tests.web.pages.forms import cards, form_of, press

from matinee.web.pages.marks import back_to


def test_no_film_is_twice_on_the_front_page(client: httpx.Client) -> None:
    for ratings in ([], [rating("103", 5)], [rating("104", 4), rating("125", 5)]):
        if ratings:
            client.post("/api/v1/events", json=ratings)
        shown = cards(client.get("/").text)
        assert len(shown) == len(set(shown)) > 10


def test_more_of_a_row_continues_page_by_page(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("103", 5))
    text = client.get("/").text
    links = re.findall(r'href="(/more/[^"]+)"', text)
    assert "/more/for-you" in links
    for link in links:
        page = client.get(link).text
        assert cards(page)
        row = text.partition(f'href="{link}"')[2].partition("</section>")[0]
        assert set(cards(row)) <= set(cards(page)) or 'href="' + link + "?page=2" in page
    assert "No more films." in client.get("/more/for-you?page=9").text


@pytest.mark.parametrize(
    ("path", "status"), [("nope", 404), ("because:nope", 404), ("popular?page=0", 422)]
)
def test_a_row_that_is_none_has_an_error_page(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(f"/more/{path}")
    assert answer.status_code == status
    assert "Error" in answer.text


@pytest.mark.parametrize(
    ("action", "words"), [("seen", "Marked as seen."), ("dismissal", "Not for you.")]
)
@pytest.mark.parametrize("page", ["/", "/?genre=Comedy", "/more/for-you"])
def test_a_mark_comes_back_to_its_place_with_an_undo(
    client: httpx.Client, page: str, action: str, words: str
) -> None:
    client.post("/api/v1/events", json=rating("103", 5))
    text = client.get(page).text
    before = cards(text)
    film = before[2]
    answer = press(client, f"/films/{film}/{action}", form_of(text, f"/films/{film}/dismissal"))
    assert answer.status_code == 303
    where, _, anchor = answer.headers["location"].partition("#")
    assert anchor == f"note-{film}"
    after = client.get(where).text
    assert film not in cards(after)
    assert cards(after)[:2] == before[:2]
    note = after.partition(f'id="{anchor}"')
    assert cards(note[0]) == before[:2]  # it stands where the film stood
    assert words in note[2]
    undo = press(client, f"/films/{film}/removal", form_of(after, f"/films/{film}/removal"))
    where, _, anchor = undo.headers["location"].partition("#")
    assert (where, anchor) == (page, f"film-{film}")
    again = client.get(where).text
    assert cards(again) == before
    assert f'id="{anchor}"' in again


def test_with_javascript_the_answer_is_what_replaces_the_card(client: httpx.Client) -> None:
    text = client.get("/").text
    film = cards(text)[0]
    fields = form_of(text, f"/films/{film}/dismissal") | {"part": "card"}
    note = press(client, f"/films/{film}/seen", fields)
    assert note.status_code == 200
    assert note.text.count("<li") == 1
    assert "Marked as seen." in note.text
    undo = form_of(note.text, f"/films/{film}/removal") | {"part": "card"}
    assert undo["back"] == "/"
    gone = press(client, f"/films/{film}/removal", undo)
    assert (gone.status_code, gone.text) == (204, "")
    assert cards(client.get("/").text)[0] == film


def test_an_address_cannot_put_words_into_a_page(client: httpx.Client) -> None:
    for address in ("/?marked=103&at=popular.0", "/?marked=nope&at=x", "/?marked=103&at="):
        assert 'id="note-' not in client.get(address).text
    client.post("/api/v1/events", json=event("seen", "103"))
    assert 'id="note-103"' in client.get("/?marked=103&at=popular.0").text
    for at in ("popular.-1", "popular.²", "popular.99999", "nothing", ""):
        assert client.get("/", params={"marked": "103", "at": at}).status_code == 200


def test_a_seen_film_says_so_on_its_page_and_under_you(client: httpx.Client) -> None:
    text = client.get("/films/103").text
    press(client, "/films/103/seen", form_of(text, "/films/103/seen"))
    text = client.get("/films/103").text
    assert "Marked as seen." in text
    you = client.get("/you").text
    assert "Seen, not rated" in you
    press(client, "/films/103/removal", form_of(you, "/films/103/removal"))
    assert "Marked as seen" not in client.get("/films/103").text
    assert "Seen, not rated" not in client.get("/you").text


def test_a_film_page_lets_one_decide(client: httpx.Client) -> None:
    text = client.get("/films/103").text
    assert "Average 4.1 of 5 from 23 ratings" in text
    assert "Text: planted." in text
    for link in ("/?genre=Comedy", "/?with=Director%200", "/?with=Actor%203"):
        assert f'href="{link}"' in text
        assert client.get(link).status_code == 200
    assert "for you" not in text
    client.post("/api/v1/events", json=rating("105", 5))
    text = client.get("/films/103").text
    assert re.search(r"Number \d+ of [\d,]+ for you", text)
    assert 'href="/films/103/why"' in text


def test_a_card_has_a_line_of_the_plot(client: httpx.Client) -> None:
    text = html.unescape(client.get("/more/genre:Comedy").text)
    assert '<p class="plot">Friends plan a wedding party and everything goes wrong</p>' in text


def test_the_reason_of_a_card_leads_to_its_sum(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=[rating("103", 5), rating("104", 2)])
    link = re.findall(r'<p class="reason"><a href="([^"]+/why)"', client.get("/").text)[0]
    text = client.get(link).text
    api = client.get(f"/api/v1{link}").json()
    assert html.escape(api["text"]) in text or api["text"] in html.unescape(text)
    parts = re.findall(r'<td><a href="/films/(\d+)">', text)
    assert parts == [each["id"] for each in api["parts"]]


def test_the_page_says_once_what_the_kind_takes_off(client: httpx.Client) -> None:
    marks = [
        rating("125", 5),
        rating("100", 5),
        *(rating(str(film), 1) for film in range(101, 108)),
    ]
    client.post("/api/v1/events", json=marks).raise_for_status()
    for film in range(108, 118):
        answer = client.get(f"/api/v1/films/{film}/why").json()
        if answer["discount"] and -answer["discount"]["share"] > 0.2:
            break
    text = html.unescape(client.get(f"/films/{film}/why").text)
    assert f"The kind of film takes off {-answer['discount']['share']:.0%}." in text
    assert text.count(answer["discount"]["text"]) == 1
    assert "Fewer comedy films for you: you rated Comedy 1 (1981) 1, and 6 others low." in text


def test_why_for_a_stranger_says_that_nothing_is_rated(client: httpx.Client) -> None:
    assert "You have rated nothing yet" in client.get("/films/103/why").text
    assert client.get("/films/nope/why").status_code == 404


@pytest.mark.parametrize(
    ("address", "action", "at", "back"),
    [
        ("/", "seen", "popular.3", "/?marked=1%2F2&at=popular.3#note-1/2"),
        ("/?genre=A+B", "dismissal", "found.0", "/?genre=A+B&marked=1%2F2&at=found.0#note-1/2"),
        ("/?marked=9&at=popular.1", "removal", "popular.1", "/#film-1/2"),
        ("/more/a%2Fb?page=2", "removal", "a/b.0", "/more/a%2Fb?page=2#film-1/2"),
        ("/?genre=", "removal", "found.0", "/?genre=#film-1/2"),
    ],
)
def test_the_way_back(address: str, action: str, at: str, back: str) -> None:
    assert back_to(address, action, "1/2", at) == back
