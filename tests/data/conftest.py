"""A real file server on loopback, and a real folder of wheels for pip."""

from __future__ import annotations

import base64
import hashlib
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from matinee.data.fetching.download import Wheel

HALF = 1000
"""Bytes after which the server hangs up in `_drop` and `_dropalways`."""


class _Handler(BaseHTTPRequestHandler):
    """Answers with one body; the first part of the path names the behaviour."""

    protocol_version = "HTTP/1.1"
    body = b""

    def do_GET(self) -> None:
        getattr(self, f"_{self.path.split('/')[1]}")()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _whole(self) -> None:
        self._send(200, self.body)

    def _ranges(self) -> None:
        start = self._start()
        self._send(206 if start else 200, self.body[start:], self._content_range(start))

    def _drop(self) -> None:
        """Hangs up in the middle, and serves the rest on request."""
        if self._start():
            self._ranges()
        else:
            self._send(200, self.body[:HALF], {"Content-Length": str(len(self.body))})
            self.close_connection = True

    def _dropalways(self) -> None:
        start = self._start()
        headers = self._content_range(start) | {"Content-Length": str(len(self.body) - start)}
        self._send(206 if start else 200, self.body[start : start + HALF], headers)
        self.close_connection = True

    def _changed(self) -> None:
        """Serves the rest of another edition of the file."""
        if start := self._start():
            length = len(self.body) + 7
            headers = {"Content-Range": f"bytes {start}-{length - 1}/{length}"}
            self._send(206, b"x" * (length - start), headers)
        else:
            self._whole()

    def _longer(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body + b"more")
        self.close_connection = True

    def _portal(self) -> None:
        self._send(200, b"<html>please log in</html>")

    def _redirect(self) -> None:
        self._send(302, b"", {"Location": "/ranges/file.zip"})

    def _status(self) -> None:
        self._send(int(self.path.split("/")[2]), b"")

    def _start(self) -> int:
        span = self.headers.get("Range", "")
        return int(span.removeprefix("bytes=").rstrip("-")) if span else 0

    def _content_range(self, start: int) -> dict[str, str]:
        end = len(self.body) - 1
        return {"Content-Range": f"bytes {start}-{end}/{len(self.body)}"} if start else {}

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def serve() -> Iterator[Callable[[bytes], ThreadingHTTPServer]]:
    """Starts a server of one body on a free port of loopback; stopped after the test."""
    servers = []

    def start(body: bytes) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("_Serving", (_Handler,), {"body": body})
        )
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def wheelhouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str, Mapping[str, bytes]], Wheel]:
    """Puts wheels into the only place that pip looks for any."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def put(name: str, version: str, files: Mapping[str, bytes]) -> Wheel:
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        written = {
            **files,
            f"{info}/METADATA": metadata.encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        path = folder / f"{info.removesuffix('.dist-info')}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for member, content in written.items():
                wheel.writestr(member, content)
            wheel.writestr(f"{info}/RECORD", _record(written))
        content = path.read_bytes()
        return Wheel(name, version, hashlib.sha256(content).hexdigest(), len(content))

    return put


def _record(files: Mapping[str, bytes]) -> str:
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        for name, content in files.items()
    }
    return "".join(f"{name},sha256={digests[name]},{len(files[name])}\n" for name in files)
