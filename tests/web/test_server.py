"""The server and clients who stall, over real sockets."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from matinee.web.server import BoundedProtocol, make_server

LIMIT = 0.4
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
LARGE = 50_000_000


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("head_seconds", "body_seconds", "answer_seconds"):
        monkeypatch.setattr(BoundedProtocol, name, LIMIT)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body, or with many bytes at /large."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    if scope["path"] == "/large":
        body = bytes(LARGE)
    length = str(len(body)).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
    )
    await send({"type": "http.response.body", "body": body})


@contextmanager
def running(app: ASGIApp) -> Iterator[tuple[uvicorn.Server, tuple[str, int]]]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    address = listener.getsockname()
    thread.start()
    try:
        yield server, address
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def is_closed(client: socket.socket) -> bool:
    """Waits until the server closes a connection, up to the timeout of the socket."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: 1\r\n"),
        (HEAD + b"\r\nhalf", b""),
        (HEAD.replace(b"10", b"9999") + b"\r\n", b"."),
        (
            HEAD.replace(b"Content-Length: 10", b"Transfer-Encoding: chunked") + b"\r\n",
            b"1\r\n.\r\n",
        ),
    ],
    ids=["silent", "half a head", "dripping head", "half a body", "dripping body", "chunks"],
)
def test_a_stalled_client_is_dropped(sent: bytes, drip: bytes) -> None:
    with running(echo) as (_, address), socket.create_connection(address) as client:
        client.settimeout(0.02 if drip else 10)
        client.sendall(sent)
        start = time.monotonic()
        closed = False
        while not closed and time.monotonic() < start + 10:
            try:
                if drip:
                    client.sendall(drip)
                closed = is_closed(client)
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                closed = True
        assert closed
        assert LIMIT * 0.5 < time.monotonic() - start < 5


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_a_client_who_does_not_read_is_dropped(
    connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedProtocol, "head_seconds", 100)
    with running(echo) as (server, address), socket.create_connection(address) as client:
        client.sendall(
            f"GET /large HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n".encode()
        )
        deadline = time.monotonic() + 10
        while not server.server_state.connections:
            time.sleep(0.01)
        while server.server_state.connections and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.server_state.connections


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_a_slow_reader_has_time_for_the_answer(
    connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedProtocol, "answer_seconds", 100)
    with running(echo) as (_, address), socket.create_connection(address, timeout=10) as client:
        client.sendall(
            f"GET /large HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n".encode()
        )
        time.sleep(LIMIT * 2)
        received = 0
        while received < LARGE:
            part = client.recv(1_000_000)
            assert part
            received += len(part)


def test_requests_within_the_limits_share_a_connection() -> None:
    with running(echo) as (_, address), socket.create_connection(address, timeout=10) as client:
        for _ in range(4):  # together longer than one limit
            for part in (HEAD, b"\r\n01234", b"56789"):
                client.sendall(part)
                time.sleep(LIMIT / 8)
            assert client.recv(10_000).endswith(b"0123456789")


def test_pipelined_requests_are_answered() -> None:
    with running(echo) as (_, address), socket.create_connection(address, timeout=10) as client:
        client.sendall((HEAD + b"\r\n0123456789") * 3 + HEAD)
        received = b""
        while received.count(b"0123456789") < 3:
            received += client.recv(10_000)
        assert is_closed(client)  # the fourth never comes to its end


@pytest.mark.parametrize("sent", [b"GET / HT", HEAD, HEAD + b"\r\nhalf"])
def test_half_a_request_does_not_keep_the_server_from_stopping(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("head_seconds", "body_seconds"):
        monkeypatch.setattr(BoundedProtocol, name, 100)
    with running(echo) as (server, address), socket.create_connection(address) as client:
        client.sendall(sent)
        while not server.server_state.connections:
            time.sleep(0.01)
        time.sleep(0.05)
        start = time.monotonic()
        server.should_exit = True
        client.settimeout(10)
        assert is_closed(client)
        assert time.monotonic() - start < 3


LOGGED = """
import logging
from matinee.web.server import make_server

make_server(None, "warning")
logging.getLogger("matinee.web").warning("the database is busy")
logging.getLogger("matinee.web").info("unseen")
logging.getLogger("uvicorn.error").error("a bug")
logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
logging.getLogger("python_multipart.multipart").warning("Did not find CR at end of boundary (2)")
"""


def test_the_log_has_time_level_and_place_and_clients_cannot_fill_it() -> None:
    log = subprocess.run(
        [sys.executable, "-c", LOGGED], capture_output=True, text=True, check=True
    ).stderr.splitlines()
    assert [line.split(" ", 2)[2] for line in log] == [
        "WARNING matinee.web: the database is busy",
        "ERROR uvicorn.error: a bug",
    ]
