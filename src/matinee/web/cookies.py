"""The viewer cookie: anonymous and signed, it only recognises a browser.

It is set when something is recorded under it: a rating, a dismissal or an event. Reading sets
none. It holds 128 random bits and their signature. A cookie that was tampered with is ignored.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Annotated

import itsdangerous
from fastapi import Depends, Request, Response

from matinee.errors import InputError

__all__ = ["Cookies", "CookiesOf", "Visitor", "VisitorOf"]

_LIFETIME = 365 * 24 * 3600
_VIEWER = re.compile(r"[0-9a-f]{32}")
"""Imported viewers cannot look like this: their ids contain a data set, as in "x/1"."""


class Visitor:
    """The viewer behind one request; `known` if the id is from a valid cookie and not new."""

    def __init__(self, known: str | None) -> None:
        self.id = known or secrets.token_hex(16)
        self.known = known is not None


class Cookies:
    """Reads and writes the viewer cookie.

    Args:
        secret: signs the cookies; whoever knows it can act as any viewer.
        secure: sent over HTTPS only, and bound to this host.

    Raises:
        InputError: the secret is too short.
    """

    def __init__(self, secret: str, *, secure: bool) -> None:
        if len(secret) < 16:
            raise InputError("the secret that signs cookies must have at least 16 characters")
        self._signer = itsdangerous.Signer(
            secret, salt="matinee.viewer", key_derivation="hmac", digest_method=hashlib.sha256
        )
        self._secure = secure
        self.name = "__Host-matinee" if secure else "matinee"

    def visitor(self, request: Request) -> Visitor:
        """The viewer of a request; a new one if the cookie is missing or forged."""
        signed = request.cookies.get(self.name, "")
        try:
            viewer = self._signer.unsign(signed).decode("ascii")
        except (itsdangerous.BadSignature, UnicodeError):
            return Visitor(None)
        return Visitor(viewer if _VIEWER.fullmatch(viewer) else None)

    def keep(self, response: Response, visitor: Visitor) -> None:
        """Sets the cookie, for a year from now."""
        response.set_cookie(
            self.name,
            self._signer.sign(visitor.id).decode("ascii"),
            max_age=_LIFETIME,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response) -> None:
        """Deletes the cookie."""
        response.delete_cookie(
            self.name, path="/", secure=self._secure, httponly=True, samesite="lax"
        )


def _cookies(request: Request) -> Cookies:
    return request.app.state.cookies


CookiesOf = Annotated[Cookies, Depends(_cookies)]


def _visitor(request: Request, cookies: CookiesOf) -> Visitor:
    return cookies.visitor(request)


VisitorOf = Annotated[Visitor, Depends(_visitor)]
