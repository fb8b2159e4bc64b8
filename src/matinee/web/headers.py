"""Headers of every answer."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders

__all__ = ["mark"]

_SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def mark(headers: MutableHeaders) -> None:
    """Adds the security headers, and `no-store` unless the answer may be cached."""
    headers.update(_SECURITY)
    # Pages depend on the viewer and on what they did a second ago.
    headers.setdefault("cache-control", "no-store")
