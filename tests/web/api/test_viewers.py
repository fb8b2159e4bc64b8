from __future__ import annotations

import httpx
from tests.web.events import event, rating


def test_reading_without_a_cookie_sets_none(client: httpx.Client) -> None:
    assert client.get("/api/v1/viewers/me").json() == {
        "viewer": None,
        "ratings": [],
        "dismissed": [],
    }
    assert "matinee" not in client.cookies


def test_the_history_has_current_ratings_newest_first(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 2))
    client.post("/api/v1/events", json=rating("101", 4))
    client.post("/api/v1/events", json=rating("102", 1))
    client.post("/api/v1/events", json=event("removal", "102"))
    ratings = client.get("/api/v1/viewers/me").json()["ratings"]
    assert [(each["film"]["title"], each["value"]) for each in ratings] == [
        ("Comedy 1", 4),
        ("Comedy 0", 2),
    ]


def test_being_forgotten_deletes_every_event_and_the_cookie(client: httpx.Client) -> None:
    assert client.delete("/api/v1/viewers/me").json() == {"events": 0}
    client.post("/api/v1/events", json=[rating("100", 5), event("dismissal", "101")])
    signed = client.cookies["matinee"]
    assert client.delete("/api/v1/viewers/me").json() == {"events": 2}
    assert "matinee" not in client.cookies
    client.cookies.set("matinee", signed)
    assert client.get("/api/v1/viewers/me").json()["ratings"] == []
