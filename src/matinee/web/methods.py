"""What an address answers to: OPTIONS, the Allow header, and a slash too many."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import Scope

__all__ = ["allowed_methods", "without_slash"]

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed_methods(app: FastAPI, scope: Scope) -> tuple[str, ...]:
    """The methods of the address of a request; none if there is nothing."""
    methods = [each for each in _METHODS if _is_routed(app, {**scope, "method": each})]
    if not methods:
        return ()
    return (*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS")


def without_slash(app: FastAPI, scope: Scope) -> str:
    """The address without the slash at its end, if it is a page then; else ""."""
    path = scope["path"].rstrip("/")
    # "//host" would be another site.
    if path == scope["path"] or not path or path.startswith("//"):
        return ""
    if not _is_routed(app, {**scope, "path": path, "method": "GET"}):
        return ""
    query = scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def _is_routed(app: FastAPI, scope: Scope) -> bool:
    return any(route.matches(scope)[0] == Match.FULL for route in app.router.routes)
