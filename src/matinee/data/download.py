"""Bringing one file here: over HTTP, or out of a wheel of the package index; always by checksum."""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from matinee.data.cache import Progress
from matinee.errors import FetchError, UnreachableError

if TYPE_CHECKING:
    import httpx

__all__ = ["RemoteFile", "Wheel", "download", "download_wheel", "sha256_of"]

_ATTEMPTS = 3
_CHUNK = 1 << 16
_SECONDS_TO_CONNECT = 10.0
_SECONDS_OF_SILENCE = 30.0


@dataclass(frozen=True)
class RemoteFile:
    """A file at an HTTP(S) address, with its size in bytes."""

    url: str
    sha256: str
    size: int

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Wheel:
    """A wheel of the package index pip is set up for; `size` is its download in bytes."""

    name: str
    version: str
    sha256: str
    size: int


def download(file: RemoteFile, target: Path, progress: Progress) -> Path:
    """Fetch a file; what an earlier try left beside the target is continued.

    Raises:
        UnreachableError: no network, a bad certificate, an HTTP error, or the transfer broke off
            again and again.
        FetchError: the file is larger than announced or its checksum is wrong; nothing is left.
    """
    with _own_part(target) as part:
        continued = part.exists() and part.stat().st_size > 0
        _transfer(file, part, target.name, progress)
        if continued and sha256_of(part) != file.sha256:
            # The beginning may be of an older edition or damaged: once more, from nothing.
            part.unlink()
            _transfer(file, part, target.name, progress)
        _check(part, file.sha256, file.url)
        part.replace(target)
    return target


def download_wheel(wheel: Wheel, folder: Path, progress: Progress) -> Path:
    """Fetch a wheel into a folder with pip; nothing of it is installed or imported.

    Raises:
        UnreachableError: pip is missing or could not get it.
        FetchError: the checksum is wrong; the wheel is removed.
    """
    wanted = f"{wheel.name}=={wheel.version}"
    progress(wanted, 0, wheel.size)
    arguments = (
        *("download", "--no-deps", "--only-binary", ":all:", "--no-input", "--retries", "1"),
        *("--disable-pip-version-check", "--progress-bar", "off", "--dest", str(folder), wanted),
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
        [sys.executable, "-m", "pip", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise UnreachableError(f"pip download {wanted} failed: {_reason_of_pip(done.stderr)}")
    found = sorted(folder.glob(f"{wheel.name.replace('-', '_')}-*.whl"))
    if not found:
        raise FetchError(f"pip download {wanted} left no wheel")
    _check(found[0], wheel.sha256, f"the wheel {found[0].name}")
    progress(wanted, wheel.size, wheel.size)
    return found[0]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _transfer(file: RemoteFile, part: Path, label: str, progress: Progress) -> None:
    """Fill `part` to the whole size, taking up a broken transfer where it stopped."""
    # Slow to import, and not needed where the data is here already.
    import httpx  # noqa: PLC0415

    timeout = httpx.Timeout(_SECONDS_OF_SILENCE, connect=_SECONDS_TO_CONNECT)
    with httpx.Client(timeout=timeout, follow_redirects=True) as client:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _receive(client, file, part, label, progress)
            except httpx.HTTPError as error:
                here = part.stat().st_size if part.exists() else 0
                if attempt == _ATTEMPTS or here == 0:
                    raise _unreachable(file, error, here) from None
            else:
                return


def _receive(
    client: httpx.Client, file: RemoteFile, part: Path, label: str, progress: Progress
) -> None:
    """One request for what is missing, appended to `part`."""
    here = part.stat().st_size if part.exists() else 0
    if here >= file.size:
        part.unlink(missing_ok=True)
        here = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    with client.stream("GET", file.url, headers=headers) as response:
        response.raise_for_status()
        continues = (
            response.status_code == 206
            and response.headers.get("Content-Range") == f"bytes {here}-{file.size - 1}/{file.size}"
        )
        here = here if continues else 0
        with part.open("ab" if continues else "wb") as output:
            progress(label, here, file.size)
            for chunk in response.iter_bytes(_CHUNK):
                here += len(chunk)
                if here > file.size:
                    raise FetchError(
                        f"{file.url} is larger than the {file.size:,} bytes it should have; "
                        "it is not the file it was"
                    )
                output.write(chunk)
                progress(label, here, file.size)
    if here < file.size:
        raise _httpx_truncated(here, file.size)
