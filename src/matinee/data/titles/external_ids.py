"""What a film is called by IMDb and TMDB, and when that tells two films apart."""

from __future__ import annotations

from typing import NamedTuple, Protocol

__all__ = ["ExternalIds", "Identified", "contradict"]


class Identified(Protocol):
    """Whatever may know a film's ids elsewhere; "" where it does not."""

    @property
    def imdb_id(self) -> str: ...

    @property
    def tmdb_id(self) -> str: ...


class ExternalIds(NamedTuple):
    """The ids of one film elsewhere; "" where unknown."""

    imdb_id: str
    tmdb_id: str


def contradict(one: Identified, other: Identified) -> bool:
    """Whether an IMDb or TMDB id that both have is another one: they cannot be one film."""
    return any(
        mine and theirs and mine != theirs
        for mine, theirs in ((one.imdb_id, other.imdb_id), (one.tmdb_id, other.tmdb_id))
    )
