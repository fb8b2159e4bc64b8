"""Requests to the TMDB API v3: spaced, repeated where that can help, bounded in size."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from urllib.request import getproxies, proxy_bypass

import httpx

from matinee.data.fetching.download import reason_of
from matinee.errors import FetchError, InputError, UnreachableError

__all__ = ["API_URL", "KEY_PAGE", "Connection"]

API_URL = "https://api.themoviedb.org/3"
KEY_PAGE = "https://www.themoviedb.org/settings/api"
"""Where a free key is made."""

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{20,4096}")
_NO_SUCH_FILM = {6, 34}
"""TMDB's own codes behind a 404: an invalid id, a resource that is not there."""
_MOST_BYTES = 8 * 2**20
_PAUSES = (1.0, 2.0, 4.0)
"""Seconds before the second, third and fourth attempt."""
_LONGEST_PAUSE = 120.0
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_KEPT = "what has come is kept, so run it again later"


@dataclass(frozen=True)
class _Reply:
    status: int
    body: bytes
    retry_after: str


class Connection:
    """The TMDB API, one request at a time.

    Its key is never part of an error, a log line or `requests`.

    Args:
        key: a read access token, sent as a header, or a v3 key of 32 hexadecimal digits, which
            TMDB takes as a query parameter alone.
        url: address of the API, for a proxy.
        per_second: requests at most; TMDB's documented ceiling is about 40.
        now: seconds since 1970.
        sleep: waits for some seconds.

    Attributes:
        requests: how many were sent, repeated ones included.

    Raises:
        InputError: what is given cannot be a key or an address.
    """

    def __init__(
        self,
        key: str,
        url: str = API_URL,
        *,
        per_second: float = 20.0,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        self._url = _address(url)
        self._spacing = 1.0 / per_second
        self._next = 0.0
        self._now = now
        self._sleep = sleep
        transport = _Keyed(_transport(self._url), _checked(key.strip()))
        self._client = httpx.Client(transport=transport, timeout=_TIMEOUT)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, str]) -> bytes | None:
        """The JSON text that TMDB answers with; `None` where it says that there is no such film.

        Raises:
            InputError: the key is refused.
            FetchError: the answer is too large, or of a status that repeating does not help.
            UnreachableError: no answer, or that it is too busy or broken, four times.
        """
        reason = ""
        for pause in (*_PAUSES, None):
            wait = pause
            try:
                reply = self._sent(path, query)
            except httpx.HTTPError as error:
                reason = reason_of(error)
            else:
                if reply.status != HTTPStatus.TOO_MANY_REQUESTS and reply.status < 500:
                    return self._body(path, reply)
                reason = f"it answers {_named(reply.status)}"
                wait = pause and max(pause, self._asked_to_wait(reply))
            if wait is not None:
                self._sleep(wait)
        raise UnreachableError(f"TMDB at {self._url.host} cannot be used: {reason}; {_KEPT}")

    def _sent(self, path: str, query: Mapping[str, str]) -> _Reply:
        # No longer than the spacing, also where the machine's clock was set back.
        wait = min(self._next - self._now(), self._spacing)
        if wait > 0:
            self._sleep(wait)
        self._next = self._now() + self._spacing
        self.requests += 1
        url = self._url.copy_with(path=self._url.path + path)
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        with self._client.stream("GET", url, params=query, headers=headers) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise FetchError(
                        f"TMDB's answer to {path} is larger than {_MOST_BYTES:,} bytes; if "
                        "MATINEE_TMDB_URL names a proxy, it is the wrong one"
                    )
            return _Reply(
                response.status_code, bytes(body), response.headers.get("Retry-After", "")
            )

    def _body(self, path: str, reply: _Reply) -> bytes | None:
        if reply.status == HTTPStatus.OK:
            return reply.body
        if reply.status == HTTPStatus.NOT_FOUND and _status_code(reply.body) in _NO_SUCH_FILM:
            return None
        if reply.status == HTTPStatus.UNAUTHORIZED:
            raise InputError(
                "TMDB does not accept the key in MATINEE_TMDB_KEY; copy it anew from your "
                f"account settings, {KEY_PAGE}"
            )
        raise FetchError(
            f"TMDB at {self._url.host} answers {_named(reply.status)} to {path}; is "
            f"MATINEE_TMDB_URL right? TMDB's own is {API_URL}"
        )

    def _asked_to_wait(self, reply: _Reply) -> float:
        """Seconds that the server wants us to wait, 0 where it does not say."""
        text = reply.retry_after.strip()
        try:
            wait = float(text) if text.isdecimal() else self._until(text)
        except ValueError:
            return 0.0
        if wait > _LONGEST_PAUSE:
            raise UnreachableError(f"TMDB asks to be left alone for {wait:,.0f} seconds; {_KEPT}")
        return wait

    def _until(self, date: str) -> float:
        return parsedate_to_datetime(date).timestamp() - self._now()


class _Keyed(httpx.BaseTransport):
    """Adds the key below the client, whose errors and log lines show the address of a request."""

    def __init__(self, inner: httpx.BaseTransport, key: str) -> None:
        self._inner = inner
        self._key = key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url, headers = request.url, request.headers.copy()
        if _V3_KEY.fullmatch(self._key):
            url = url.copy_merge_params({"api_key": self._key})
        else:
            headers["Authorization"] = f"Bearer {self._key}"
        keyed = httpx.Request(
            request.method,
            url,
            headers=headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(keyed)

    def close(self) -> None:
        self._inner.close()


def _checked(key: str) -> str:
    if not (_V3_KEY.fullmatch(key) or _TOKEN.fullmatch(key)):
        raise InputError(
            "MATINEE_TMDB_KEY is neither a read access token nor a key of 32 hexadecimal digits; "
            f"copy it anew from your account settings, {KEY_PAGE}"
        )
    return key


def _address(url: str) -> httpx.URL:
    """The address without a slash at its end; a wrong one is not shown: it may hold a password."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in {"http", "https"} or not address.host or address.userinfo:
        raise InputError(f"MATINEE_TMDB_URL is no plain address such as {API_URL}")
    return address.copy_with(path=address.path.rstrip("/"), query=None, fragment=None)


def _transport(url: httpx.URL) -> httpx.HTTPTransport:
    """Through the proxy that this machine is set up for, as httpx does with its own transport."""
    proxies = {} if proxy_bypass(url.host) else getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    try:
        return httpx.HTTPTransport(
            proxy=f"http://{proxy}" if proxy and "://" not in proxy else proxy
        )
    except (ImportError, OSError, ValueError) as error:
        raise UnreachableError(
            f"the proxy or SSL_CERT_FILE set on this machine cannot be used ({error})"
        ) from None


def _status_code(body: bytes) -> object:
    """TMDB's own code in the body of an error."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return parsed.get("status_code") if isinstance(parsed, dict) else None


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
