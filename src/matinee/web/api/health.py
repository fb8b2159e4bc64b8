"""Health checks for orchestrators and monitors."""

from __future__ import annotations

from fastapi import APIRouter

from matinee.web.api.schemas import Health, problems
from matinee.web.dependencies import LiveOf

__all__ = ["routes"]

routes = APIRouter(prefix="/health", tags=["health"])


@routes.get("/live")
async def live() -> Health:
    """The process answers. Restart it if this fails.

    It waits neither for a thread nor for the database.
    """
    return Health()


@routes.get("/ready", responses=problems(503))
def ready(live: LiveOf) -> Health:
    """A model is live and the database can be read. Send no requests before."""
    recommender = live.recommender
    return Health(model=recommender.model.name, version=recommender.version)
