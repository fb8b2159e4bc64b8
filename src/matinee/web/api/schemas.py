"""Documents of the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import pydantic
from fastapi import Query

from matinee.data import Film, Ranking, Reason, Recommendation
from matinee.pipeline.why import Why
from matinee.service.answers import MOST_FILMS
from matinee.service.film_facts import FilmFacts
from matinee.web.problems import ProblemModel

__all__ = [
    "Document",
    "FilmFactsModel",
    "FilmList",
    "FilmModel",
    "Health",
    "Number",
    "RankingModel",
    "RowList",
    "RowModel",
    "WhyModel",
    "problems",
]

Number = Annotated[int, Query(ge=1, le=MOST_FILMS, description="How many films at most.")]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of an endpoint, for its OpenAPI description."""
    retry = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    content = {"application/problem+json": {"schema": ProblemModel.model_json_schema()}}
    texts = {
        403: "Not allowed: sent from another site, or not a viewer of the data set.",
        404: "No such film.",
        409: "An event id that was sent before, with other content.",
        413: "The request is too large.",
        422: "A field or parameter is missing or wrong; `detail` names it.",
        503: "No model is live yet, or the database cannot be used.",
    }
    return {
        status: {
            "description": texts[status],
            "content": content,
            **({"headers": retry} if status == 503 else {}),
        }
        for status in statuses
    }


class Document(pydantic.BaseModel):
    """Base of every document: immutable; the text under a field describes it in OpenAPI."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FilmModel(Document):
    """Facts about a film; unknown ones are null or empty."""

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
    """As billed; where the source has no billing, people of most films first."""
    overview: str
    imdb_id: str
    tmdb_id: str
    votes: int | None
    """Number of IMDb's voters."""
    mean: float | None
    """Their mean rating, from 1 to 10."""

    @classmethod
    def of(cls, film: Film) -> FilmModel:
        """The document of a film."""
        return cls(**{name: getattr(film, name) for name in cls.model_fields})


class FilmFactsModel(FilmModel):
    """A film, and what the viewers of the live model's data think of it."""

    ratings: int | None
    """How many rated it, or watched it where the data are counts of plays; null if unknown."""
    mean_rating: float | None
    """Their average on the scale of the data; null if nobody rated it."""
    overview_from: str
    """Author and licence of the overview, to be named with it; empty without an overview."""

    @classmethod
    def of_facts(cls, facts: FilmFacts) -> FilmFactsModel:
        """The document of a film and these facts."""
        return cls(
            **FilmModel.of(facts.film).model_dump(),
            ratings=facts.ratings,
            mean_rating=None if facts.mean is None else round(facts.mean, 2),
            overview_from=facts.overview_from,
        )


class FilmList(Document):
    """Films, best match first, and the live model whose catalogue they are from."""

    model: str
    version: str
    films: tuple[FilmModel, ...]


class ReasonFilmModel(Document):
    """A film of the history that contributed to a recommendation, or the film compared with."""

    id: str
    title: str
    """With the year."""
    rating: float | None
    """The viewer's; null for a film that is only compared with."""
    share: float | None
    """Its part of the score as the model computed it; null if the score is not such a sum."""


class ReasonModel(Document):
    """Why a film is recommended."""

    kind: Literal["history", "maker", "genre", "widely", "model", "untouched", "popular", "similar"]
    """`history`: films of the history; `maker`: one by or with the same person; `genre`: films of a
    genre; `widely`: many viewers watch it; `model`: the whole history, as no film stands out or
    the model cannot name any; `untouched`: nothing in the history bears on it; `popular`: there
    is no history; `similar`: it resembles a film."""
    text: str
    """The reason as a sentence to the viewer."""
    films: tuple[ReasonFilmModel, ...]
    """Most important first."""

    @classmethod
    def of(cls, reason: Reason) -> ReasonModel:
        """The document of a reason."""
        return cls(
            kind=reason.kind,
            text=reason.text(),
            films=tuple(
                ReasonFilmModel(id=film.id, title=film.label, rating=film.rating, share=film.share)
                for film in reason.films
            ),
        )


class ExpectedModel(Document):
    """The expected rating, with an 80% prediction interval if the model computes one."""

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
    """Null if the model only ranks."""

    @classmethod
    def of(cls, line: Recommendation) -> RecommendationModel:
        """The document of a recommendation."""
        return cls(
            rank=line.rank,
            film=FilmModel.of(line.film),
            score=line.score,
            reason=ReasonModel.of(line.reason),
            expected=None if line.expected is None else ExpectedModel(**asdict(line.expected)),
        )


class PartModel(Document):
    """What one film of the history adds to a score."""

    id: str
    title: str
    """With the year."""
    rating: float | None
    """The viewer's; null for a film they marked as not for them."""
    part: float
    """The parts, `common` and the discount sum to the score."""
    share: float
    """The part over the sum of all sizes, from -1 to 1; below 0 it counts against the film."""


class DiscountModel(Document):
    """What a film loses because the viewer rated films of its kinds low."""

    text: str
    """In words to the viewer."""
    kinds: tuple[str, ...]
    """The strongest first: "romantic films", "films by Martin Scorsese"."""
    part: float
    """Below 0; the parts, `common` and this sum to the score."""
    share: float
    """As that of a part."""


class WhyModel(Document):
    """Why a film stands where it stands for the viewer."""

    text: str
    """One to four sentences to the viewer."""
    model: str
    version: str
    film: FilmModel
    score: float
    rank: int | None
    """Its place among the films that can be recommended, from 1; null if it cannot be."""
    ranked: int
    """How many films can be recommended."""
    obstacle: str
    """Why it is never recommended; empty if it can be."""
    rating: float | None
    """The viewer's own; null if there is none."""
    expected: ExpectedModel | None
    """Null if the model only ranks, or without a history."""
    reason: ReasonModel
    parts: tuple[PartModel, ...]
    """Of every film of the history, largest first; empty if the score is not such a sum."""
    common: float
    """What the film has for every viewer, such as being watched a lot; 0 for models whose scores
    have no such part."""
    discount: DiscountModel | None
    """Null if the film loses nothing for its kinds."""

    @classmethod
    def of(cls, why: Why, version: str) -> WhyModel:
        """The document of an answer of one version of a model."""
        return cls(
            text=str(why),
            model=why.model,
            version=version,
            film=FilmModel.of(why.film),
            score=why.score,
            rank=why.rank,
            ranked=why.ranked,
            obstacle=why.obstacle,
            rating=why.rating,
            expected=None if why.expected is None else ExpectedModel(**asdict(why.expected)),
            reason=ReasonModel.of(why.reason),
            parts=tuple(
                PartModel(
                    id=each.id,
                    title=each.label,
                    rating=each.rating,
                    part=each.part,
                    share=each.share,
                )
                for each in why.parts
            ),
            common=why.common,
            discount=why.discount
            and DiscountModel(
                text=why.discount.text(),
                kinds=why.discount.kinds,
                part=why.discount.part,
                share=why.discount.share,
            ),
        )


class RelaxationModel(Document):
    """Weaker conditions that leave more films; never applied by themselves."""

    query: str
    """The `query` to send instead."""
    text: str
    """The difference in words."""
    films: int
    """How many films are left then."""


class LackingModel(Document):
    """Films left out because a fact is unknown that decides a condition."""

    fact: str
    films: int
    known: int
    """Number of films of the catalogue with the fact."""
    total: int
    """Number of films of the catalogue."""


class RankingModel(Document):
    """Films, best first, and the model that ranked them."""

    request_id: str | None
    """Send it with events about these films; null without a cookie, when nothing is logged."""
    model: str
    version: str
    """Identifies the fitted model: the first digits of its artefact's content hash."""
    history_size: int
    """How many ratings the answer is based on."""
    query: str
    """The conditions in their shortest form; empty if there were none."""
    recommendations: tuple[RecommendationModel, ...]
    lacking: tuple[LackingModel, ...]
    """Films left out because a fact about them is unknown, by fact."""
    relaxations: tuple[RelaxationModel, ...]
    """If fewer than `n` films are left: the smallest changes of the query that leave more."""

    @classmethod
    def of(
        cls,
        ranking: Ranking,
        *,
        request_id: str | None = None,
        history_size: int = 0,
        query: str = "",
    ) -> RankingModel:
        """The document of a ranking."""
        return cls(
            request_id=request_id,
            model=ranking.model,
            version=ranking.version,
            history_size=history_size,
            query=query,
            recommendations=tuple(RecommendationModel.of(line) for line in ranking),
            lacking=tuple(LackingModel(**asdict(each)) for each in ranking.lacking),
            relaxations=tuple(
                RelaxationModel(query=str(x.constraints), text=x.text, films=x.films)
                for x in ranking.relaxations
            ),
        )


class RowModel(Document):
    """A row: films with something in common, ranked for the viewer."""

    key: str
    title: str
    """What its films have in common."""
    films: int
    """How many films the whole row has."""
    more: str | None
    """Address of the whole row, or of its next page; null behind the last film."""
    ranking: RankingModel


class RowList(Document):
    """The rows of the front page, from the top."""

    rows: tuple[RowModel, ...]


class Health(Document):
    """State of the process and its live model."""

    status: Literal["ok"] = "ok"
    model: str | None = None
    version: str | None = None
