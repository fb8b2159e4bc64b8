"""The API's documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import pydantic
from fastapi import Query

from matinee.data import Film, Ranking, Recommendation
from matinee.web.problems import ProblemModel

__all__ = [
    "Document",
    "EventsWritten",
    "FilmList",
    "FilmModel",
    "Forgotten",
    "Health",
    "HistoryModel",
    "NewEvent",
    "Number",
    "RankingModel",
    "RatedModel",
    "problems",
]

Number = Annotated[int, Query(ge=1, le=100, description="How many films at most.")]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of an endpoint, as its description lists them."""
    content = {"application/problem+json": {"schema": ProblemModel.model_json_schema()}}
    said = {
        403: "Not yours to see or to send.",
        404: "No such film, or no such viewer.",
        413: "The request is too large.",
        422: "The request does not say what it must, by name.",
        503: "No model is live yet, or the database cannot be reached.",
    }
    return {status: {"description": said[status], "content": content} for status in statuses}


class Document(pydantic.BaseModel):
    """Base of every document: immutable, and described by the text under its fields."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FilmModel(Document):
    """What is known about a film; what is not is null or empty."""

    id: str
    title: str
    year: int | None
    runtime: int | None
    """Minutes."""
    genres: tuple[str, ...]
    certificate: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    """As the source of the data orders them."""
    overview: str
    imdb_id: str
    tmdb_id: str

    @classmethod
    def of(cls, film: Film) -> FilmModel:
        """A film as the API shows it."""
        return cls(**{name: getattr(film, name) for name in cls.model_fields})


class FilmList(Document):
    """Films in order of relevance."""

    films: tuple[FilmModel, ...]


class ReasonFilm(Document):
    """A film of the history that a recommendation rests on."""

    id: str
    share: float | None
    """Its part of the whole score as the model computed it; null where it is not such a sum."""


class ReasonModel(Document):
    """Why a film was recommended."""

    text: str
    films: tuple[ReasonFilm, ...]


class ExpectedModel(Document):
    """The rating that is expected, and the 80% prediction interval where the model gives one."""

    stars: float
    low: float | None
    high: float | None


class RecommendationModel(Document):
    """One line of a ranking."""

    rank: int
    film: FilmModel
    score: float
    """Only the order means something, unless the model predicts ratings."""
    reason: ReasonModel
    expected: ExpectedModel | None
    """Null where the model only ranks."""

    @classmethod
    def of(cls, line: Recommendation) -> RecommendationModel:
        """A line as the API shows it."""
        reason = line.reason
        shares = reason.shares or (None,) * len(reason.films)
        films = tuple(
            ReasonFilm(id=film, share=share)
            for film, share in zip(reason.films, shares, strict=True)
        )
        return cls(
            rank=line.rank,
            film=FilmModel.of(line.film),
            score=line.score,
            reason=ReasonModel(text=reason.text, films=films),
            expected=None if line.expected is None else ExpectedModel(**asdict(line.expected)),
        )


class RelaxationModel(Document):
    """A change of the question that leaves more films; never applied unasked."""

    query: str
    """The question to ask instead."""
    text: str
    """What is different, for a person."""
    films: int
    """How many films it leaves."""


class LackingModel(Document):
    """Films that may meet the question and were left out, since a fact of them is not known."""

    fact: str
    films: int


class RankingModel(Document):
    """Films, best first, and what chose them."""

    request_id: str | None
    """Name it in the events that answer these recommendations; null where nobody's are shown."""
    model: str
    version: str
    """Which fit of the model: the beginning of its artefact's content hash."""
    history_size: int
    """How many ratings the answer took into account."""
    query: str
    """What every film had to meet, in its shortest form; empty for no conditions."""
    recommendations: tuple[RecommendationModel, ...]
    lacking: tuple[LackingModel, ...]
    """What of other films would have to be known to tell whether they meet the question."""
    relaxations: tuple[RelaxationModel, ...]
    """Where fewer films are left than were asked for: the smallest changes that leave more."""

    @classmethod
    def of(
        cls,
        ranking: Ranking,
        *,
        request_id: str | None = None,
        history_size: int = 0,
        query: str = "",
    ) -> RankingModel:
        """A ranking as the API shows it."""
        return cls(
            request_id=request_id,
            model=ranking.model,
            version=ranking.version,
            history_size=history_size,
            query=query,
            recommendations=tuple(RecommendationModel.of(line) for line in ranking),
            lacking=tuple(LackingModel(fact=x.fact, films=x.films) for x in ranking.lacking),
            relaxations=tuple(
                RelaxationModel(query=str(x.constraints), text=x.text, films=x.films)
                for x in ranking.relaxations
            ),
        )


class NewEvent(Document):
    """Something the viewer did."""

    id: str = pydantic.Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    """Chosen by the sender, at random; sending the same id again changes nothing."""
    type: Literal["rating", "click", "dismissal", "removal"]
    """`removal` takes back what was said about a film, rating or dismissal."""
    film: str = pydantic.Field(min_length=1, max_length=128)
    """Id of the film."""
    value: float | None = None
    """The rating in stars; for `rating` alone."""
    request_id: str | None = pydantic.Field(default=None, min_length=1, max_length=128)
    """The answer this is a reaction to."""

    @pydantic.model_validator(mode="after")
    def _value_belongs_to_ratings(self) -> NewEvent:
        if (self.type == "rating") != (self.value is not None):
            raise ValueError("a rating needs a value, and no other event has one")
        return self


class EventsWritten(Document):
    """What became of the events."""

    received: int
    written: int
    """How many were new; the others had been received before."""


class RatedModel(Document):
    """One rating in force."""

    film: FilmModel
    value: float
    time: int
    """Unix seconds; 0 where unknown."""


class HistoryModel(Document):
    """Everything kept under this browser's cookie that decides what it is shown."""

    viewer: str | None
    """Null as long as there is no cookie."""
    ratings: tuple[RatedModel, ...]
    dismissed: tuple[str, ...]
    """Ids of films never to be recommended."""


class Forgotten(Document):
    """What was deleted."""

    events: int


class Health(Document):
    """Whether the process lives, and what would answer."""

    status: Literal["ok"] = "ok"
    model: str | None = None
    version: str | None = None
