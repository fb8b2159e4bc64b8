"""The REST API: JSON under `/api/v1`, described at `/api/v1/openapi.json`."""

from fastapi import APIRouter

from matinee.web.api import events, films, recommendations, rows, viewers

__all__ = ["routes"]

routes = APIRouter(prefix="/api/v1")
for part in (recommendations, rows, films, events, viewers):
    routes.include_router(part.routes)
