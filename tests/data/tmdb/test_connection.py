"""Requests to TMDB: the key, the pace, and which failures are retried."""

from __future__ import annotations

import gzip
import json
import logging
import socket
from collections.abc import Callable
from email.utils import formatdate

import pytest
from tests.data.tmdb.conftest import Clock
from tests.data.tmdb.server import KEYS, TOKEN, V3_KEY, FakeTmdb, movie

from matinee.data.tmdb import Connection
from matinee.errors import FetchError, InputError, MatineeError, UnreachableError

PATH = "/movie/7"


@pytest.fixture(autouse=True)
def film(fake: FakeTmdb) -> None:
    fake.know(movie(7, "The Lamp", 1999))


def test_a_token_is_sent_as_a_header(fake: FakeTmdb, connection: Connection) -> None:
    body = connection.get(PATH, {"append_to_response": "credits"})
    assert json.loads(body or b"")["title"] == "The Lamp"
    assert fake.requests[0].authorization == f"Bearer {TOKEN}"
    assert fake.requests[0].query == {"append_to_response": "credits"}
    assert fake.paths == ["/3/movie/7"]


def test_a_v3_key_is_sent_as_a_parameter(fake: FakeTmdb) -> None:
    with Connection(f" {V3_KEY}\n", fake.url + "/") as connection:
        assert connection.get(PATH, {"page": "1"})
    assert fake.requests[0].query == {"page": "1", "api_key": V3_KEY}
    assert fake.requests[0].authorization == ""
    assert fake.paths == ["/3/movie/7"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("status", [200, 401, 403, 404, 503])
def test_the_key_is_in_no_log_line_and_no_error(
    key: str, status: int, fake: FakeTmdb, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    message = ""
    if status != 200:
        fake.fail(status, f"your key is {key}".encode(), times=4)
    with Connection(key, fake.url, now=clock.now, sleep=clock.sleep) as connection:
        try:
            connection.get(PATH, {})
        except MatineeError as error:
            message = f"{error} {error!r} {error.__cause__} {error.__context__}"
        output = f"{connection!r} {message} {caplog.text}"
    assert (message != "") == (status != 200)
    assert "GET" in caplog.text
    assert key not in output


@pytest.mark.parametrize("key", ["", "short", "two words of a password, say", TOKEN + "\nX: y"])
def test_a_malformed_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(InputError, match="MATINEE_TMDB_KEY") as raised:
        Connection(key)
    assert not key or key not in str(raised.value)


@pytest.mark.parametrize("url", ["", "films", "ftp://example.org", "https://me:word@example.org/3"])
def test_a_malformed_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="MATINEE_TMDB_URL") as raised:
        Connection(TOKEN, url)
    assert "word" not in str(raised.value)


def test_a_refused_key_names_the_setting_and_the_page_of_keys(fake: FakeTmdb, clock: Clock) -> None:
    with (
        Connection("f" * 32, fake.url, sleep=clock.sleep) as connection,
        pytest.raises(InputError, match=r"MATINEE_TMDB_KEY.*themoviedb\.org/settings/api"),
    ):
        connection.get(PATH, {})
    assert len(fake.requests) == 1


def test_requests_are_spaced(connection: Connection, clock: Clock) -> None:
    start = clock.time
    for _ in range(41):
        connection.get(PATH, {})
    assert clock.time - start == pytest.approx(40 / 20)
    clock.time -= 1000
    connection.get(PATH, {})
    assert clock.slept[-1] == pytest.approx(1 / 20)


def test_the_pause_after_too_many_requests_is_the_one_the_server_names(
    fake: FakeTmdb, connection: Connection, clock: Clock
) -> None:
    fake.fail(429, b'{"status_code": 25}', Retry_After="9")
    fake.fail(429, Retry_After=formatdate(clock.time + 9 + 30, usegmt=True))
    fake.fail(429, Retry_After="soon")
    assert connection.get(PATH, {})
    assert clock.slept == [9.0, 30.0, 4.0]
    assert connection.requests == 4


def test_a_very_long_pause_is_an_error(
    fake: FakeTmdb, connection: Connection, clock: Clock
) -> None:
    fake.fail(429, Retry_After="3600")
    with pytest.raises(UnreachableError, match=r"3,600 seconds.*run it again"):
        connection.get(PATH, {})
    assert clock.slept == []


def test_a_server_error_is_retried_three_times(
    fake: FakeTmdb, connection: Connection, clock: Clock
) -> None:
    fake.fail(500, times=3)
    assert connection.get(PATH, {})
    fake.fail(502, times=4)
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1 cannot be used: it answers 502 Bad"):
        connection.get(PATH, {})
    assert [wait for wait in clock.slept if wait >= 1] == [1.0, 2.0, 4.0, 1.0, 2.0, 4.0]
    assert len(fake.requests) == 8


def test_a_refused_connection_is_an_error_that_names_the_reason(clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with (
        Connection(TOKEN, url, now=clock.now, sleep=clock.sleep) as connection,
        pytest.raises(UnreachableError, match="the connection was refused"),
    ):
        connection.get(PATH, {})
    assert len(clock.slept) == 3


def test_a_broken_connection_is_retried_and_an_unknown_film_none(
    fake: FakeTmdb, connection: Connection
) -> None:
    assert connection.get("/movie/8", {}) is None
    fake.fail(200, b"{}", Content_Length="9", Connection="close")
    assert json.loads(connection.get(PATH, {}) or b"")["id"] == 7


@pytest.mark.parametrize("status", [301, 400, 403, 404, 418, 499])
def test_another_status_is_an_error_at_once(
    status: int, fake: FakeTmdb, connection: Connection
) -> None:
    # A 404 without TMDB's own code says that the address is wrong, not that there is no film.
    fake.fail(status, b"<html>Not here</html>", Location="http://127.0.0.1:1/")
    with pytest.raises(FetchError, match=rf"answers {status}.*MATINEE_TMDB_URL"):
        connection.get(PATH, {})
    assert len(fake.requests) == 1


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_very_large_answer_is_refused(
    packed: Callable[[bytes], bytes], fake: FakeTmdb, connection: Connection
) -> None:
    coding = "gzip" if packed is gzip.compress else "identity"
    fake.fail(200, packed(b" " * (8 * 2**20 + 1)), Content_Encoding=coding)
    with pytest.raises(FetchError, match=r"/movie/7 is larger than 8,388,608 bytes"):
        connection.get(PATH, {})


def test_the_proxy_of_the_machine_is_used(fake: FakeTmdb, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("http_proxy", fake.url.removeprefix("http://").removesuffix("/3"))
    with Connection(TOKEN, "http://tmdb.example/3") as connection:
        assert connection.get(PATH, {})
    monkeypatch.setenv("http_proxy", "carrier-pigeon://loft")
    with pytest.raises(UnreachableError, match="the proxy or SSL_CERT_FILE"):
        Connection(TOKEN, "http://tmdb.example/3")
