"""A viewer asks to be forgotten."""

from __future__ import annotations

from matinee.service.site import Site

__all__ = ["forget"]


def forget(site: Site, viewer: str) -> int:
    """Removes every event and rating of a viewer at once; returns how many events there were.

    No model stores viewers, so nothing of them is left to recognise in a fitted model (but for
    those that say so, such as user-kNN, until their next fit).
    """
    return site.store.forget(viewer)
