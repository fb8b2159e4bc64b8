from __future__ import annotations

import httpx
import pytest
from tests.web.events import event, rating

ROWS = "/api/v1/rows"


def films(row: dict[str, object]) -> list[str]:
    return [line["film"]["id"] for line in row["ranking"]["recommendations"]]  # type: ignore[index]


def test_rows_have_a_meaning_and_no_film_twice(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("125", 5))
    rows = client.get(ROWS, params={"n": 3}).json()["rows"]
    assert rows[0]["title"] == "For you"
    assert rows[1]["title"] == "Because you loved Horror 25 (2005)"
    listed = [film for row in rows for film in films(row)]
    assert len(listed) == len(set(listed)) == 3 * len(rows)
    ids = [row["ranking"]["request_id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert rows[0]["ranking"]["history_size"] == 1


def test_more_leads_through_the_whole_row(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("125", 5))
    row = client.get(ROWS).json()["rows"][0]
    shown, address, listed = films(row), row["more"], []
    while address:
        page = client.get(address).json()
        assert page["key"] == row["key"]
        listed += films(page)
        address = page["more"]
    assert listed[: len(shown)] == shown
    assert len(listed) == len(set(listed)) == row["films"]


def test_a_seen_film_is_in_no_row_and_comes_back(client: httpx.Client) -> None:
    first = films(client.get(f"{ROWS}/popular").json())[0]
    client.post("/api/v1/events", json=event("seen", first)).raise_for_status()
    assert first not in films(client.get(f"{ROWS}/popular").json())
    assert client.get("/api/v1/viewers/me").json()["seen"] == [first]
    client.post("/api/v1/events", json=event("removal", first))
    assert films(client.get(f"{ROWS}/popular").json())[0] == first


def test_a_stranger_leaves_no_trace(client: httpx.Client) -> None:
    for row in client.get(ROWS).json()["rows"]:
        assert row["ranking"]["request_id"] is None
    assert "matinee" not in client.cookies


def test_the_key_of_a_row_may_need_quoting(client: httpx.Client) -> None:
    row = client.get(f"{ROWS}/because%3Ax%2F1%20%3F").json()
    assert row["key"] == "because:x/1 ?"
    assert client.get(f"{ROWS}/genre:horror?n=5").json()["films"] > 5


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nope", 404),
        ("because:nope", 404),
        ("genre:polka", 404),
        ("popular?page=0", 422),
        ("popular?n=101", 422),
        ("popular?page=x", 422),
    ],
)
def test_what_is_no_row_is_told(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(f"{ROWS}/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
