"""Documents of the API about what viewers did."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from matinee.web.api.schemas import Document, FilmModel

__all__ = ["EventsWritten", "Forgotten", "HistoryModel", "LogModel", "NewEvent", "RatedModel"]


class NewEvent(Document):
    """Something a viewer did."""

    id: str = pydantic.Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    """Chosen by the sender at random. Sending the same event again changes nothing; 409 if the id
    was used for another."""
    type: Literal["rating", "click", "dismissal", "seen", "removal"]
    """`dismissal`: not for this viewer. `seen`: watched, without an opinion. Neither is recommended
    any more. Of a rating and a dismissal of one film the later one counts. `removal` takes back
    the rating, dismissal and seen mark of a film."""
    film: str = pydantic.Field(min_length=1, max_length=128)
    """Id of the film."""
    value: Annotated[float, pydantic.Strict()] | None = None
    """The rating, a number; for `rating` events only."""
    request_id: str | None = pydantic.Field(default=None, min_length=1, max_length=128)
    """The `request_id` of the recommendations this reacts to."""

    @pydantic.model_validator(mode="after")
    def _only_ratings_have_values(self) -> NewEvent:
        if self.type == "rating" and self.value is None:
            raise ValueError('"value" is required when "type" is "rating"')
        if self.type != "rating" and self.value is not None:
            raise ValueError(f'"value" is not allowed when "type" is "{self.type}"')
        return self


class EventsWritten(Document):
    """The outcome of sending events."""

    received: int
    written: int
    """How many were new; the others were stored before."""


class RatedModel(Document):
    """One rating."""

    film: FilmModel
    value: float
    time: int
    """Unix seconds; 0 where unknown."""


class FilmNameModel(Document):
    """A film of the log."""

    id: str
    title: str
    """With the year; empty if the film is not in the live catalogue."""


class FilmEventModel(Document):
    """Something a viewer did with a film."""

    film: FilmNameModel
    time: int
    """Unix seconds."""
    value: float | None
    """The rating; null for other events."""


class ImpressionModel(Document):
    """Films that were recommended on one page."""

    request_id: str
    time: int
    """Unix seconds."""
    films: tuple[FilmNameModel, ...]
    """In the order they were shown."""


class LogModel(Document):
    """Everything that was recorded: each kind newest first."""

    ratings: tuple[FilmEventModel, ...]
    """Also those that were replaced or removed later."""
    removals: tuple[FilmEventModel, ...]
    """Ratings, dismissals and seen marks that were taken back."""
    dismissals: tuple[FilmEventModel, ...]
    seen: tuple[FilmEventModel, ...]
    clicks: tuple[FilmEventModel, ...]
    """Recommended films that were opened."""
    impressions: tuple[ImpressionModel, ...]
    limit: int
    """How many of each kind are listed at most."""
    complete: bool
    """Whether there are no more."""


class HistoryModel(Document):
    """Everything stored under this browser's cookie."""

    viewer: str | None
    """Null without a cookie."""
    ratings: tuple[RatedModel, ...]
    """As they are now, newest first."""
    dismissed: tuple[str, ...]
    """Ids of films that are not for them."""
    seen: tuple[str, ...]
    """Ids of films they have watched without rating them."""
    log: LogModel


class Forgotten(Document):
    """The outcome of deleting."""

    events: int
