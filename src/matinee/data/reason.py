"""Why a film is recommended: the facts, and the one place that puts them into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matinee.display import formats

__all__ = ["DISLIKED", "LIKED", "Opinion", "Person", "Reason", "ReasonFilm", "opinion_of"]

Kind = Literal[
    "history", "maker", "genre", "widely", "model", "untouched", "popular", "similar", "group"
]
Opinion = Literal["loved", "liked", "rated", "watched"]
Person = Literal["you", "they"]

_MOST_MEMBERS = 4
"""Members of a group whose reasons are put into words."""
_LOVED, LIKED = 0.85, 0.625
"""Parts of the rating scale: 4.5 and 3.5 stars of 5, rounded to halves."""
DISLIKED = 4 / 9
"""Part up to which ratings are dislikes: 2 of 1 to 5, 2.5 of 0.5 to 5."""


@dataclass(frozen=True)
class ReasonFilm:
    """A film a reason names.

    Attributes:
        rating: the viewer's, as they gave it, or how often they watched it; `None` for the film
            of a comparison.
        opinion: the rating in words; "rated" if the scale is unknown, "watched" for a count.
        share: its part of the score, perhaps negative; the shares of a complete history sum to 1.
            `None` if the score is no such sum.
    """

    id: str
    label: str
    rating: float | None = None
    opinion: Opinion = "rated"
    share: float | None = None


@dataclass(frozen=True)
class Reason:
    """Why a film is recommended.

    Attributes:
        kind: "history": films of the history add most to its score; "maker": a film by or with the
            same person does; "genre": films of one of its genres do; "widely": that many viewers
            watch it counts for more than the history; "model": no film of the history stands out,
            or scores are not sums over it; "untouched": nothing in the history concerns it, so the
            prior ranked it; "popular": there is no history; "similar": it resembles a film;
            "group": each member of a group has a reason.
        films: of the history, most important first; for "similar" the film of the comparison.
        common: of "maker", "by Ridley Scott" or "with Tom Hanks"; of "genre", "Horror".
        facts: how it meets the constraints or critiques: "95 minutes", "rated PG".
        shared: what it has in common with the film of the comparison, strongest first: "same
            series", "both directed by Ridley Scott", "Horror, Sci-Fi".
        attributes: of the viewer, if the model used them: "age 25-34".
        history_size: number of ratings the score depends on.
        watched: whether the history is of counts, and so of films watched.
        members: of the group, in its order.
    """

    kind: Kind
    films: tuple[ReasonFilm, ...] = ()
    facts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    history_size: int = 0
    watched: bool = False
    members: tuple[Member, ...] = ()
    common: str = ""

    def text(self, person: Person = "you") -> str:
        """The reason in words, to the viewer or about them; "" where there is nothing to say."""
        why = _of_members(self.members) if self.members else self._why(person)
        parts = filter(None, (", ".join(self.facts), why))
        sentences = [part if self.members else part[0].upper() + part[1:] for part in parts]
        return ". ".join(sentences) + ("." if len(sentences) > 1 else "")

    def _why(self, person: Person) -> str:
        your, you = ("your", "you") if person == "you" else ("their", "them")
        if self.kind in ("history", "maker", "genre"):
            rest = {
                "maker": f", also {self.common}",
                "genre": f" and other {self.common.lower()} films",
            }
            return f"because {person} {_opinion(self.films)}{rest.get(self.kind, '')}"
        if self.kind == "similar":
            return "; ".join(self.shared)
        if self.kind in ("untouched", "widely"):
            unknown = f"popular with everyone; we don't know {your} taste in these yet"
            return "widely watched" if self.kind == "widely" else unknown
        attributes = f" ({', '.join(self.attributes)})" if self.attributes else ""
        if self.kind == "model":
            n, one = self.history_size, "film" if self.watched else "rating"
            history = f"first {one}" if n == 1 else formats.count(n, one)
            whose = f"the {history} {person} watched" if self.watched else f"{your} {history}"
            return f"chosen from {whose}{attributes}"
        if attributes:
            return f"popular with viewers like {you}{attributes}"
        return "a favourite with most viewers"


@dataclass(frozen=True)
class Member:
    """What a film is to one member of a group.

    Attributes:
        place: in the member's own list of the films that nobody in the group has seen.
        score: of the model for this member.
        reason: that of the member.
        stars: expected rating, if the model predicts ratings.
    """

    name: str
    place: int
    score: float
    reason: Reason
    stars: float | None = None


def opinion_of(rating: float, scale: tuple[float, float] | None) -> Opinion:
    """A rating in words, by its place on the scale."""
    if scale is None:
        return "rated"
    low, high = scale
    part = (rating - low) / (high - low) if high > low else 1.0
    return "loved" if part >= _LOVED else "liked" if part >= LIKED else "rated"


def _opinion(films: tuple[ReasonFilm, ...]) -> str:
    """Such as "loved Alien (1979) and Fargo (1996)": the weakest opinion speaks for all films."""
    opinions = {film.opinion for film in films}
    if "watched" in opinions:
        return f"watched {formats.listed(film.label + _times(film.rating or 0) for film in films)}"
    if "rated" in opinions:
        return (
            f"rated {formats.listed(f'{film.label} {_number(film.rating or 0)}' for film in films)}"
        )
    verb = "loved" if opinions == {"loved"} else "liked"
    return f"{verb} {formats.listed(film.label for film in films)}"


def _of_members(members: tuple[Member, ...]) -> str:
    """Such as "196: because they loved Alien (1979); 22: because they liked Fargo (1996)"."""
    parts = [f"{each.name}: {each.reason._why('they')}" for each in members[:_MOST_MEMBERS]]
    more = len(members) - len(parts)
    return "; ".join(parts) + (f"; and {more} more" if more else "")


def _times(count: float) -> str:
    """A count behind a title; nothing for one, which can also be a like."""
    return "" if count <= 1 else " twice" if count == 2 else f" {_number(count)} times"


def _number(value: float) -> str:
    """At most two decimals: 4.5, 87.25, 1,250."""
    return f"{round(value, 2):,.12g}"
