"""What every request passes: limits, the cross-site check, and the path as it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matinee.web.addresses import path_as_sent
from matinee.web.headers import mark
from matinee.web.problems import Problem, problem_response

__all__ = ["Protection"]

_MAX_BODY = 64 * 1024
"""Bytes; several times a hundred events."""

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Protection:
    """Refuses bad requests and adds headers to every answer.

    Args:
        app: the application behind it.
        hosts: host names the site answers to, without port; empty for any. Health checks are
            answered under all names, since orchestrators use addresses.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        head = scope["method"] == "HEAD"
        scope = {**scope, "path": path_as_sent(scope)}
        if head:  # answered like GET, without the body
            scope |= {"method": "GET", "state": {**scope.get("state", {}), "head": True}}

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                mark(MutableHeaders(scope=message))
            elif head:
                message = {**message, "body": b""}
            await send(message)

        problem = self._refusal(scope, Headers(scope=scope))
        if problem is None:
            try:
                problem, receive = await _bounded(receive)
            except ClientDisconnect:
                return  # half a form must not count as a whole one
        if problem is None:
            await self._app(scope, receive, marked)
        else:
            await problem_response(Request(scope), problem)(scope, receive, marked)

    def _refusal(self, scope: Scope, headers: Headers) -> Problem | None:
        is_check = scope["path"].startswith("/health/")
        if self._hosts and not is_check and _hostname(headers.get("host", "")) not in self._hosts:
            return Problem(400, "this site has another host name")
        if scope["method"] not in _SAFE_METHODS and _is_cross_site(headers):
            return Problem(403, "this came from another site; open matinee itself to do it")
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return Problem(400, "the Content-Length header is not a number")
        return _too_large() if int(length) > _MAX_BODY else None


def _is_cross_site(headers: Headers) -> bool:
    """Whether a browser sent this from another site's page.

    Browsers state it in Sec-Fetch-Site, older ones in Origin; a page cannot forge either. A client
    that sends neither is not a browser and has only its own cookie.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host", "")
    except ValueError:  # "http://[" is no page of ours
        return True


async def _bounded(receive: Receive) -> tuple[Problem | None, Receive]:
    """Reads a body up to the limit, and returns a `receive` that replays it.

    Raises:
        ClientDisconnect: the client left before the end.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _MAX_BODY:
            return _too_large(), receive
    replayed = False

    async def again() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return None, again


def _too_large() -> Problem:
    return Problem(413, f"a request may have at most {_MAX_BODY // 1024} KiB")


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
