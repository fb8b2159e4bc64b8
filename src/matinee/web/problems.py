"""Errors as answers: problem details (RFC 9457) for the API, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pydantic
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from matinee.errors import (
    ConflictError,
    InputError,
    MatineeError,
    NotLiveError,
    UnknownNameError,
)
from matinee.web.headers import mark
from matinee.web.methods import allowed_methods, without_slash
from matinee.web.pages.render import render

__all__ = ["Problem", "ProblemModel", "install_handlers", "problem_response"]

_log = logging.getLogger("matinee.web")

_EVENTS = "the body must be an event, or a list of 1 to 100 events, as JSON"
_RULES = {
    "missing": "{field} is required",
    "string_type": "{field} must be text",
    "string_too_long": "{field} may have at most {max_length} characters",
    "string_too_short": "{field} must have at least {min_length} characters",
    "string_pattern_mismatch": "{field} must match {pattern}",
    "literal_error": "{field} must be {expected}",
    "greater_than_equal": "{field} must be at least {ge}",
    "less_than_equal": "{field} must be at most {le}",
    **dict.fromkeys(
        ("int_parsing", "int_parsing_size", "int_type", "int_from_float"),
        "{field} must be a whole number",
    ),
    **dict.fromkeys(("float_parsing", "float_type"), "{field} must be a number"),
    "finite_number": "{field} must be a finite number",
    "extra_forbidden": "{field} is not a field here; leave it out",
    "value_error": "{error}",
    "json_invalid": "the body is not valid JSON",
    "too_long": "{field} may appear at most {max_length} times",
}
"""Kind of validation error -> its rule in words."""


@dataclass(frozen=True)
class Problem:
    """A status, one line for an integrator, and another for a visitor if needed."""

    status: int
    detail: str
    for_visitors: str = ""
    retry_after: int | None = None
    """Seconds after which the same request may succeed."""


class ProblemModel(pydantic.BaseModel):
    """An error, as RFC 9457 lays it out."""

    model_config = pydantic.ConfigDict(use_attribute_docstrings=True)

    type: str = "about:blank"
    """Always "about:blank": the status is the kind of error."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What was wrong and what to do about it, in one line."""


def problem_response(request: Request, problem: Problem) -> Response:
    """The problem as JSON below `/api` and `/health`, elsewhere as a page."""
    response = _body(request, problem)
    if problem.retry_after is not None:
        response.headers["retry-after"] = str(problem.retry_after)
    return response


def _body(request: Request, problem: Problem) -> Response:
    title = HTTPStatus(problem.status).phrase
    if _is_api(request):
        content = ProblemModel(title=title, status=problem.status, detail=problem.detail)
        return JSONResponse(
            content.model_dump(), problem.status, media_type="application/problem+json"
        )
    detail = problem.for_visitors or problem.detail
    context = {"title": title, "status": problem.status, "detail": detail}
    return render(request, "error.html", context, status=problem.status)


def _is_api(request: Request) -> bool:
    return str(request.scope["path"]).startswith(("/api/", "/health/"))


def install_handlers(app: FastAPI) -> None:
    """Turns every exception of an endpoint into a problem."""
    app.add_exception_handler(MatineeError, _on_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)


def _on_error(request: Request, error: Exception) -> Response:
    if isinstance(error, UnknownNameError):
        kind = error.kind.removesuffix(" id")
        is_film = kind.partition(" ")[0] == "film"
        way = "search for it by its title" if is_film else "the front page shows those we have"
        visitors = f"we have no {kind} “{error.name}”; {way}"
        return problem_response(request, Problem(404, str(error), visitors))
    if isinstance(error, ConflictError):
        visitors = "this form was sent before with something else in it; open the page again"
        return problem_response(request, Problem(409, str(error), visitors))
    if isinstance(error, InputError):
        return problem_response(request, Problem(422, str(error)))
    _log.error("%s %s: %s", request.method, request.scope["path"], error)
    if isinstance(error, NotLiveError):
        visitors = "there are no films here yet; come back in a while"
        return problem_response(request, Problem(503, str(error), visitors, retry_after=60))
    # The text names paths and addresses, which are the operator's business.
    detail = "matinee cannot answer now; try again soon"
    return problem_response(request, Problem(503, detail, retry_after=5))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    headers = error.headers or {}
    if error.status_code == 405:  # the router names the methods of one route only
        headers = {"allow": ", ".join(allowed_methods(request.app, request.scope))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    if error.status_code == 404 and (address := without_slash(request.app, request.scope)):
        return Response(status_code=308, headers={"location": address})
    path = request.scope["path"]
    details = {
        400: "the body of the request cannot be read",
        404: f"there is nothing at {path}",
        405: f"{request.method} is not possible at {path}",
    }
    phrased = error.detail == HTTPStatus(error.status_code).phrase or error.status_code == 400
    detail = details.get(error.status_code, error.detail) if phrased else error.detail
    response = problem_response(request, Problem(error.status_code, detail))
    response.headers.update(headers)
    return response


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    first = error.errors()[0]
    detail = _invalid(first) if _is_api(request) else _filled(first, first["loc"][1:])
    visitors = f"something in the address or the form is wrong: {detail}"
    return problem_response(request, Problem(422, detail, visitors))


def _invalid(error: Mapping[str, Any]) -> str:
    """A validation error of the API as a sentence, without the names of the library's own types."""
    where, *place = error["loc"]
    if where == "body" and not place and error["type"] == "missing":
        return _EVENTS
    if where == "body" and place[:1] in (["event"], ["list"]):
        place, prefix = place[1:], ""
        if place and isinstance(place[0], int):
            prefix = f"event {place[0] + 1}: "
            place = place[1:]
        if not place and error["type"] != "value_error":
            return _EVENTS
        return prefix + _filled(error, place)
    return _filled(error, place)


def _filled(error: Mapping[str, Any], place: Sequence[Any]) -> str:
    """The rule that a field breaks; `place` is its name, perhaps with places in lists."""
    names = ".".join(each for each in place if isinstance(each, str))
    field = f'"{names}"' if names else "the body"
    context = error.get("ctx", {})
    rule = _RULES.get(error["type"], "{field} is not valid")
    if context.get("min_length") == 1:
        rule = "{field} must not be empty"
    return rule.format(field=field, **context)


def _on_bug(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as handlers are called
    # The server logs the traceback.
    response = problem_response(request, Problem(500, "something went wrong on our side"))
    mark(response.headers)  # this answer is made outside the middleware that marks the others
    return response
