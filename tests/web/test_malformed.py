"""Requests that no browser sends: none is answered with a server error, none without headers."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message
from tests.web.conftest import SECRET

from matinee.service.site import Site
from matinee.web.app import create_app

EXAMPLES = 300

PATHS = ["/", "/about", "/you", "/you/forget", "/search", "/as", "/as/planted/1", "/films/100"]
PATHS += ["/films/100/rating", "/films/100/removal", "/films/%2e%2e", "/static/x", "/favicon.ico"]
PATHS += [f"/api/v1/{each}" for each in ("events", "films/100", "films/100/similar", "search")]
PATHS += ["/api/v1/recommendations", "/api/v1/viewers/me", "/api/v1/openapi.json"]
PATHS += ["/health/live", "/health/ready"]
NAMES = ["q", "n", "but", "query", "kids", "under", "genre", "decade", "with", "viewer", "page"]
NAMES += ["about", "request", "cookie", "event", "value", "back", "sure"]
VALUES = ["", "1", "-1", "1e999", "nan", "9" * 400, "true", "[", "genre:", 'with:"', "kids", "%00"]
VALUES += ["%ff", "planted/1", "age=34", "\\", "set", "yes", "shorter", "//x", "0123456789abcdef"]
HEADERS = ["host", "origin", "referer", "cookie", "sec-fetch-site", "sec-purpose", "content-type"]
HEADERS += ["content-length", "accept-encoding", "accept", "transfer-encoding", "x-forwarded-for"]
FRAGMENTS = [
    "http://[",
    "http://[::1",
    "null",
    "]",
    "matinee=",
    "matinee=a.b",
    "cross-site",
    "gzip",
]
FRAGMENTS += [
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "prefetch",
]
FRAGMENTS += [
    "application/x-www-form-urlencoded",
    "text/plain; charset=nope",
    "x" * 3000,
    "é",
    "-5",
]
JSON = ["{}", "[]", "null", "5", '{"id": 1}', "[" * 5000, '{"id": "abcdefgh", "type": "rating", ']
JSON += ['{"id":"abcdefgh","type":"rating","film":"100","value":1e999}', '"\\ud800"', "NaN", "\x00"]
JSON += [
    '{"id":"abcdefgh","type":"click","film":"\\ud800"}',
    "event=0123456789&value=3",
    "--x\r\n\r\n",
]
JSON += ['--x\r\nContent-Disposition: form-data; name="value"\r\n\r\n3\r\n--x--']

printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | printable)
requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(
            ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "X"]
        ),
        "path": st.tuples(
            st.sampled_from(PATHS),
            st.sampled_from(["", "/", "//", "%", "%2F", "/similar"]) | printable,
        ),
        "query": st.lists(pairs, max_size=4),
        "headers": st.lists(
            st.tuples(st.sampled_from(HEADERS), st.sampled_from(FRAGMENTS) | printable), max_size=4
        ),
        "body": st.sampled_from(JSON) | st.text(max_size=50),
    }
)


@pytest.fixture(scope="module")
def app(site: Site) -> FastAPI:
    return create_app(site, secret=SECRET)


async def answer_of(app: FastAPI, request: dict[str, Any]) -> list[Message]:
    path = "".join(request["path"]).partition("?")[0]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request["method"],
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": "&".join(f"{name}={value}" for name, value in request["query"]).encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in request["headers"]],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": request["body"].encode("utf-8", "replace")}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), timeout=30)
    return sent


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
def test_no_request_is_a_server_error(app: FastAPI, request: dict[str, Any]) -> None:
    with ThreadPoolExecutor(1) as pool:  # a browser in this process has a loop of its own
        start, *_ = pool.submit(asyncio.run, answer_of(app, request)).result()
    headers = dict(start["headers"])
    assert start["status"] < 500
    assert b"content-security-policy" in headers
    if "".join(request["path"]).startswith("/api/") and start["status"] >= 400:
        assert headers[b"content-type"] == b"application/problem+json"
