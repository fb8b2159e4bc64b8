"""Health checks, for whatever watches the process."""

from __future__ import annotations

from fastapi import APIRouter

from matinee.web.api.schemas import Health, problems
from matinee.web.context import SiteOf

__all__ = ["routes"]

routes = APIRouter(prefix="/health", tags=["health"])


@routes.get("/live")
def live() -> Health:
    """The process answers; restart it when it does not."""
    return Health()


@routes.get("/ready", responses=problems(503))
def ready(site: SiteOf) -> Health:
    """A model is live and the database can be read; send no requests before."""
    recommender = site.recommender()
    return Health(model=recommender.model.name, version=recommender.version)
