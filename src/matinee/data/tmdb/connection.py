"""Requests to the TMDB API v3: spaced, bounded in size, and repeated where that can help."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.request import getproxies, proxy_bypass

import httpx

from matinee.data.fetching.download import reason_of
from matinee.errors import FetchError, InputError, UnreachableError

__all__ = ["API_URL", "KEY_PAGE", "Connection"]

API_URL = "https://api.themoviedb.org/3"
KEY_PAGE = "https://www.themoviedb.org/settings/api"
"""Where TMDB issues keys, without charge."""

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{20,4096}")
_NO_SUCH_FILM = re.compile(rb'"status_code"\s*:\s*(?:6|34)\b')
"""TMDB's own codes in the body of a 404: an invalid id, an unknown resource."""
_MAX_BYTES = 8 * 2**20
_PAUSES = (1.0, 2.0, 4.0)
"""Seconds before the second, third and fourth attempt."""
_MAX_PAUSE = 120.0
_SPACING = 1 / 20
"""Seconds between two requests; TMDB documents a ceiling of about 40 a second."""
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_WAY_OUT = "the answers so far are stored, so run it again later"


class Connection:
    """The TMDB API, one request at a time.

    The key is never part of an error or a log line.

    Args:
        key: a read access token, sent as a header, or a v3 key of 32 hexadecimal digits, which
            TMDB accepts only as a query parameter.
        url: address of the API, for a proxy.
        now: seconds since 1970.
        sleep: waits for some seconds.

    Raises:
        InputError: `key` or `url` is malformed.
        UnreachableError: the machine's proxy or certificate settings are wrong.
    """

    def __init__(
        self,
        key: str,
        url: str = API_URL,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        """Number of requests sent, with repeated ones."""
        self._url = _address(url)
        self._next = 0.0
        self._now = now
        self._sleep = sleep
        self._client = httpx.Client(transport=_transport(self._url, key), timeout=_TIMEOUT)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, str]) -> bytes | None:
        """The JSON body of TMDB's answer; `None` if there is no such film.

        Raises:
            InputError: TMDB refuses the key.
            FetchError: the answer is too large, or its status is an error that would come again.
            UnreachableError: four attempts failed, or TMDB demands a very long pause.
        """
        reason = ""
        for pause in (*_PAUSES, 0.0):
            wait = pause
            try:
                response, body = self._send(path, query)
            except httpx.HTTPError as error:
                reason = reason_of(error)
            else:
                if response.status_code != HTTPStatus.TOO_MANY_REQUESTS and (
                    not response.is_server_error
                ):
                    return self._checked(path, response, body)
                reason = f"it answers {_status(response)}"
                wait = pause and max(pause, self._retry_after(response))
            if wait:
                self._sleep(wait)
        raise UnreachableError(f"TMDB at {self._url.host} cannot be used: {reason}; {_WAY_OUT}")

    def _send(self, path: str, query: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        # Never longer than the spacing: the machine's clock may have been set back.
        wait = min(self._next - self._now(), _SPACING)
        if wait > 0:
            self._sleep(wait)
        self._next = self._now() + _SPACING
        self.requests += 1
        url = self._url.copy_with(path=self._url.path + path)
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        body = bytearray()
        with self._client.stream("GET", url, params=query, headers=headers) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise FetchError(
                        f"TMDB's answer to {path} is larger than {_MAX_BYTES:,} bytes; if "
                        "MATINEE_TMDB_URL names a proxy, it is the wrong one"
                    )
        return response, bytes(body)

    def _checked(self, path: str, response: httpx.Response, body: bytes) -> bytes | None:
        if response.status_code == HTTPStatus.OK:
            return body
        if response.status_code == HTTPStatus.NOT_FOUND and _NO_SUCH_FILM.search(body):
            return None
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise InputError(
                "TMDB does not accept the key in MATINEE_TMDB_KEY; copy it again from your "
                f"account settings, {KEY_PAGE}"
            )
        raise FetchError(
            f"TMDB at {self._url.host} answers {_status(response)} to {path}; is "
            f"MATINEE_TMDB_URL right? TMDB's own address is {API_URL}"
        )

    def _retry_after(self, response: httpx.Response) -> float:
        """Seconds until the server accepts requests again; 0 if it does not say."""
        text = response.headers.get("Retry-After", "").strip()
        try:
            if text.isdecimal():
                wait = float(text)
            else:
                wait = parsedate_to_datetime(text).timestamp() - self._now()
        except ValueError:
            return 0.0
        if wait > _MAX_PAUSE:
            raise UnreachableError(f"TMDB demands a pause of {wait:,.0f} seconds; {_WAY_OUT}")
        return wait


class _KeyedTransport(httpx.HTTPTransport):
    """Adds the key below the client, whose errors and log lines show a request's address."""

    def __init__(self, key: str, proxy: str | None) -> None:
        super().__init__(proxy=proxy)
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
        return super().handle_request(keyed)


def _transport(url: httpx.URL, key: str) -> _KeyedTransport:
    """A transport through the machine's proxy, which httpx only looks up for its own."""
    key = key.strip()
    if not (_V3_KEY.fullmatch(key) or _TOKEN.fullmatch(key)):
        raise InputError(
            "MATINEE_TMDB_KEY is neither a read access token nor a key of 32 hexadecimal digits; "
            f"copy it again from your account settings, {KEY_PAGE}"
        )
    proxies = {} if proxy_bypass(url.host) else getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    try:
        return _KeyedTransport(key, proxy)
    except (ImportError, OSError, ValueError) as error:
        raise UnreachableError(
            f"the proxy or SSL_CERT_FILE set on this machine cannot be used ({error})"
        ) from None


def _address(url: str) -> httpx.URL:
    """The address without a slash at its end; errors do not show it: it may hold a password."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in {"http", "https"} or not address.host or address.userinfo:
        raise InputError(f"MATINEE_TMDB_URL must be a plain address such as {API_URL}")
    return address.copy_with(path=address.path.rstrip("/"), query=None, fragment=None)


def _status(response: httpx.Response) -> str:
    return f"{response.status_code} {response.reason_phrase}".strip()
