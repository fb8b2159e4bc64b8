"""The pages; all work without JavaScript."""

from fastapi import APIRouter

from matinee.web.pages import about, films, home, presses, rows, search, viewers

__all__ = ["routes"]

routes = APIRouter(include_in_schema=False)
for part in (home, rows, search, films, presses, viewers, about):
    routes.include_router(part.routes)
