"""Critiquing: "like this film, but shorter" (Burke, Hammond and Young, "The FindMe Approach to
Assisted Browsing", IEEE Expert 1997).

A critique turns a fact of one film into a condition on the others; what meets it is ranked by how
much it is like that film. What is not like it at all, or whose fact is not known, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Film, Query, Ranking, Reason
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline.recommender import Recommender, best, shared
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
"""Name -> how it is said after "like this, but"."""

_PAIRS = (
    ("shorter", "longer"),
    ("newer", "older"),
    ("lighter", "darker"),
    ("better-known", "lesser-known"),
)
_Asks = Callable[[Film], Constraints | None]
_CONSTRAINTS: dict[str, tuple[str, _Asks]] = {
    "shorter": ("runtime", lambda film: _if(film.runtime, max_runtime=film.runtime)),
    "longer": ("runtime", lambda film: _if(film.runtime, min_runtime=film.runtime)),
    "newer": ("year", lambda film: _if(film.year, since=(film.year or 0) + 1)),
    "older": ("year", lambda film: _if(film.year, until=(film.year or 2) - 1)),
    "kids": ("", lambda _: Constraints(kids=True)),
}
"""Critique -> the fact of the film it starts from, and the condition made of it."""


def critique(
    item: int, kind: str | Sequence[str], catalog: Catalog, recommender: Recommender, n: int = 10
) -> Ranking:
    """The films most like one, but shorter, newer, lighter ... than it.

    Args:
        item: row of the film.
        kind: one of `CRITIQUES`, or several, all of which must hold.
        catalog: the films, those of the recommender.
        recommender: says what is alike, and how well known films are: that is its answer to a
            viewer it knows nothing of.
        n: how many films at most.

    Raises:
        UnknownNameError: no such critique.
        InputError: two critiques exclude each other, the film lacks the fact one starts from, the
            model has no notion of likeness, or `n` is not positive.
    """
    kinds = tuple(dict.fromkeys([kind] if isinstance(kind, str) else kind))
    _check(kinds, n)
    source = catalog.film(item)
    scores = recommender.likeness(item)
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
    """The critique that cannot hold beside one, `None` where any can."""
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
            raise InputError(f"no film is both {each} and {opposite(each)}; ask for one of them")


def _meets(kind: str, item: int, film: Film, recommender: Recommender) -> NDArray[np.bool_]:
    if kind in _CONSTRAINTS:
        fact, asks = _CONSTRAINTS[kind]
        constraints = asks(film)
        if constraints is None:
            raise _not_known(fact, film, kind)
        return constraints.allowed(recommender.catalog)
    if kind in {"lighter", "darker"}:
        if not film.genres:
            raise _not_known("genre", film, kind)
        return (lighter if kind == "lighter" else darker)(recommender.catalog, item)
    known = recommender.model.score(Query())
    meets: NDArray[np.bool_] = (
        known > known[item] if kind == "better-known" else known < known[item]
    )
    return meets


def _not_known(fact: str, film: Film, kind: str) -> InputError:
    return InputError(f"the {fact} of {film.label} is not known, so nothing is {kind} than it")


def _if(fact: object, **condition: int | None) -> Constraints | None:
    return Constraints(**condition) if fact else None  # type: ignore[arg-type]


def _reason(kinds: Sequence[str], source: Film, film: Film) -> Reason:
    differences = [_difference(each, source, film) for each in kinds]
    common = shared(source, film)
    parts = [*differences, f"in common: {common}" if common else ""]
    return Reason("; ".join(filter(None, parts)), (source.id,))


def _difference(kind: str, source: Film, film: Film) -> str:
    """How a film meets a critique: "22 minutes shorter", "from 1998, 3 years newer"."""
    if kind in {"shorter", "longer"}:
        minutes = abs((film.runtime or 0) - (source.runtime or 0))
        return f"{_counted(minutes, 'minute')} {kind}"
    if kind in {"newer", "older"}:
        return f"{_counted(abs((film.year or 0) - (source.year or 0)), 'year')} {kind}"
    if kind == "kids":
        return f"rated {film.certificate}"
    return CRITIQUES[kind]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
