"""Critiquing: "like this film, but shorter" (Burke, Hammond and Young, "The FindMe Approach to
Assisted Browsing", IEEE Expert 1997).

A critique turns a fact of one film into a condition on the others. Films that meet it are ranked by
their similarity to that film. Films without any similarity, or whose fact is unknown, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Film, Query, Ranking, Reason, ReasonFilm
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline.facts import shared_facts
from matinee.pipeline.recommender import Recommender, best
from matinee.pipeline.tones import darker, lighter

__all__ = ["CRITIQUES", "critique", "opposite"]

CRITIQUES = {
    "shorter": "shorter",
    "longer": "longer",
    "newer": "newer",
    "older": "older",
    "lighter": "lighter",
    "darker": "darker",
    "better-known": "better known",
    "lesser-known": "lesser known",
    "kids": "for kids",
}
"""Name -> the words that complete "like this, but ..."."""

_PAIRS = (
    ("shorter", "longer"),
    ("newer", "older"),
    ("lighter", "darker"),
    ("better-known", "lesser-known"),
)
_FromFilm = Callable[[Film], Constraints | None]
_CONSTRAINTS: dict[str, tuple[str, _FromFilm]] = {
    "shorter": ("runtime", lambda film: _if(film.runtime, max_runtime=film.runtime)),
    "longer": ("runtime", lambda film: _if(film.runtime, min_runtime=film.runtime)),
    "newer": ("year", lambda film: _if(film.year, since=(film.year or 0) + 1)),
    "older": ("year", lambda film: _if(film.year, until=(film.year or 2) - 1)),
    "kids": ("", lambda _: Constraints(kids=True)),
}
"""Critique -> the fact of the film it needs, and the constraints made from it."""


def critique(
    item: int, kind: str | Sequence[str], catalog: Catalog, recommender: Recommender, n: int = 10
) -> Ranking:
    """The films most similar to one, among those shorter, newer, lighter ... than it.

    Args:
        item: row of the film.
        kind: one of `CRITIQUES`, or several, all of which must hold.
        catalog: the films of the recommender.
        recommender: computes similarities; its scores for an empty history tell how well known
            films are.
        n: how many films at most.

    Raises:
        UnknownNameError: no such critique.
        InputError: two critiques contradict each other, the film lacks a fact, the model computes
            no similarities, or `n` is not positive.
    """
    kinds = tuple(dict.fromkeys([kind] if isinstance(kind, str) else kind))
    _check(kinds, n)
    source = catalog.film(item)
    scores = recommender.similarities(item)
    meets = scores > 0
    for each in kinds:
        meets &= _meets(each, item, source, recommender)
    meets[item] = False
    scores[~meets] = -np.inf
    items = best(scores, n)
    return Ranking(
        items=items,
        scores=scores[items],
        reasons=tuple(_reason(kinds, source, catalog.film(int(row))) for row in items),
        catalog=catalog,
        model=recommender.model.name,
        version=recommender.version,
    )


def opposite(kind: str) -> str | None:
    """The critique that contradicts one, if any."""
    for pair in _PAIRS:
        if kind in pair:
            return pair[1 - pair.index(kind)]
    return None


def _check(kinds: Sequence[str], n: int) -> None:
    if n < 1:
        raise InputError(f"the number of films must be at least 1, not {n}")
    for each in kinds:
        if each not in CRITIQUES:
            raise UnknownNameError("critique", each, list(CRITIQUES))
        if opposite(each) in kinds:
            raise InputError(f"no film is both {each} and {opposite(each)}; choose one of them")


def _meets(kind: str, item: int, film: Film, recommender: Recommender) -> NDArray[np.bool_]:
    if kind in _CONSTRAINTS:
        fact, from_film = _CONSTRAINTS[kind]
        constraints = from_film(film)
        if constraints is None:
            raise _unknown_fact(fact, film, kind)
        return constraints.allowed(recommender.catalog)
    if kind in {"lighter", "darker"}:
        if not film.genres:
            raise _unknown_fact("genre", film, kind)
        return (lighter if kind == "lighter" else darker)(recommender.catalog, item)
    fame = recommender.model.score(Query())
    meets: NDArray[np.bool_] = fame > fame[item] if kind == "better-known" else fame < fame[item]
    return meets


def _unknown_fact(fact: str, film: Film, kind: str) -> InputError:
    return InputError(
        f"the {fact} of {film.label} is unknown, so no film can be called {kind}; "
        "choose another critique"
    )


def _if(fact: object, **condition: int | None) -> Constraints | None:
    return Constraints(**condition) if fact else None  # type: ignore[arg-type]


def _reason(kinds: Sequence[str], source: Film, film: Film) -> Reason:
    return Reason(
        "similar",
        (ReasonFilm(source.id, source.label),),
        facts=tuple(_difference(each, source, film) for each in kinds),
        shared=shared_facts(source, film),
    )


def _difference(kind: str, source: Film, film: Film) -> str:
    """How a film meets a critique: "22 minutes shorter", "3 years newer"."""
    if kind in {"shorter", "longer"}:
        return f"{_counted((film.runtime or 0) - (source.runtime or 0), 'minute')} {kind}"
    if kind in {"newer", "older"}:
        return f"{_counted((film.year or 0) - (source.year or 0), 'year')} {kind}"
    return f"rated {film.certificate}" if kind == "kids" else CRITIQUES[kind]


def _counted(difference: int, noun: str) -> str:
    return f"{abs(difference)} {noun}{'' if abs(difference) == 1 else 's'}"
