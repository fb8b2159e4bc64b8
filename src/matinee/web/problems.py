"""Everything that goes wrong, said once: as problem details (RFC 9457) or as a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

import pydantic
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from matinee.errors import InputError, MatineeError, UnknownNameError
from matinee.web.headers import mark
from matinee.web.pages.render import render

__all__ = ["Problem", "ProblemModel", "install_handlers", "problem_response"]

_log = logging.getLogger("matinee.web")


@dataclass(frozen=True)
class Problem:
    """A status and one line for a person."""

    status: int
    detail: str


class ProblemModel(pydantic.BaseModel):
    """An error, as RFC 9457 lays it out."""

    model_config = pydantic.ConfigDict(use_attribute_docstrings=True)

    type: str = "about:blank"
    """Always "about:blank": the status says what kind of error it is."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What was wrong and what to do about it, in one line."""


def problem_response(request: Request, problem: Problem) -> Response:
    """The problem as JSON below `/api` and `/health`, as a page of the site elsewhere."""
    title = HTTPStatus(problem.status).phrase
    if request.url.path.startswith(("/api/", "/health/")):
        content = ProblemModel(title=title, status=problem.status, detail=problem.detail)
        return JSONResponse(
            content.model_dump(), problem.status, media_type="application/problem+json"
        )
    context = {"title": title, "status": problem.status, "detail": problem.detail}
    return render(request, "error.html", context, status=problem.status)


def install_handlers(app: FastAPI) -> None:
    """Turns every exception an endpoint can raise into a problem."""
    app.add_exception_handler(MatineeError, _on_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)


def _on_error(request: Request, error: Exception) -> Response:
    if isinstance(error, UnknownNameError):
        status = 404
    elif isinstance(error, InputError):
        status = 422
    else:
        status = 503
        _log.error("%s %s: %s", request.method, request.url.path, error)
    return problem_response(request, Problem(status, str(error)))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    detail = error.detail
    if error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = f"there is nothing at {request.url.path}"
    response = problem_response(request, Problem(error.status_code, detail))
    response.headers.update(error.headers or {})
    return response


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    first = error.errors()[0]
    where, *places = first["loc"]
    place = ".".join(map(str, places if where in {"body", "query", "path"} else first["loc"]))
    said = first["msg"][:1].lower() + first["msg"][1:]
    return problem_response(request, Problem(422, f"{place}: {said}" if place else said))


def _on_bug(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as handlers are called
    # The server logs the traceback; the person is told only that it was not them.
    response = problem_response(request, Problem(500, "something went wrong here; it was not you"))
    mark(response.headers)  # this answer is made outside the middleware that marks the others
    return response
