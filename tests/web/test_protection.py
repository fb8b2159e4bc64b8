from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from tests.web.conftest import SECRET, Serve
from tests.web.events import rating

from matinee.service.site import Site
from matinee.web.app import create_app

FORM = {"value": "5", "event": "0123456789abcdef"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://[::1"},
        {"origin": "http://[]"},
        {"origin": "http://[x]:y"},
        {"origin": ""},
        {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
    ],
)
def test_requests_from_other_sites_are_refused(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    answers = [
        client.post("/api/v1/events", json=rating("100", 5), headers=headers),
        client.delete("/api/v1/viewers/me", headers=headers),
        client.post("/films/100/rating", data=FORM, headers=headers),
        client.post("/you/forget", data={"sure": "yes"}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert not client.cookies


def test_requests_from_this_site_are_accepted(client: httpx.Client, address: str) -> None:
    for headers in (
        {"origin": address},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {},
    ):
        answer = client.post("/api/v1/events", json=rating("100", 5), headers=headers)
        assert answer.status_code == 200, headers


def test_reading_from_another_site_is_harmless_and_allowed(client: httpx.Client) -> None:
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused(client: httpx.Client, *, chunked: bool) -> None:
    content = (b" " * 1000 for _ in range(100)) if chunked else b" " * 70_000
    answer = client.post("/api/v1/events", content=content)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "a request may have at most 64 KiB"


def test_a_small_chunked_body_is_read(client: httpx.Client) -> None:
    pieces = (b'{"id": "in-pieces",', b'"type": "click",', b'"film": "100"}')
    headers = {"content-type": "application/json"}
    answer = client.post("/api/v1/events", content=iter(pieces), headers=headers)
    assert answer.json() == {"received": 1, "written": 1}


@pytest.mark.parametrize("action", ["/films/100/rating", "/films/100/dismissal"])
def test_half_a_form_does_not_count(client: httpx.Client, address: str, action: str) -> None:
    client.post("/api/v1/events", json=rating("101", 3))
    parts = urlsplit(address)
    body = b"event=0123456789abcdef&value=4"
    head = [
        f"POST {action} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Cookie: matinee={client.cookies['matinee']}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body) + 1}",
    ]
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as raw:
        raw.sendall("\r\n".join([*head, "", ""]).encode() + body)
    time.sleep(0.2)
    mine = client.get("/api/v1/viewers/me").json()
    assert [each["film"]["id"] for each in mine["ratings"]] == ["101"]
    assert mine["dismissed"] == []


def test_a_malformed_content_length_is_refused(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as raw:
        raw.sendall(b"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("path", ["/", "/films/nope", "/api/v1/films/nope", "/static/nope.css"])
def test_every_answer_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_only_named_hosts_are_answered(site: Site, serve: Serve) -> None:
    address = serve(create_app(site, secret=SECRET, hosts=["Films.example", "127.0.0.1"]))
    assert httpx.get(address).status_code == 200
    named = httpx.get(address, headers={"host": "films.example:8000"})
    rebound = httpx.get(address, headers={"host": "evil.example"})
    broken = httpx.get(address, headers={"host": "[::1"})
    assert [each.status_code for each in (named, rebound, broken)] == [200, 400, 400]
    assert httpx.get(f"{address}/health/live", headers={"host": "10.0.0.7"}).status_code == 200


def test_large_answers_are_compressed_where_the_client_can_read_it(client: httpx.Client) -> None:
    plain = client.get("/", headers={"accept-encoding": "identity"})
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.num_bytes_downloaded < len(packed.content) / 4
    head = client.head("/", headers={"accept-encoding": "gzip"})
    assert head.content == b""
    assert "content-encoding" not in client.get("/health/live").headers


def test_the_server_is_not_named(client: httpx.Client) -> None:
    assert "server" not in client.get("/").headers
